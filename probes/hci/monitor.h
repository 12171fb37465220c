// What the kernel's HCI monitor channel shows of a connection: who connected, what was encrypted
// and how it was paired, which ATT PDUs passed and what was advertised (Bluetooth Core 5.3, Vol 4,
// Part E; Vol 3, Parts A, F, H). Pure: packets in, events out. A packet is what the evidence holds
// of the channel: adapter and opcode, two octets each, big-endian, then the HCI packet.
//
// Everything in it comes from outside: lengths are checked, connections and unfinished L2CAP frames
// are bounded, what does not fit is counted and skipped.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "standards/vocab/bytes.h"

namespace carebench::hci {

using DeviceAddress = std::array<std::uint8_t, 6>;  // as printed, most significant octet first
std::string to_text(const DeviceAddress& address);  // "AA:BB:CC:DD:EE:FF"

// SMP Pairing Request and Response (Vol 3, Part H, 3.5.1 and 3.5.2).
struct PairingFeatures {
  std::uint8_t io_capability = 0;  // 0 DisplayOnly … 4 KeyboardDisplay
  bool oob = false, bonding = false, mitm = false, secure_connections = false;
  std::uint8_t max_key_size = 0;  // octets, 7 … 16
};
// What both together make of it (Vol 3, Part H, 2.3.5.1): "just works", "passkey entry", "numeric
// comparison" or "out of band".
std::string_view pairing_method(const PairingFeatures& initiator, const PairingFeatures& responder);
// The smaller of both maxima.
int key_size(const PairingFeatures& initiator, const PairingFeatures& responder);

// How many values a device sent on its own in an ATT PDU: a notification, an indication, or several
// notifications at once (Core 5.2, Vol 3, Part F, 3.4.7.4).
int values_sent(ByteView att);

struct Event {
  enum class Kind : std::uint8_t {
    connected,         // address, address_type
    disconnected,      // status: the reason
    encryption,        // status, encrypted
    security_request,  // the peripheral wants to be paired: features (capability and key size 0)
    pairing_request,   // features
    pairing_response,  // features
    pairing_failed,    // status: the reason
    att,               // octets: one ATT PDU
    advertising,       // octets: AD structures as they came; address, rssi, status: event type
  };
  Kind kind = Kind::att;
  std::uint16_t adapter = 0, handle = 0;
  bool sent = false;                          // by the bench
  std::uint8_t status = 0, address_type = 0;  // 0 public, 1 random
  DeviceAddress address{};  // of the peer; att, encryption, …: of its connection, or all zero
  std::int8_t rssi = 127;   // dBm; 127: not told
  bool encrypted = false;
  PairingFeatures features;
  ByteView octets;  // holds until the next feed()
};

class MonitorReader {
 public:
  void feed(ByteView packet);
  bool next(Event& event);
  std::uint64_t malformed() const { return malformed_; }

 private:
  struct Connection {
    std::uint16_t adapter = 0, handle = 0;
    DeviceAddress address{};
    std::uint8_t address_type = 0;
    Bytes partial[2];  // L2CAP frames not whole yet: received, sent
  };
  void take_event(std::uint16_t adapter, ByteView packet);
  void take_le_event(std::uint16_t adapter, ByteView parameters);
  void take_reports(std::uint16_t adapter, ByteView reports, bool extended);
  void take_acl(std::uint16_t adapter, bool sent, ByteView packet);
  void take_l2cap(Connection& connection, bool sent, ByteView frame);
  void take_smp(Connection& connection, bool sent, ByteView pdu);
  Connection& connection(std::uint16_t adapter, std::uint16_t handle);
  Event& add(Event::Kind kind, const Connection& connection);

  std::vector<Connection> connections_;
  std::deque<Event> events_;
  Bytes whole_;  // the L2CAP frame that the last packet completed
  std::uint64_t malformed_ = 0;
};

}  // namespace carebench::hci
