#include "probes/sim/gatt_device.h"

#include <algorithm>
#include <utility>

#include "probes/gatt/refusal.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

const Uuid configuration = Uuid::of(0x2902);
constexpr std::size_t att_header = 3;  // opcode and handle of a notification

// Some may be subscribed to in both ways; notifying comes first.
bool notifies(const GattAttribute& attribute) { return attribute.properties & gatt_flag::notify; }
bool can_send(const GattAttribute& attribute) {
  return attribute.properties & (gatt_flag::notify | gatt_flag::indicate);
}

}  // namespace

GattDevice::GattDevice(const VirtualDevice& device, Values& values, std::uint64_t seed)
    : device_(device),
      spec_(*device.gatt),
      values_(values),
      seed_(seed),
      pairing_(spec_.pairing, seed) {
  lay_out();
  const auto encode = [this](const GattRecords& records, std::uint16_t number, Stamp taken) {
    std::vector<Bytes> frames;
    for (const GattMessage& message : records.sends) {
      const MessageSpec* spec = message.protocol->message(message.id);
      FieldInputs numbered;
      if (!records.sequence.empty()) numbered[records.sequence] = static_cast<double>(number);
      const Bytes value = value_of(message, taken, numbered);
      frames.push_back(
          event(EventKind::notification, spec->gatt->attribute.characteristic, 0, value));
    }
    return frames;
  };
  stores_.reserve(spec_.records.size());
  for (const GattRecords& records : spec_.records)
    stores_.emplace_back(records, device.behaviour, encode);
}

void GattDevice::lay_out() {
  std::uint16_t handle = 0;
  database_.mtu = spec_.mtu;
  for (const Uuid& uuid : spec_.services) {
    GattDatabase::Service service{uuid, ++handle, true, {}};
    for (const GattAttribute& one : spec_.characteristics) {
      if (one.service != uuid) continue;
      ++handle;  // its declaration
      GattDatabase::Characteristic told;
      told.uuid = one.uuid;
      told.properties = one.properties;
      told.handle = ++handle;
      const std::size_t value = attributes_.size();
      attributes_.push_back({told.handle, &one, nullptr, 0, false, false, {}});
      if (can_send(one) && !device_.behaviour.gatt.no_configuration) {
        told.descriptors.push_back({configuration, ++handle});
        attributes_[value].configured = handle;
        attributes_.push_back({handle, &one, nullptr, told.handle, true, false, {}});
      }
      for (const auto& [descriptor, what] : one.descriptors) {
        told.descriptors.push_back({descriptor, ++handle});
        attributes_.push_back({handle, &one, &what, 0, false, false, {}});
      }
      service.characteristics.push_back(std::move(told));
    }
    database_.services.push_back(std::move(service));
  }
}

void GattDevice::power_on(Stamp now) {
  powered_ = now;
  link_down();
  for (GattRecordStore& store : stores_) store.power_on(now);
}

void GattDevice::link_down() {
  for (Served& one : attributes_) one.subscribed = false;
  if (device_.behaviour.gatt.forgets_bonds) pairing_.forget();
  pairing_.link_down();
  for (GattRecordStore& store : stores_) store.link_down();
}

const GattDevice::Served* GattDevice::served(std::uint16_t handle) const {
  const auto found = std::ranges::find(attributes_, handle, &Served::handle);
  return found == attributes_.end() ? nullptr : &*found;
}

GattDevice::Served* GattDevice::served(std::uint16_t handle) {
  return const_cast<Served*>(std::as_const(*this).served(handle));
}

const GattDevice::Served* GattDevice::value_served(const Uuid& characteristic) const {
  const auto found = std::ranges::find_if(attributes_, [&](const Served& one) {
    return !one.is_configuration && !one.descriptor && one.spec->uuid == characteristic;
  });
  return found == attributes_.end() ? nullptr : &*found;
}

const Uuid* GattDevice::characteristic_of(std::uint16_t handle) const {
  const Served* one = served(handle);
  return one && !one->is_configuration && !one->descriptor ? &one->spec->uuid : nullptr;
}

bool GattDevice::is_subscribed(const Uuid& characteristic) const {
  const Served* one = value_served(characteristic);
  return one && one->subscribed;
}

GattRecordStore* GattDevice::store_at(std::uint16_t handle) {
  const Served* one = served(handle);
  if (!one || one->spec->uuid != Uuid::of(0x2A52)) return nullptr;
  const auto found = std::ranges::find(stores_, one->spec->service, &GattRecordStore::service);
  return found == stores_.end() ? nullptr : &*found;
}

std::uint8_t GattDevice::denied(GattNeed need, bool open) const {
  if (need == GattNeed::none || open) return 0;
  const GattSecurity& link = pairing_.security();
  if (link.level < 2)
    return pairing_.bond() ? att_error::insufficient_encryption
                           : att_error::insufficient_authentication;
  if (need == GattNeed::authenticate && link.level < 3)
    return att_error::insufficient_authentication;
  return link.key_size < spec_.least_key ? att_error::insufficient_key_size : std::uint8_t{0};
}

GattAnswer GattDevice::read(std::uint16_t handle, Stamp now) {
  const Served* one = served(handle);
  if (!one) return {false, att_error::invalid_handle, {}};
  if (one->is_configuration) {
    const std::uint8_t bits = notifies(*one->spec) ? 1 : 2;
    const Served* value = served(one->configured);
    return {false, 0, {value->subscribed ? bits : std::uint8_t{0}, 0}};
  }
  if (one->descriptor) return {false, 0, content(*one->descriptor, now)};
  if (!(one->spec->properties & gatt_flag::read)) return {false, att_error::read_not_permitted, {}};
  if (const auto att = denied(one->spec->read, device_.behaviour.gatt.open_reads))
    return {false, att, {}};
  if (one->written && one->spec->content.kind != GattContent::Kind::message)
    return {false, 0, *one->written};
  return {false, 0, content(one->spec->content, now)};
}

