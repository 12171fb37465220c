// GattDevice: what it advertises, by which address, and how strong.
#include <cmath>

#include "probes/sim/gatt_device.h"
#include "probes/sim/random.h"
#include "standards/vocab/json.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::uint16_t nobody = 0xFFFF;  // the company identifier for tests
constexpr Duration fading = milliseconds(100);

// Six octets out of "C0:00:5E:00:53:1A"; what is no hexadecimal is 0.
Bytes address_octets(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ':') digits += c;
  Bytes octets = from_hex(digits).value_or(Bytes());
  octets.resize(6);
  return octets;
}

}  // namespace

void GattDevice::scan(bool on, Stamp now) {
  if (on && !scanning_) next_advertising_ = now + milliseconds(10);
  scanning_ = on;
}

std::string_view GattDevice::address_type() const {
  return spec_.address.kind == GattAddress::Kind::public_device ? "public" : "random";
}

std::string GattDevice::address(Stamp now) const {
  const GattAddress& spec = spec_.address;
  Bytes octets = address_octets(values_.fill_in(spec.text, now));
  if (spec.kind == GattAddress::Kind::random_static) octets[0] |= 0xC0;
  if (spec.kind == GattAddress::Kind::resolvable) {
    const auto turn = static_cast<std::uint64_t>((now - powered_).ns / spec.rotation.ns);
    std::uint64_t drawn = mix(mix(seed_, "address"), turn);
    for (std::uint8_t& octet : octets) octet = static_cast<std::uint8_t>(drawn), drawn >>= 8;
    octets[0] = static_cast<std::uint8_t>((octets[0] & 0x3F) | 0x40);
  }
  std::string text;
  for (const std::uint8_t octet : octets) {
    if (!text.empty()) text += ':';
    for (const int shift : {4, 0}) text += "0123456789ABCDEF"[octet >> shift & 15];
  }
  return text;
}

std::string GattDevice::name(Stamp now) const {
  return values_.fill_in(spec_.advertising.name, now);
}

int GattDevice::rssi(Stamp now) const {
  const auto moment = static_cast<std::uint64_t>(now.ns / fading.ns);
  return static_cast<int>(std::lround(spec_.rssi + 2 * gaussian(mix(seed_, "rssi"), moment)));
}

std::vector<Bytes> GattDevice::advertise(bool mute, Stamp now) {
  next_advertising_ = next_advertising_ + spec_.advertising.interval;
  std::vector<Bytes> events;
  if (mute) return events;
  const auto strength = static_cast<std::uint16_t>(static_cast<std::uint8_t>(rssi(now)));
  Json uuids = Json::array();
  for (const Uuid& uuid : spec_.advertising.uuids) uuids.push(uuid.text());
  Json told = Json::object().set("address", address(now)).set("address_type", address_type());
  told.set_if("name", name(now)).set_if("uuids", std::move(uuids));
  const std::string text = told.dump();
  events.push_back(event(EventKind::advertising, {}, strength, as_bytes(text)));
  for (const auto& [uuid, what] : spec_.advertising.service_data)
    events.push_back(event(EventKind::service_data, uuid, strength, content(what, now)));
  for (const auto& [uuid, what] : spec_.advertising.manufacturer_data)
    events.push_back(event(EventKind::manufacturer_data, uuid, strength, content(what, now)));
  if (device_.behaviour.gatt.tells_identity && !device_.identity.empty()) {
    const std::string identity = values_.fill_in(cat("{", device_.identity, "}"), now);
    events.push_back(
        event(EventKind::manufacturer_data, Uuid::of(nobody), strength, as_bytes(identity)));
  }
  return events;
}

}  // namespace carebench::sim
