// One value of an adopted GATT characteristic, by its UUID or its name.
#include "probes/decode_family.h"
#include "probes/gatt/characteristic.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

std::string uuid_text(std::uint16_t uuid) {
  std::string out;
  for (int shift = 12; shift >= 0; shift -= 4) out += "0123456789ABCDEF"[uuid >> shift & 15];
  return out;
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const GattCharacteristic* one : gatt_characteristics())
    out.push_back(cat("ble.", uuid_text(one->uuid)));
  return out;
}

const GattCharacteristic* named(std::string_view name) {
  for (const GattCharacteristic* one : gatt_characteristics())
    if (lower(uuid_text(one->uuid)) == lower(name) || one->id == name) return one;
  return nullptr;
}

struct Asked {
  const GattCharacteristic* characteristic = nullptr;  // nullptr: no such decoder
  GattOptions options;
};

// ble.2A52: what the device sent (what it was sent, where it can only be written); ble.2A52.write:
// what it was sent; ble.2AA7.nordic: annunciation octets of CGM in the order of some vendors.
Asked asked_for(std::string_view family) {
  const auto parts = split(family, '.');
  Asked asked{parts.size() > 1 && parts.size() <= 3 ? named(parts[1]) : nullptr, {}};
  if (!asked.characteristic) return {};
  using namespace gatt_property;
  const unsigned properties = asked.characteristic->properties;
  if (properties && !(properties & ~(write | write_command)))
    asked.options.direction = Direction::to_device;
  if (parts.size() < 3) return asked;
  asked.options.nordic_cgm_order = parts[2] == "nordic";
  if (parts[2] == "write")
    asked.options.direction = Direction::to_device;
  else if (!asked.options.nordic_cgm_order)
    return {};
  return asked;
}

Result<Json> decode_value(std::string_view family, ByteView octets) {
  const auto [characteristic, options] = asked_for(family);
  if (!characteristic) {
    std::vector<std::string> known = names();
    for (const GattCharacteristic* one : gatt_characteristics())
      known.push_back(cat("ble.", one->id));
    return fail(Errc::usage, Blame::bench,
                cat("there is no decoder \"", printable(family), '"', suggestion(family, known)));
  }
  if (octets.size() > 512)  // the longest attribute value (Core, Vol 3, Part F, 3.2.9)
    return fail(Errc::bad_input, Blame::profile, "length: a value has at most 512 octets");
  Reading reading;
  Json records = Json::array();
  do {
    if (!read_value(*characteristic, octets, reading, options))
      return fail(Errc::bad_input, Blame::profile, std::string(reading.refusal()));
    records.push(to_json(*characteristic, reading));
    octets = octets.subspan(std::min(octets.size(), std::max<std::size_t>(reading.octets(), 1)));
  } while (!octets.empty());
  if (!characteristic->several) return records.items()[0];
  return Json::object().set("records", std::move(records));
}

}  // namespace

extern const DecodeFamily ble;
const DecodeFamily ble{"ble", "", "a value of an adopted GATT characteristic, by UUID or name",
                       decode_value, names};

}  // namespace carebench::decoders