GattAnswer GattDevice::write(std::uint16_t handle, ByteView octets, Stamp) {
  Served* one = served(handle);
  if (!one) return {false, att_error::invalid_handle, {}};
  constexpr unsigned writable =
      gatt_flag::write | gatt_flag::write_without_response | gatt_flag::authenticated_signed_writes;
  if (one->is_configuration || one->descriptor || !(one->spec->properties & writable))
    return {false, att_error::write_not_permitted, {}};
  if (const auto att = denied(one->spec->write, device_.behaviour.gatt.open_writes))
    return {false, att, {}};
  const bool fits = octets.size() >= one->spec->least && octets.size() <= one->spec->most;
  if (!fits && !device_.behaviour.gatt.any_length) return {false, att_error::invalid_length, {}};
  one->written.emplace(octets.begin(), octets.end());
  return {};
}

GattAnswer GattDevice::subscribe(std::uint16_t handle, bool on) {
  Served* one = served(handle);
  if (!one) return {false, att_error::invalid_handle, {}};
  if (one->is_configuration) one = served(one->configured);
  if (!one->configured) return {false, att_error::request_not_supported, {}};
  if (const auto att = denied(one->spec->read, device_.behaviour.gatt.open_reads))
    return {false, att, {}};
  const GattBehaviour& behaviour = device_.behaviour.gatt;
  if (on ? !behaviour.ignores_configuration : !behaviour.never_stops) one->subscribed = on;
  return {};
}

void GattDevice::subscribe_to_all() {
  for (Served& one : attributes_)
    one.subscribed = one.configured != 0 && !device_.behaviour.gatt.ignores_configuration;
}

Bytes GattDevice::value_of(const GattMessage& message, Stamp now, const FieldInputs& fixed) {
  FieldInputs inputs = fixed;
  for (const auto& [name, operand] : message.fields) {
    FieldInput input = operand.number;
    if (operand.kind == Operand::Kind::text) input = operand.text;
    if (operand.kind == Operand::Kind::value) values_.read(values_.find(operand.text), now, input);
    inputs.insert_or_assign(name, std::move(input));
  }
  auto frame = message.protocol->encode(message.id, inputs);
  if (frame) return {frame->begin() + GattEvent::header, frame->end()};
  if (!trouble_)
    trouble_ = fail(frame.error().code, Blame::profile,
                    cat("virtual device ", device_.name, " cannot tell ", message.id, ": ",
                        frame.error().message))
                   .value();
  return {};
}

Bytes GattDevice::content(const GattContent& what, Stamp now) {
  switch (what.kind) {
    case GattContent::Kind::octets:
      return what.octets;
    case GattContent::Kind::text: {
      const std::string text = values_.fill_in(what.text, now);
      const ByteView octets = as_bytes(text);
      return {octets.begin(), octets.end()};
    }
    case GattContent::Kind::message:
      return value_of(what.message, now);
    case GattContent::Kind::written:
      break;
  }
  return {};
}

Bytes GattDevice::event(EventKind kind, const Uuid& uuid, std::uint16_t handle,
                        ByteView value) const {
  GattEvent one;
  one.kind = kind;
  one.source = EventSource::simulated;
  one.handle = handle;
  one.uuid = uuid;
  one.value = value;
  Bytes octets;
  octets.reserve(GattEvent::header + value.size());
  one.append_to(octets);
  return octets;
}

bool GattDevice::is_heard(std::string_view message, bool connected) const {
  if (!device_.protocol) return false;
  const auto called = [&](const Uuid& characteristic) {
    const Served* one = value_served(characteristic);
    return connected && one && (one->subscribed || device_.behaviour.gatt.uncalled);
  };
  if (const auto& pipe = device_.protocol->framing().pipe)
    return called(pipe->notify.characteristic);
  const MessageSpec* spec = device_.protocol->message(message);
  if (!spec || !spec->gatt) return false;
  if (spec->gatt->advertised()) return scanning_ && !connected;
  return called(spec->gatt->attribute.characteristic);
}

std::vector<Bytes> GattDevice::outgoing(ByteView frame, bool connected, Stamp now) const {
  const std::size_t room = static_cast<std::size_t>(spec_.mtu) - att_header;
  const auto& pipe = device_.protocol ? device_.protocol->framing().pipe : std::nullopt;
  std::vector<Bytes> events;
  const auto send = [&](const Uuid& uuid, ByteView value) {
    const Served* one = value_served(uuid);
    const bool called = one && (one->subscribed || device_.behaviour.gatt.uncalled);
    if (!connected || !called) return;
    const bool notified = notifies(*one->spec) != device_.behaviour.gatt.swaps_methods;
    events.push_back(event(notified ? EventKind::notification : EventKind::indication, uuid,
                           one->handle, value.first(std::min(room, value.size()))));
  };
  if (pipe) {
    for (std::size_t at = 0; at < frame.size(); at += room)
      send(pipe->notify.characteristic, frame.subspan(at, std::min(room, frame.size() - at)));
    return events;
  }
  GattEvent told;
  if (!GattEvent::parse(frame, told)) return events;
  if (told.is_value()) {
    send(told.uuid, told.value);
  } else if (scanning_ && !connected) {
    told.handle = static_cast<std::uint8_t>(rssi(now));
    events.push_back(event(told.kind, told.uuid, told.handle, told.value));
  }
  return events;
}

}  // namespace carebench::sim
