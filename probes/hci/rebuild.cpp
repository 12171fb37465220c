#include "probes/hci/rebuild.h"

#include <algorithm>
#include <map>

#include "probes/gatt/event.h"
#include "standards/vocab/text.h"

namespace carebench::hci {
namespace {

using pcapng::Direction;

constexpr std::string_view says_rebuilt =
    "rebuilt by carebench from GATT values; no packet of this file was captured";

void put16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}

void put_uuid(Bytes& out, const Uuid& uuid) {
  if (const auto assigned = uuid.assigned()) return put16(out, *assigned);
  out.insert(out.end(), uuid.octets.rbegin(), uuid.octets.rend());
}

// One device of the run, as one connection.
class Conversation {
 public:
  Conversation(Bytes& out, std::size_t number, const Facts& facts, Exported& exported)
      : out_(out), handle_(0x0040 + number), exported_(exported) {
    const auto address = from_hex(facts.details["address"].string());
    if (address && address->size() == 6)
      std::copy(address->rbegin(), address->rend(), address_.begin());
    random_ = facts.details["address_type"].string() == "random";
  }

  void event(std::int64_t at, const GattEvent& event) {
    const bool indication = event.kind == EventKind::indication;
    if (!indication && event.kind != EventKind::notification && event.kind != EventKind::value)
      return;
    const std::uint16_t attribute = attribute_of(at, event.uuid, event.handle);
    value_pdu(at, Direction::inbound, indication ? 0x1D : 0x1B, attribute, event.value);
    if (indication) pdu(at, Direction::outbound, {0x1E});
  }

  void read(std::int64_t at, const Uuid& uuid, ByteView value) {
    value_pdu(at, Direction::outbound, 0x0A, attribute_of(at, uuid, 0), {});
    Bytes response{0x0B};
    response.insert(response.end(), value.begin(), value.end());
    pdu(at, Direction::inbound, response);
  }

  void written(std::int64_t at, const Uuid& uuid, ByteView value, bool command) {
    const std::uint16_t attribute = attribute_of(at, uuid, 0);
    value_pdu(at, Direction::outbound, command ? 0x52 : 0x12, attribute, value);
    if (!command) pdu(at, Direction::inbound, {0x13});
  }

 private:
  void packet(std::int64_t at, Direction direction, std::uint8_t type, ByteView body) {
    const std::uint8_t header[5] = {
        0, 0, 0, static_cast<std::uint8_t>(direction == Direction::inbound), type};
    pcapng::append_packet(out_, 0, at, ++exported_.packets, direction, header, body);
  }

  void pdu(std::int64_t at, Direction direction, const Bytes& att) {
    connect(at);
    Bytes acl;
    put16(acl, handle_ | (direction == Direction::inbound ? 0x2000u : 0u));
    put16(acl, att.size() + 4);
    put16(acl, att.size());
    put16(acl, 0x0004);
    acl.insert(acl.end(), att.begin(), att.end());
    packet(at, direction, 0x02, acl);
  }

  void value_pdu(std::int64_t at, Direction direction, std::uint8_t opcode, std::uint16_t attribute,
                 ByteView value) {
    Bytes att{opcode};
    put16(att, attribute);
    att.insert(att.end(), value.begin(), value.end());
    pdu(at, direction, att);
  }

  void connect(std::int64_t at) {
    if (std::exchange(connected_, true)) return;
    Bytes event{0x3E, 19, 0x01, 0x00};
    put16(event, handle_);
    event.push_back(0);
    event.push_back(random_ ? 1 : 0);
    event.insert(event.end(), address_.begin(), address_.end());
    for (const std::size_t value : {24, 0, 42}) put16(event, value);
    event.push_back(0);
    packet(at, Direction::inbound, 0x04, event);
  }

  // The value handle of a characteristic; the first time, an exchange that tells a dissector which
  // UUID it has (Read By Type, Vol 3, Part F, 3.4.4).
  std::uint16_t attribute_of(std::int64_t at, const Uuid& uuid, std::uint16_t known) {
    const auto found = handles_.find(uuid);
    if (found != handles_.end()) return found->second;
    const std::uint16_t handle =
        known ? known : static_cast<std::uint16_t>(0x8000 + 2 * handles_.size());
    handles_.emplace(uuid, handle);
    Bytes request{0x08};
    put16(request, handle - 1u);
    put16(request, handle);
    put16(request, 0x2803);
    pdu(at, Direction::outbound, request);
    Bytes declaration;
    put16(declaration, handle - 1u);
    declaration.push_back(0x3A);  // read, write, notify, indicate: what it takes is not known
    put16(declaration, handle);
    put_uuid(declaration, uuid);
    Bytes response{0x09, static_cast<std::uint8_t>(declaration.size())};
    response.insert(response.end(), declaration.begin(), declaration.end());
    pdu(at, Direction::inbound, response);
    return handle;
  }

