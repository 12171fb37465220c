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

// ble.2A52: what the device sent; ble.2A52.write: what it was sent; ble.2AA7.nordic: annunciation
// octets of CGM in the order of some vendors.
Result<Json> decode_value(std::string_view family, ByteView octets) {
  const auto parts = split(family, '.');
  const GattCharacteristic* characteristic = parts.size() > 1 ? named(parts[1]) : nullptr;
  GattOptions options;
  bool understood = characteristic && parts.size() <= 3;
  if (understood && parts.size() == 3) {
    const bool written = parts[2] == "write", nordic = parts[2] == "nordic";
    if (written) options.direction = Direction::to_device;
    options.nordic_cgm_order = nordic;
    understood = written || nordic;
  }
  if (!understood) {
    std::vector<std::string> known = names();
    for (const GattCharacteristic* one : gatt_characteristics())
      known.push_back(cat("ble.", one->id));
    return fail(Errc::usage, Blame::bench,
                cat("there is no decoder \"", printable(family), '"', suggestion(family, known)));
  }
  using namespace gatt_property;
  const unsigned written_only = write | write_command;
  if (characteristic->properties && !(characteristic->properties & ~written_only))
    options.direction = Direction::to_device;
  Reading reading;
  if (octets.size() > 512)  // the longest attribute value (Core, Vol 3, Part F, 3.2.9)
    return fail(Errc::bad_input, Blame::profile, "length: a value has at most 512 octets");
  Json json = Json::object();
  Json rest = Json::array();
  for (bool first = true; first || !octets.empty(); first = false) {
    if (!read_value(*characteristic, octets, reading, options))
      return fail(Errc::bad_input, Blame::profile, std::string(reading.refusal()));
    rest.push(to_json(*characteristic, reading));
    octets = octets.subspan(std::min(octets.size(), std::max<std::size_t>(reading.octets(), 1)));
  }
  return characteristic->several ? json.set("records", rest) : rest.items()[0];
}

}  // namespace

extern const DecodeFamily ble;
const DecodeFamily ble{"ble", "", "a value of an adopted GATT characteristic, by UUID or name",
                       decode_value, names};

}  // namespace carebench::decoders
