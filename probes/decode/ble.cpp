// One value of an adopted GATT characteristic, by its UUID or its name; one broadcast of a device.
#include "probes/decode_family.h"
#include "probes/gatt/characteristic.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const GattCharacteristic* one : gatt_characteristics())
    out.push_back(cat("ble.", assigned_text(one->uuid)));
  for (const GattBroadcast* one : gatt_broadcasts()) out.push_back(cat("ble.", one->name()));
  return out;
}

const GattCharacteristic* named(std::string_view name) {
  for (const GattCharacteristic* one : gatt_characteristics())
    if (lower(assigned_text(one->uuid)) == lower(name) || one->id == name) return one;
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
  asked.options.nordic_cgm_order = parts[2] == "nordic" && asked.characteristic->uuid == 0x2AA7;
  if (parts[2] == "write")
    asked.options.direction = Direction::to_device;
  else if (!asked.options.nordic_cgm_order)
    return {};
  return asked;
}

Result<Json> refuse(std::string why) {
  return fail(Errc::bad_input, Blame::profile, std::move(why));
}

// Service data without the UUID of their service, manufacturer data with their company in front, as
// an AD structure has them.
Result<Json> decode_broadcast(const GattBroadcast& broadcast, ByteView octets) {
  Json json = Json::object();
  if (broadcast.kind == EventKind::manufacturer_data) {
    if (octets.size() < 2) return refuse("length: the company is missing");
    const int company = octets[0] | octets[1] << 8;
    if (company != broadcast.value.uuid)
      return refuse(cat("company: these are data of ", company, ", not of ", broadcast.value.uuid));
    json.set("company", company);
    octets = octets.subspan(2);
  }
  Reading reading;
  if (!read_value(broadcast.value, octets, reading)) return refuse(std::string(reading.refusal()));
  const Json fields = to_json(broadcast.value, reading);
  for (const auto& [key, value] : fields.members()) json.set(key, value);
  return json;
}

Result<Json> decode_value(std::string_view family, ByteView octets) {
  for (const GattBroadcast* one : gatt_broadcasts())
    if (lower(family) == lower(cat("ble.", one->name()))) return decode_broadcast(*one, octets);
  const auto [characteristic, options] = asked_for(family);
  if (!characteristic) {
    std::vector<std::string> known = names();
    for (const GattCharacteristic* one : gatt_characteristics())
      known.push_back(cat("ble.", one->id));
    return fail(Errc::usage, Blame::bench,
                cat("there is no decoder \"", printable(family), '"', suggestion(family, known)));
  }
  if (octets.size() > 512)  // the longest attribute value (Core, Vol 3, Part F, 3.2.9)
    return refuse("length: a value has at most 512 octets");
  Reading reading;
  Json records = Json::array();
  do {
    if (!read_value(*characteristic, octets, reading, options))
      return refuse(std::string(reading.refusal()));
    records.push(to_json(*characteristic, reading));
    octets = octets.subspan(std::min(octets.size(), std::max<std::size_t>(reading.octets(), 1)));
  } while (!octets.empty());
  if (!characteristic->several) return records.items()[0];
  return Json::object().set("records", std::move(records));
}

}  // namespace

extern const DecodeFamily ble;
const DecodeFamily ble{"ble", "", "a value of an adopted GATT characteristic, or a broadcast",
                       decode_value, names};

}  // namespace carebench::decoders
