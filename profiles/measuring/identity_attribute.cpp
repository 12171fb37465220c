#include "profiles/measuring/identity_attribute.h"

#include <algorithm>

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::uint16_t system_id = 0x2A23, first_text = 0x2A24, last_text = 0x2A29, udi = 0x2BFF,
                        device_name = 0x2A00;

// Model, firmware, hardware, software, maker; certification list; PnP ID.
bool tells_the_model(const Uuid& uuid) {
  constexpr std::uint16_t serial = 0x2A25, certification = 0x2A2A, pnp_id = 0x2A50;
  const auto assigned = uuid.assigned();
  return assigned &&
         ((*assigned >= first_text && *assigned <= certification && *assigned != serial) ||
          *assigned == pnp_id);
}

void keep_text(IdentityReading& reading, std::string_view text) {
  text = trim(text.substr(0, text.find('\0')));
  if (text.empty())
    reading.note = "what came is empty";
  else
    reading.value = printable(text);
}

void keep_octets(IdentityReading& reading, ByteView octets, const Uuid& uuid) {
  const auto assigned = uuid.assigned();
  if (assigned && ((*assigned >= first_text && *assigned <= last_text) || *assigned == device_name))
    return keep_text(reading, as_text(octets));
  if (assigned == system_id && octets.size() == 8) {
    const Bytes eui64(octets.rbegin(), octets.rend());
    reading.value = to_hex(eui64);
    return;
  }
  if (assigned == udi) {
    Reading decoded;
    const GattCharacteristic* characteristic = gatt_characteristic(udi);
    if (characteristic && read_value(*characteristic, octets, decoded)) {
      const Json json = to_json(*characteristic, decoded);
      if (!json["label"].string().empty()) return keep_text(reading, json["label"].string());
      reading.of_model = true;
      return keep_text(reading, json["device_identifier"].string());
    }
  }
  if (octets.empty())
    reading.note = "what came is empty";
  else
    reading.value = to_hex(octets);
}

Result<IdentityReading> from_status(GattSession& session, const IdentitySource& source) {
  IdentityReading reading;
  auto status = session.status();
  if (!status) return tl::unexpected(status.error());
  if (source.name == "name") {
    keep_text(reading, status->name);
  } else if (status->address_type == "random") {
    reading.note = cat("its address ", status->address,
                       " is a random one, which a device may change: no identifier");
  } else {
    keep_text(reading, status->address);
  }
  return reading;
}

}  // namespace

Result<IdentitySource> attribute_source(IdentitySource source, std::string_view rest) {
  source.kind = IdentitySource::Kind::attribute;
  source.name = rest;
  if (rest == "address" || rest == "name") return source;
  const auto path = AttributePath::parse(rest);
  if (!path)
    return fail(Errc::bad_input, Blame::profile,
                cat("source \"", source.text,
                    "\" is written ble/SERVICE/CHARACTERISTIC, "
                    "ble/address or ble/name: ",
                    path.error().message));
  source.name = path->text();
  return source;
}

Result<IdentityReading> from_attribute(Port& port, const IdentitySource& source,
                                       const IdentityAsking& asking) {
  GattSession session(port);
  IdentityReading reading;
  for (int tried = 0; tried < asking.tries; ++tried) {
    auto connected = session.connect();
    if (!connected) return tl::unexpected(connected.error());
    if (!*connected) {
      reading.note = session.why();
      continue;
    }
    const auto path = AttributePath::parse(source.name);
    if (!path) return from_status(session, source);
    auto outcome = port.perform(ReadValue{source.name}, std::max(asking.timeout, seconds(35)));
    if (!outcome) return tl::unexpected(outcome.error());
    reading.evidence.extend(outcome->seq);
    if (outcome->kind == Outcome::Kind::done) {
      reading.note.clear();
      reading.of_model = tells_the_model(path->characteristic);
      keep_octets(reading, outcome->octets, path->characteristic);
      if (reading.value && reading.of_model) reading.note = "it tells the model, not the unit";
      return reading;
    }
    reading.note = outcome->kind == Outcome::Kind::timed_out ? "it did not answer in time"
                                                             : std::string(outcome->text);
    if (outcome->kind == Outcome::Kind::refused) return reading;
  }
  return reading;
}

}  // namespace carebench
