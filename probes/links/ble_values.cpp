// What a BLE link does with attributes.
#include <algorithm>

#include "probes/gatt/refusal.h"
#include "probes/gatt/status.h"
#include "probes/links/ble_link.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

using Kind = Outcome::Kind;
using Performed = Link::Performed;

constexpr std::size_t most_octets = 512;  // of a value: Core 5.3, Vol 3, Part F, 3.2.9
constexpr int command_header = 3;         // of an ATT PDU: opcode and handle

EventKind kind_of_values(const GattDatabase::Characteristic& characteristic) {
  const bool notifies = characteristic.has(gatt_flag::notify);
  const bool indicates = characteristic.has(gatt_flag::indicate);
  if (notifies == indicates) return EventKind::value;
  return notifies ? EventKind::notification : EventKind::indication;
}

std::string words_for(EventKind kind) {
  if (kind == EventKind::notification) return "notify";
  return kind == EventKind::indication ? "indicate" : "notify or indicate";
}

}  // namespace

Result<Performed> BleLink::discover(const std::stop_token& stop) {
  if (auto learned = learn(stop); !learned) return tl::unexpected(learned.error());
  return Performed{Kind::done, to_json(attributes_.database).dump()};
}

Result<Performed> BleLink::status(const std::stop_token& stop) {
  const auto objects = stack_->objects(stop);
  if (!objects) return tl::unexpected(objects.error());
  const dbus::Value& known = (*objects)[device_][device_interface];
  GattStatus status;
  status.address = target_.address;
  status.connected = known["Connected"].boolean();
  status.services_resolved = known["ServicesResolved"].boolean();
  status.paired = known["Paired"].boolean();
  status.bonded = known["Bonded"].boolean(status.paired);
  status.address_type = printable(known["AddressType"].text());
  status.name = printable(known["Name"].text());
  status.alias = printable(known["Alias"].text());
  for (const dbus::Value& text : known["UUIDs"].items())
    if (const auto uuid = Uuid::parse(text.text())) status.uuids.push_back(*uuid);
  status.rssi = rssi_of(known["RSSI"]);
  if (status.connected) status.mtu = attributes_of(*objects, device_).database.mtu;
  return Performed{Kind::done, to_json(status).dump()};
}

Result<BleLink::Place> BleLink::place_of(const std::string& attribute,
                                         const std::stop_token& stop) {
  const auto path = AttributePath::parse(attribute);
  if (!path) return tl::unexpected(path.error());
  if (events_.take_changed())
    if (auto learned = learn(stop); !learned) return tl::unexpected(learned.error());
  Place place;
  place.found = attributes_.database.find(*path);
  if (place.found) {
    place.path = attributes_.paths.at(place.found.handle());
    return place;
  }
  for (const Uuid& kept : attributes_.kept_back)
    if (path->service == kept)
      return fail(Errc::unsupported, Blame::bench,
                  cat("bluetoothd keeps service ", kept.text(),
                      " to itself: start it without the plugin that uses the service "
                      "(bluetoothd --noplugin=battery,gap,deviceinfo)"));
  place.none = Performed{Kind::refused, cat(refusal_text(att_error::attribute_not_found),
                                            "; the device has no ", path->text())};
  return place;
}

// A device may refuse because it no longer knows a bond that the bench relies on.
Result<Performed> BleLink::with_bond_advice(Result<Performed> come, const std::stop_token& stop) {
  if (!come || come->kind != Kind::refused) return come;
  const auto att = att_error_of(come->text);
  if (!att || !wants_security(*att)) return come;
  const dbus::Answer known = device_properties(seconds(5), stop, 0);
  if (known.done() && known.values[0]["Paired"].boolean()) come->text += bond_advice;
  return come;
}

Result<Performed> BleLink::read(const ReadValue& op, Duration timeout,
                                const std::stop_token& stop) {
  auto place = place_of(op.attribute, stop);
  if (!place) return tl::unexpected(place.error());
  if (place->none) return *place->none;
  const auto interface = place->found.descriptor ? descriptor_interface : characteristic_interface;
  const std::uint64_t mark = events_.begin_read(place->path);
  auto& bus = stack_->bus();
  const auto call = bus.begin(
      {place->path, std::string(interface), "ReadValue", {dbus::options({})}, "ay"}, mark);
  const Waited waited = bus.wait(call, Countdown(timeout), stop);
  dbus::Answer answer = bus.end(call, mark);
  if (waited == Waited::stopped) answer.kind = dbus::Answer::Kind::stopped;
  auto come = with_bond_advice(come_of(answer, asking(BleAsked::attribute, timeout)), stop);
  if (come && come->kind == Kind::done) {
    const ByteView value = answer.values[0].octets();
    come->octets.assign(value.begin(), value.end());
  }
  return come;
}

