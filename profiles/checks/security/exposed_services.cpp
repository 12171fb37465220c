// Does a GATT device leave a door for its firmware or its debugger open? The services it lists are
// compared with the ones that makers of Bluetooth chips use for firmware update and for debugging;
// a stranger then tries to subscribe to what the update service has. Nothing is written: whether an
// unsigned image is taken needs a sample that may be lost (SEC-BLE-07).
#include <algorithm>
#include <array>

#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::discover};

constexpr ParamSpec params[] = {
    {"allow", ParamKind::texts, false, "", "services that the vendor declared, as UUIDs"},
};

constexpr Output outputs[] = {
    {"reachable", OutputKind::truth, "", "the device let a stranger connect and list it", {}},
    {"update_services", OutputKind::number, "{count}", "firmware update services found", {}},
    {"update_entry_protected", OutputKind::truth, "",
     "no firmware update service lets a stranger subscribe", true},
    {"debug_services_absent", OutputKind::truth, "",
     "no undeclared debug, console or file service is listed", true},
    {"undeclared_services",
     OutputKind::number,
     "{count}",
     "vendor services that are none of these, and that nobody declared",
     {}},
};

struct Known {
  std::string_view uuid, name;
  bool update;  // else: debug
};
// As the makers' public documentation has them.
constexpr std::array<Known, 10> known = {{
    {"FE59", "Nordic Secure DFU", true},
    {"00001530-1212-efde-1523-785feabcd123", "Nordic legacy DFU", true},
    {"f000ffc0-0451-4000-b000-000000000000", "Texas Instruments OAD", true},
    {"1d14d6ee-fd63-4fa1-bfa4-8f47b42119f0", "Silicon Labs OTA", true},
    {"00010203-0405-0607-0809-0a0b0c0d1912", "Telink OTA", true},
    {"FEF5", "Dialog SUOTA", true},
    {"8d53dc1d-1db7-4cd3-868b-8a527460aa84", "MCUmgr SMP", true},
    {"6e400001-b5a3-f393-e0a9-e50e24dcca9e", "Nordic UART", false},
    {"49535343-fe7d-4ae5-8fa9-9fafd205e455", "Microchip transparent UART", false},
    {"adaf0200-4669-6c65-5472-616e73666572", "BLE file transfer", false},
}};

const Known* find(const Uuid& uuid) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Known& k) { return Uuid::parse(k.uuid) == uuid; });
  return found == known.end() ? nullptr : &*found;
}

bool declared(const Context& context, const Uuid& uuid) {
  const auto& list = context.with().texts("allow");
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& text) { return Uuid::parse(text) == uuid; });
}

// Which of the service's attributes a stranger may subscribe to.
Result<std::vector<std::string>> open_entries(GattSession& session,
                                              const GattDatabase::Service& service) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < service.characteristics.size(); ++i) {
    if (!(service.characteristics[i].properties & (gatt_flag::notify | gatt_flag::indicate)))
      continue;
    const std::string path = path_of(service, i);
    auto outcome = session.port().perform(Subscribe{path, Subscribe::Mode::acquire}, seconds(35));
    if (!outcome) return tl::unexpected(outcome.error());
    const bool done = outcome->kind == Outcome::Kind::done;
    auto status = session.status();
    if (!status) return tl::unexpected(status.error());
    if (done && !status->paired) open.push_back(path);
  }
  return open;
}

Result<void> run(Context& context) {
  GattSession session(context.port("test"));
  if (auto gone = session.forget(); !gone) return gone;
  auto found = session.discover();
  if (!found) return tl::unexpected(found.error());
  context.truth("reachable", *found, {}, *found ? "" : session.why());
  if (!*found) return {};
  std::vector<std::string> updates, debuggers, others, open;
  const GattDatabase database = session.database();
  for (const auto& service : database.services) {
    const Known* entry = find(service.uuid);
    if (entry && entry->update) {
      updates.push_back(cat(entry->name, " (", service.uuid.text(), ")"));
      auto entries = open_entries(session, service);
      if (!entries) return tl::unexpected(entries.error());
      open.insert(open.end(), entries->begin(), entries->end());
    } else if (entry && !declared(context, service.uuid)) {
      debuggers.push_back(cat(entry->name, " (", service.uuid.text(), ")"));
    } else if (!entry && !service.uuid.assigned() && !declared(context, service.uuid)) {
      others.push_back(service.uuid.text());
    }
  }
  if (auto gone = session.forget(); !gone) return gone;
  context.number("update_services", static_cast<double>(updates.size()), 0, 0, {}, {},
                 join(updates, ", "));
  context.truth("update_entry_protected", open.empty(), {}, join(open, ", "));
  context.truth("debug_services_absent", debuggers.empty(), {}, join(debuggers, ", "));
  context.number("undeclared_services", static_cast<double>(others.size()), 0, 0, {}, {},
                 join(others, ", "));
  return {};
}

}  // namespace

extern const Check security_exposed_services;
const Check security_exposed_services{
    "security/exposed_services",
    1,
    "firmware update and debug services that a GATT device lists to anybody",
    roles,
    needs,
    params,
    outputs,
    Hazard::none,
    false,
    nullptr,
    &run};

}  // namespace carebench::checks