  Bytes& out_;
  const std::size_t handle_;
  Exported& exported_;
  std::array<std::uint8_t, 6> address_{};
  bool random_ = false, connected_ = false;
  std::map<Uuid, std::uint16_t> handles_;
};

// What the packets of the evidence say, told to the conversations.
class Rebuilder {
 public:
  Rebuilder(const Evidence& evidence, Bytes& out, Exported& exported) : evidence_(evidence) {
    const auto& layout = evidence.layout();
    for (std::size_t i = 0; i < layout.channels.size(); ++i) {
      const auto& facts = evidence.opens()[i].facts;
      const bool gatt = facts && std::find(facts->supports.begin(), facts->supports.end(),
                                           OpKind::subscribe) != facts->supports.end();
      if (gatt) conversations_.try_emplace(i, out, i, *facts, exported);
    }
  }
  bool empty() const { return conversations_.empty(); }

  void take(const pcapng::Block& block) {
    const auto& layout = evidence_.layout();
    const ByteView payload = pcapng::payload(pcapng::LinkType::wireshark_upper_pdu, block.data);
    if (block.interface_id >= layout.octets(0)) {
      const std::size_t channel = (block.interface_id - layout.octets(0)) / 2;
      const auto of = conversations_.find(channel);
      GattEvent event;
      if (of != conversations_.end() && block.interface_id == layout.octets(channel) &&
          GattEvent::parse(payload, event))
        of->second.event(block.unix_ns, event);
      return;
    }
    if (block.interface_id == EvidenceLayout::run) return;
    const auto json = parse_json(as_text(payload), "evidence");
    if (json) take_control(*json, block);
  }

 private:
  void take_control(const Json& json, const pcapng::Block& block) {
    if (json.has("op")) {
      asked_[block.interface_id] = json;
      return;
    }
    const auto asked = asked_.find(block.interface_id);
    if (!json.has("outcome") || asked == asked_.end() || json["outcome"].string() != "done") return;
    const Json request = asked->second;
    asked_.erase(asked);
    const auto op = op_from(request);
    const auto of = conversations_.find(static_cast<std::size_t>(request["channel"].integer()));
    if (!op || of == conversations_.end()) return;
    if (const auto* read = std::get_if<ReadValue>(&*op)) {
      const auto path = AttributePath::parse(read->attribute);
      const auto value = from_hex(json["octets"].string());
      if (path && !path->descriptor && value)
        of->second.read(block.unix_ns, path->characteristic, *value);
    } else if (const auto* write = std::get_if<WriteValue>(&*op)) {
      const auto path = AttributePath::parse(write->attribute);
      if (path && !path->descriptor)
        of->second.written(block.unix_ns, path->characteristic, write->octets,
                           write->mode == WriteValue::Mode::command);
    }
  }

  const Evidence& evidence_;
  std::map<std::size_t, Conversation> conversations_;
  std::map<std::uint32_t, Json> asked_;  // by interface
};

// Of the kernel: packets of a virtual tap nobody captured.
bool is_tap(const Evidence& evidence, std::size_t channel) {
  const auto& facts = evidence.opens()[channel].facts;
  return evidence.layout().channels[channel].octets == OctetKind::hci &&
         (!facts || facts->transport != "sim");
}

void copy_taps(const Evidence& evidence, Bytes& out, Exported& exported) {
  const auto& layout = evidence.layout();
  pcapng::Reader reader(evidence.file().first(evidence.whole_bytes()));
  for (pcapng::Block block; reader.next(block);) {
    if (block.kind != pcapng::Block::Kind::packet || block.interface_id < layout.octets(0))
      continue;
    const std::size_t channel = (block.interface_id - layout.octets(0)) / 2;
    if (channel >= layout.channels.size() || block.interface_id != layout.octets(channel) ||
        !is_tap(evidence, channel))
      continue;
    pcapng::append_packet(out, 0, block.unix_ns, ++exported.packets, Direction::unknown, {},
                          block.data);
  }
}

}  // namespace

Result<Exported> export_hci(const Evidence& evidence, Bytes& out) {
  Exported exported;
  for (std::size_t i = 0; i < evidence.layout().channels.size(); ++i)
    exported.captured = exported.captured || is_tap(evidence, i);
  if (!exported.captured) {
    Rebuilder rebuilder(evidence, out, exported);
    if (rebuilder.empty())
      return fail(Errc::not_found, Blame::bench,
                  "this run reached no Bluetooth device: there is no HCI to export");
    pcapng::append_section_header(out, cat("carebench: ", says_rebuilt));
    pcapng::append_interface(out, pcapng::LinkType::bluetooth_h4, "rebuilt", says_rebuilt);
    pcapng::Reader reader(evidence.file().first(evidence.whole_bytes()));
    for (pcapng::Block block; reader.next(block);)
      if (block.kind == pcapng::Block::Kind::packet) rebuilder.take(block);
    return exported;
  }
  pcapng::append_section_header(out, "carebench");
  pcapng::append_interface(out, pcapng::LinkType::bluetooth_monitor, "tap",
                           "packets of the kernel's HCI monitor channel, as captured");
  copy_taps(evidence, out, exported);
  return exported;
}

}  // namespace carebench::hci