Result<Performed> BleLink::write(const WriteValue& op, Duration timeout,
                                 const std::stop_token& stop) {
  auto place = place_of(op.attribute, stop);
  if (!place) return tl::unexpected(place.error());
  if (place->none) return *place->none;
  // bluetoothd would refuse these itself, and that is no answer of the device.
  if (op.octets.size() > most_octets)
    return fail(Errc::unsupported, Blame::profile,
                cat("a value of ", op.octets.size(), " octets cannot be written to ", op.attribute,
                    ": GATT allows ", most_octets, ", and bluetoothd sends no more"));
  const int mtu = attributes_.database.mtu;
  if (op.mode == WriteValue::Mode::command && mtu > 0 &&
      op.octets.size() + command_header > static_cast<std::size_t>(mtu))
    return fail(Errc::unsupported, Blame::profile,
                cat("a write without response carries ", mtu - command_header,
                    " octets at this device's MTU of ", mtu, ", not ", op.octets.size(),
                    ": write with response, or less"));
  const bool descriptor = place->found.descriptor != nullptr;
  const auto options =
      descriptor ? dbus::options({}) : dbus::options({{"type", dbus::text(to_string(op.mode))}});
  const auto answer =
      stack_->bus().call({place->path,
                          std::string(descriptor ? descriptor_interface : characteristic_interface),
                          "WriteValue",
                          {dbus::octets(op.octets), options}},
                         timeout, stop);
  return with_bond_advice(come_of(answer, asking(BleAsked::attribute, timeout)), stop);
}

Result<Performed> BleLink::subscribe(const Subscribe& op, Duration timeout,
                                     const std::stop_token& stop) {
  auto place = place_of(op.attribute, stop);
  if (!place) return tl::unexpected(place.error());
  if (place->none) return *place->none;
  const auto& characteristic = *place->found.characteristic;
  const BleEvents::Subject subject{place->path, kind_of_values(characteristic),
                                   characteristic.handle, characteristic.uuid};
  const auto ask = [&](std::string method) {
    const auto answer = stack_->bus().call(
        {place->path, std::string(characteristic_interface), std::move(method)}, timeout, stop);
    return with_bond_advice(come_of(answer, asking(BleAsked::subscribe, timeout)), stop);
  };
  const bool started = events_.is_started(subject.path);
  const bool acquired = events_.is_acquired(subject.path);
  Result<Performed> come = Performed{};
  if (op.mode == Subscribe::Mode::off) {
    events_.stop(subject.path);  // a closed socket is the end of it
    return started ? ask("StopNotify") : come;
  }
  if (!started && !acquired) {
    // Sockets are for notifications only; indications come as signals.
    const bool socket = op.mode == Subscribe::Mode::acquire && !target_.signals &&
                        characteristic.has(gatt_flag::notify);
    if (!socket) events_.started(subject);  // some devices notify before they answer
    come = socket ? acquire(subject, timeout, stop) : ask("StartNotify");
    if (!come || come->kind != Kind::done) events_.stop(subject.path);
  }
  if (come && come->kind == Kind::done) come->text = words_for(subject.kind);
  return come;
}

Result<Performed> BleLink::acquire(const BleEvents::Subject& subject, Duration timeout,
                                   const std::stop_token& stop) {
  const auto answer = stack_->bus().call({subject.path,
                                          std::string(characteristic_interface),
                                          "AcquireNotify",
                                          {dbus::options({})},
                                          "hq"},
                                         timeout, stop);
  auto come = with_bond_advice(come_of(answer, asking(BleAsked::subscribe, timeout)), stop);
  if (!come || come->kind != Kind::done) return come;
  const auto& socket = std::get<std::shared_ptr<dbus::Descriptor>>(answer.values[0].held);
  attributes_.database.mtu = static_cast<int>(answer.values[1].integer());
  events_.acquired(subject, dbus::Descriptor(socket->release()));
  return come;
}

}  // namespace carebench::links
