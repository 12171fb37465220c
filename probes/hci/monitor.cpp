#include "probes/hci/monitor.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench::hci {
namespace {

// hci_mon opcodes (Linux, include/net/bluetooth/hci_mon.h).
constexpr std::uint16_t event_packet = 3, acl_sent = 4, acl_received = 5;
constexpr std::uint16_t att_channel = 0x0004, smp_channel = 0x0006;
constexpr std::size_t most_connections = 32, most_l2cap = 4 + 65535;

std::uint16_t le16(ByteView octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] | octets[at + 1] << 8);
}

std::uint16_t be16(ByteView octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

DeviceAddress address_at(ByteView octets, std::size_t at) {
  DeviceAddress address;
  for (std::size_t i = 0; i < 6; ++i) address[i] = octets[at + 5 - i];
  return address;
}

void take_authentication(PairingFeatures& features, std::uint8_t request) {
  features.bonding = (request & 0x03) == 1;
  features.mitm = request & 0x04;
  features.secure_connections = request & 0x08;
}

}  // namespace

std::string to_text(const DeviceAddress& address) {
  std::string text = to_spaced_hex(address);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return c == ' ' ? ':' : static_cast<char>(std::toupper(c));
  });
  return text;
}

int values_sent(ByteView att) {
  constexpr std::uint8_t notification = 0x1B, indication = 0x1D, notifications = 0x23;
  if (att.empty()) return 0;
  if (att[0] == notification || att[0] == indication) return 1;
  if (att[0] != notifications) return 0;
  int values = 0;  // each is a handle, a length and as many octets
  for (std::size_t at = 1; at + 4 <= att.size(); ++values) {
    at += 4u + le16(att, at + 2);
    if (at > att.size()) break;
  }
  return values;
}

std::string_view pairing_method(const PairingFeatures& initiator,
                                const PairingFeatures& responder) {
  const bool secure = initiator.secure_connections && responder.secure_connections;
  if (secure ? initiator.oob || responder.oob : initiator.oob && responder.oob)
    return "out of band";
  if (!initiator.mitm && !responder.mitm) return "just works";
  // Rows: responder, columns: initiator; DisplayOnly, DisplayYesNo, KeyboardOnly, NoInputNoOutput,
  // KeyboardDisplay. j just works, p passkey entry, n numeric comparison.
  static constexpr std::string_view with_secure[] = {"jjpjp", "jnpjn", "pppjp", "jjjjj", "pnpjn"};
  static constexpr std::string_view legacy[] = {"jjpjp", "jjpjp", "pppjp", "jjjjj", "pppjp"};
  const std::size_t row = responder.io_capability, column = initiator.io_capability;
  if (row > 4 || column > 4) return "just works";
  const char how = (secure ? with_secure : legacy)[row][column];
  return how == 'p' ? "passkey entry" : how == 'n' ? "numeric comparison" : "just works";
}

int key_size(const PairingFeatures& initiator, const PairingFeatures& responder) {
  return std::min(initiator.max_key_size, responder.max_key_size);
}

void MonitorReader::feed(ByteView packet) {
  events_.clear();
  if (packet.size() < 4) {
    ++malformed_;
    return;
  }
  const std::uint16_t adapter = be16(packet, 0), opcode = be16(packet, 2);
  const ByteView rest = packet.subspan(4);
  if (opcode == event_packet) return take_event(adapter, rest);
  if (opcode == acl_sent || opcode == acl_received)
    return take_acl(adapter, opcode == acl_sent, rest);
}

bool MonitorReader::next(Event& event) {
  if (events_.empty()) return false;
  event = events_.front();
  events_.pop_front();
  return true;
}

MonitorReader::Connection& MonitorReader::connection(std::uint16_t adapter, std::uint16_t handle) {
  const auto found =
      std::find_if(connections_.begin(), connections_.end(),
                   [&](const Connection& c) { return c.adapter == adapter && c.handle == handle; });
  if (found != connections_.end()) return *found;
  if (connections_.size() == most_connections) connections_.erase(connections_.begin());
  connections_.push_back({adapter, handle, {}, 0, {}});
  return connections_.back();
}

Event& MonitorReader::add(Event::Kind kind, const Connection& connection) {
  Event event;
  event.kind = kind;
  event.adapter = connection.adapter;
  event.handle = connection.handle;
  event.address = connection.address;
  event.address_type = connection.address_type;
  events_.push_back(event);
  return events_.back();
}

void MonitorReader::take_event(std::uint16_t adapter, ByteView packet) {
  if (packet.size() < 2 || packet.size() < 2u + packet[1]) {
    ++malformed_;
    return;
  }
  const ByteView parameters = packet.subspan(2, packet[1]);
  constexpr std::uint8_t disconnection_complete = 0x05, encryption_change = 0x08, le_meta = 0x3E;
  switch (packet[0]) {
    case disconnection_complete: {
      if (parameters.size() < 4 || parameters[0] != 0) return;
      const std::uint16_t handle = le16(parameters, 1);
      add(Event::Kind::disconnected, connection(adapter, handle)).status = parameters[3];
      std::erase_if(connections_, [&](const Connection& c) {
        return c.adapter == adapter && c.handle == handle;
      });
      return;
    }
    case encryption_change: {
      if (parameters.size() < 4) return;
      Event& event = add(Event::Kind::encryption, connection(adapter, le16(parameters, 1)));
      event.status = parameters[0];
      event.encrypted = parameters[0] == 0 && parameters[3] != 0;
      return;
    }
    case le_meta:
      return take_le_event(adapter, parameters);
    default:
      return;
  }
}

