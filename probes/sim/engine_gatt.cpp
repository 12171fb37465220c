// Engine: the requests of a GATT peer, and events on their way out.
#include "probes/gatt/characteristic.h"
#include "probes/gatt/refusal.h"
#include "probes/sim/engine.h"

namespace carebench::sim {

namespace {

constexpr std::uint16_t current_time = 0x2A2B;

}  // namespace

bool Engine::deaf(Stamp now) const { return hung_ || unplugged_ || now < listens_from_; }

GattAnswer Engine::read_attribute(Stamp now, std::uint16_t handle) {
  advance(now);
  if (deaf(now) || !connected_) return {true, 0, {}};
  GattAnswer answer = gatt_->read(handle, now);
  if (auto trouble = gatt_->take_trouble(); trouble && !trouble_) trouble_ = trouble;
  return answer;
}

GattAnswer Engine::write_attribute(Stamp now, std::uint16_t handle, ByteView octets) {
  advance(now);
  if (deaf(now) || !connected_) return {true, 0, {}};
  received_octets_ += octets.size();
  GattAnswer answer = gatt_->write(handle, octets, now);
  if (answer.att == att_error::invalid_length) malformed(now);
  if (answer.att) {
    if (deaf(now) || !connected_) answer = {true, 0, {}};
    plan();
    return answer;
  }
  if (GattRecordStore* store = gatt_->store_at(handle)) {
    answer.att =
        store->request(octets, gatt_->is_subscribed(*gatt_->characteristic_of(handle)), now);
    plan();
    return answer;
  }
  if (*gatt_->characteristic_of(handle) == Uuid::of(current_time)) set_clock(octets, now);
  GattEvent written;
  written.uuid = *gatt_->characteristic_of(handle);
  written.value = octets;
  Bytes frame;
  written.append_to(frame);
  receiver_.feed(now, frame);
  for (Message message; receiver_.next_message(message);) take_message(message, now, now);
  if (receiver_.take_malformed() > 0) malformed(now);
  if (deaf(now) || !connected_) answer = {true, 0, {}};
  plan();
  return answer;
}

// Current Time as it is written sets all calendars of the device.
void Engine::set_clock(ByteView octets, Stamp now) {
  const GattCharacteristic* known = gatt_characteristic(current_time);
  Reading reading;
  if (device_->behaviour.gatt.keeps_time || !known || !read_value(*known, octets, reading)) return;
  for (std::size_t i = 0; i < known->fields.size(); ++i) {
    if (known->fields[i].kind != FieldKind::time ||
        reading.value(i).kind != FieldValue::Kind::number)
      continue;
    for (std::size_t id = 0; id < device_->parts.values.size(); ++id)
      if (values_.spec(id).kind == ValueSpec::Kind::calendar)
        values_.set(id, reading.value(i).number, now);
  }
}

GattAnswer Engine::subscribe_attribute(Stamp now, std::uint16_t handle, bool on) {
  advance(now);
  if (deaf(now) || !connected_) return {true, 0, {}};
  const GattAnswer answer = gatt_->subscribe(handle, on);
  if (on && answer.att == 0) send_stored(now);
  plan();
  return answer;
}

GattPairingPeer::Step Engine::pair(Stamp now, std::string_view bench_capability) {
  advance(now);
  if (deaf(now) || !connected_) return {};
  return gatt_->pairing().pair(bench_capability);
}

GattPairingPeer::Step Engine::pair_reply(Stamp now, bool accept, std::string_view passkey) {
  advance(now);
  if (deaf(now) || !connected_) return {};
  return gatt_->pairing().reply(accept, passkey);
}

bool Engine::encrypt(Stamp now, std::uint64_t bond) {
  advance(now);
  return connected_ && !deaf(now) && gatt_->pairing().encrypt(bond);
}

void Engine::scan(Stamp now, bool on) {
  advance(now);
  gatt_->scan(on, now);
  plan();
}

void Engine::drop(Stamp now, std::string_view how) {
  advance(now);
  end_link(now, how);
  plan();
}

void Engine::transmit_events(Stamp start, std::string_view message, bool answer, ByteView frame) {
  for (const Bytes& event : gatt_->outgoing(frame, connected_, start))
    transmitter_.send(start, message, answer, event);
}

// Advertising, and records that were asked for, as far as they are due.
void Engine::run_gatt(Stamp now) {
  const bool mute = connected_ || now < listens_from_;
  while (gatt_->next_advertising() <= now)
    for (const Bytes& event : gatt_->advertise(mute, gatt_->next_advertising()))
      transmitter_.pass(now, event);
  for (GattRecordStore& store : gatt_->stores())
    while (store.next_due() <= now) {
      const Stamp due = store.next_due();
      const GattRecordStore::Due done = store.take_due(now);
      for (const Bytes& frame : done.frames) transmit(due, "", false, frame);
      if (done.kind != GattRecordStore::Due::Kind::answer) continue;
      GattEvent event;
      event.uuid = Uuid::of(0x2A52);
      event.value = done.answer;
      Bytes frame;
      event.append_to(frame);
      transmit(due, "", true, frame);
    }
  if (auto trouble = gatt_->take_trouble(); trouble && !trouble_) trouble_ = trouble;
}

// By the device, or by the radio.
void Engine::end_link(Stamp now, std::string_view how) {
  if (!connected_) return;
  transmitter_.cut(now);
  close_port(now);
  ended_at_ = now;
  ended_how_ = how;
}

}  // namespace carebench::sim
