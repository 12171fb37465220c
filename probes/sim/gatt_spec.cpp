#include "probes/sim/gatt_spec.h"

#include <algorithm>

#include "probes/gatt/database.h"

namespace carebench::sim {
namespace {

template <class T>
void take(T& into, const std::optional<T>& from) {
  if (from) into = *from;
}

}  // namespace

const GattAttribute* GattSpec::characteristic(const Uuid& service, const Uuid& uuid) const {
  const auto found = std::ranges::find_if(characteristics, [&](const GattAttribute& one) {
    return one.service == service && one.uuid == uuid;
  });
  return found == characteristics.end() ? nullptr : &*found;
}

void apply(GattSpec& spec, const GattPatch& patch) {
  take(spec.mtu, patch.mtu);
  take(spec.least_key, patch.least_key);
  take(spec.rssi, patch.rssi);
  take(spec.address, patch.address);
  take(spec.advertising, patch.advertising);
  take(spec.pairing, patch.pairing);
  for (const Uuid& service : patch.services)
    if (std::ranges::find(spec.services, service) == spec.services.end())
      spec.services.push_back(service);
  for (const GattAttribute& one : patch.characteristics) {
    const auto same = std::ranges::find_if(spec.characteristics, [&](const GattAttribute& known) {
      return known.service == one.service && known.uuid == one.uuid;
    });
    if (same == spec.characteristics.end())
      spec.characteristics.push_back(one);
    else
      *same = one;
  }
  for (const GattRecords& one : patch.records) {
    std::erase_if(spec.records,
                  [&](const GattRecords& known) { return known.service == one.service; });
    spec.records.push_back(one);
  }
}

void add_update_service(GattSpec& spec) {
  GattAttribute buttonless;
  buttonless.service = Uuid::of(0xFE59);
  buttonless.uuid = Uuid::parse("8ec90003-f315-4f60-9fb8-838830daea50").value();
  buttonless.properties = gatt_flag::write | gatt_flag::indicate;
  GattPatch patch;
  patch.services.push_back(buttonless.service);
  patch.characteristics.push_back(std::move(buttonless));
  apply(spec, patch);
}

bool omit(GattSpec& spec, std::string_view path) {
  const bool whole = path.find('/') == path.npos;
  const auto named = [&](const GattAttribute& one) {
    return (whole ? one.service.text() : one.path()) == path;
  };
  const auto gone = std::erase_if(spec.characteristics, named);
  const auto services =
      whole ? std::erase_if(spec.services, [&](const Uuid& uuid) { return uuid.text() == path; })
            : 0;
  return gone + services > 0;
}

}  // namespace carebench::sim