void MonitorReader::take_le_event(std::uint16_t adapter, ByteView parameters) {
  if (parameters.empty()) return;
  constexpr std::uint8_t connection_complete = 0x01, advertising_report = 0x02,
                         enhanced_connection_complete = 0x0A, extended_report = 0x0D;
  const std::uint8_t subevent = parameters[0];
  const ByteView rest = parameters.subspan(1);
  if (subevent == advertising_report || subevent == extended_report)
    return take_reports(adapter, rest, subevent == extended_report);
  if (subevent != connection_complete && subevent != enhanced_connection_complete) return;
  if (rest.size() < 11 || rest[0] != 0) return;
  const std::uint16_t handle = le16(rest, 1);
  std::erase_if(connections_, [&](const Connection& c) {
    return c.adapter == adapter && c.handle == handle;  // its end was not seen
  });
  Connection& connected = connection(adapter, handle);
  connected.address_type = rest[4] & 1;
  connected.address = address_at(rest, 5);
  add(Event::Kind::connected, connected);
}

void MonitorReader::take_reports(std::uint16_t adapter, ByteView reports, bool extended) {
  if (reports.empty()) return;
  const int number = reports[0];
  const std::size_t head = extended ? 24 : 9;
  ByteView rest = reports.subspan(1);
  for (int i = 0; i < number; ++i) {
    if (rest.size() < head) break;
    const std::size_t length = rest[head - 1];
    const std::size_t whole = head + length + (extended ? 0 : 1);
    if (rest.size() < whole) break;
    Event event;
    event.kind = Event::Kind::advertising;
    event.adapter = adapter;
    event.status = rest[0];
    event.address_type = rest[extended ? 2 : 1] & 1;
    event.address = address_at(rest, extended ? 3 : 2);
    event.octets = rest.subspan(head, length);
    event.rssi = static_cast<std::int8_t>(extended ? rest[13] : rest[head + length]);
    events_.push_back(event);
    rest = rest.subspan(whole);
  }
  if (static_cast<int>(events_.size()) != number) ++malformed_;
}

void MonitorReader::take_acl(std::uint16_t adapter, bool sent, ByteView packet) {
  if (packet.size() < 4 || packet.size() < 4u + le16(packet, 2)) {
    ++malformed_;
    return;
  }
  const std::uint16_t handle = le16(packet, 0) & 0x0FFF;
  const bool continues = (le16(packet, 0) >> 12 & 3) == 1;
  const ByteView data = packet.subspan(4, le16(packet, 2));
  Connection& of = connection(adapter, handle);
  Bytes& partial = of.partial[sent ? 1 : 0];
  if (!continues) partial.clear();
  if (continues && partial.empty()) return;  // its beginning was not seen
  partial.insert(partial.end(), data.begin(), data.end());
  if (partial.size() < 4) return;
  const std::size_t wanted = 4u + le16(partial, 0);
  if (partial.size() < wanted) return;
  if (partial.size() > wanted || wanted > most_l2cap) ++malformed_;
  whole_.assign(partial.begin(), partial.begin() + static_cast<std::ptrdiff_t>(wanted));
  partial.clear();
  take_l2cap(of, sent, whole_);
}

void MonitorReader::take_l2cap(Connection& of, bool sent, ByteView frame) {
  const std::uint16_t channel = le16(frame, 2);
  const ByteView pdu = frame.subspan(4);
  if (pdu.empty()) return;
  if (channel == smp_channel) return take_smp(of, sent, pdu);
  if (channel != att_channel) return;
  Event& event = add(Event::Kind::att, of);
  event.sent = sent;
  event.octets = pdu;
}

void MonitorReader::take_smp(Connection& of, bool sent, ByteView pdu) {
  constexpr std::uint8_t request = 0x01, response = 0x02, failed = 0x05, security_request = 0x0B;
  const std::uint8_t code = pdu[0];
  const std::size_t least = code == request || code == response ? 7 : 2;
  if (pdu.size() < least) {
    ++malformed_;
    return;
  }
  if (code == request || code == response) {
    Event& event =
        add(code == request ? Event::Kind::pairing_request : Event::Kind::pairing_response, of);
    event.sent = sent;
    event.features.io_capability = pdu[1];
    event.features.oob = pdu[2] == 1;
    take_authentication(event.features, pdu[3]);
    event.features.max_key_size = pdu[4];
  } else if (code == failed) {
    Event& event = add(Event::Kind::pairing_failed, of);
    event.sent = sent;
    event.status = pdu[1];
  } else if (code == security_request) {
    Event& event = add(Event::Kind::security_request, of);
    event.sent = sent;
    take_authentication(event.features, pdu[1]);
  }
}

}  // namespace carebench::hci
