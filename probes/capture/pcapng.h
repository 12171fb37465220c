// pcapng (IETF draft-ietf-opsawg-pcapng), the subset the evidence needs: section header, interface
// descriptions, enhanced packets with flags and packet id. Little-endian writing; the reader takes
// both byte orders, bounds every length, and stops at the last whole block.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/bytes.h"
#include "standards/vocab/error.h"
#include "standards/vocab/time.h"

namespace carebench::pcapng {

enum class LinkType : std::uint16_t {
  rtac_serial = 250,          // serial octets behind a 12-octet header
  wireshark_upper_pdu = 252,  // tagged payload that names its dissector
  bluetooth_h4 = 201,         // direction (4 octets, big-endian), packet type, HCI; exports only
  bluetooth_monitor = 254,    // HCI behind adapter (2 octets) and opcode (2), both big-endian
};

enum class Direction : std::uint8_t { unknown = 0, inbound = 1, outbound = 2 };

// Block builders: append one whole block to `out`.
void append_section_header(Bytes& out, std::string_view application);
void append_interface(Bytes& out, LinkType type, std::string_view name,
                      std::string_view description);
// `unix_ns`: nanoseconds since 1970-01-01. The payload is header + body, so that a serial packet's
// 12-octet header needs no copy of the octets.
void append_packet(Bytes& out, std::uint32_t interface_id, std::int64_t unix_ns,
                   std::uint64_t packet_id, Direction direction, ByteView header, ByteView body);

// The 12 octets in front of serial octets (Wireshark's rtacser dissector).
void rtac_header(std::uint8_t (&out)[12], std::int64_t unix_ns, Direction direction);
// Tags in front of a PDU: names the dissector ("json", "data"), then end-of-options.
Bytes upper_pdu_header(std::string_view dissector);

struct Interface {
  LinkType type;
  std::string name;
  std::int64_t ticks_per_second = 1'000'000;
};

// One block as read. Views point into the reader's memory.
struct Block {
  enum class Kind { section, interface, packet, other } kind = Kind::other;
  std::uint64_t offset = 0;  // of the block in the file
  std::uint64_t size = 0;
  std::uint32_t interface_id = 0;  // of a packet; counts from 0 in each section
  std::int64_t unix_ns = 0;
  std::uint64_t packet_id = 0;  // 0 when absent
  Direction direction = Direction::unknown;
  ByteView data;  // of a packet, with its link-type header
};

// Walks the blocks of a file in memory. No allocation per packet.
class Reader {
 public:
  explicit Reader(ByteView file) : file_(file) {}
  // False at the end or at the first block that is not whole; then torn() says how many octets are
  // left over, and error() why a whole-looking block was refused ("" for a plain end or a torn
  // one).
  bool next(Block& block);
  std::uint64_t position() const { return position_; }
  std::uint64_t torn() const { return file_.size() - position_; }
  const std::string& error() const { return error_; }
  const std::vector<Interface>& interfaces() const { return interfaces_; }  // of this section
  std::uint32_t section() const { return section_; }  // 0-based, valid after the first block
  // Continue from a known block of a known section (interface ids are the caller's business).
  void seek(std::uint64_t offset) { position_ = offset; }

 private:
  bool read_packet(ByteView body, Block& block);
  bool refuse(std::string why);
  ByteView file_;
  std::uint64_t position_ = 0;
  std::uint32_t section_ = 0;
  bool any_section_ = false;
  bool swapped_ = false;
  std::vector<Interface> interfaces_;
  std::string error_;
};

// The serial octets or the PDU of a packet, its header taken off; empty view when malformed. A
// monitor packet is given whole: adapter and opcode belong to what it says.
ByteView payload(LinkType type, ByteView data);
// The dissector a PDU names, or "".
std::string_view dissector(ByteView data);

}  // namespace carebench::pcapng
