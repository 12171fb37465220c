// Does a GATT device leave a door for its firmware or its debugger open? The services it lists are
// compared with the ones that makers of Bluetooth chips use for firmware update and for debugging
// (SEC-BLE-07, EN 303 645 5.3-10 and 5.6). A stranger, who does not pair, tries to subscribe to
// what an update service has; with `entry`, and the customer's consent "firmware_update", it also
// writes what begins an update. That may leave a sample in its boot loader: use one that may be
// lost.
//
// No image is sent, unsigned or older: whether one is taken is tried with the vendor's own tool.
// bluetoothd keeps services from us that it uses itself; what they hold is not looked at here.
#include <algorithm>
#include <array>

#include "profiles/measuring/consent.h"
#include "profiles/measuring/gatt_stranger.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

using Tried = GattStranger::Tried;

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::discover, OpKind::subscribe};

constexpr ParamSpec params[] = {
    {"allow", ParamKind::texts, false, "", "services that the vendor declared, as UUIDs"},
    {"entry", ParamKind::tree, false, "",
     "{attribute: octets in hexadecimal} that begin a firmware update, as "
     "\"FE59/8ec90003-f315-4f60-"
     "9fb8-838830daea50\": \"01\" for Nordic's without bonds; needs the customer's consent "
     "\"firmware_update\""},
    unbond_param,
    require_consent_param,
};

constexpr Output outputs[] = {
    {"reachable", OutputKind::truth, "", "the device let a stranger connect and list it", true},
    {"update_services", OutputKind::number, "{count}", "firmware update services found", {}},
    {"update_entry_protected", OutputKind::truth, "",
     "no firmware update service lets a stranger subscribe, or takes what `entry` writes", true},
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
    {"FEBB", "Adafruit BLE file transfer", false},
}};

const Known* find(const Uuid& uuid) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Known& k) { return Uuid::parse(k.uuid) == uuid; });
  return found == known.end() ? nullptr : &*found;
}

// Services that the Bluetooth SIG specified; other short UUIDs belong to its members.
bool is_adopted(const Uuid& uuid) {
  const auto assigned = uuid.assigned();
  return assigned && *assigned >= 0x1800 && *assigned < 0x1900;
}

class Doors {
 public:
  explicit Doors(Context& context)
      : context_(context),
        session_(context.port("test")),
        stranger_(context, session_, context.with().boolean("unbond")) {}

  Result<void> run() {
    auto met = stranger_.meet();
    if (!met) return tl::unexpected(met.error());
    session_.tell_reached(context_, "reachable", *met);
    if (!*met) return {};
    const GattDatabase database = session_.database();
    for (const auto& service : database.services)
      if (auto looked = look_at(service); !looked) return looked;
    if (auto left = stranger_.leave(); !left) return left;
    report();
    return {};
  }

 private:
  Result<void> look_at(const GattDatabase::Service& service) {
    const Known* entry = find(service.uuid);
    const bool declared = names_service(context_.with().texts("allow"), service.uuid);
    const std::string shown =
        entry ? cat(entry->name, " (", service.uuid.text(), ")") : service.uuid.text();
    if (entry && entry->update) {
      updates_.push_back(shown);
      return try_entries(service);
    }
    if (entry && !declared) debuggers_.push_back(shown);
    if (!entry && !declared && !is_adopted(service.uuid)) others_.push_back(shown);
    return {};
  }

  Result<void> try_entries(const GattDatabase::Service& service) {
    bool tried_any = false;
    for (std::size_t i = 0; i < service.characteristics.size(); ++i) {
      const std::string path = path_of(service, i);
      std::vector<Op> attempts;
      if (service.characteristics[i].properties & (gatt_flag::notify | gatt_flag::indicate))
        attempts.push_back(Subscribe{path, Subscribe::Mode::acquire});
      if (const yaml::Node octets = context_.with().tree("entry").find(path)) {
        const bool request = service.characteristics[i].has(gatt_flag::write);
        attempts.push_back(
            WriteValue{path, from_hex(octets.text()).value_or(Bytes()),
                       request ? WriteValue::Mode::request : WriteValue::Mode::command});
      }
      for (const Op& op : attempts) {
        const bool command = std::holds_alternative<WriteValue>(op) &&
                             std::get<WriteValue>(op).mode == WriteValue::Mode::command;
        auto tried = stranger_.attempt(op);
        if (!tried) return tl::unexpected(tried.error());
        if (tried->kind == Tried::Kind::given && !command)
          open_.push_back(cat(path, ", ", to_string(kind_of(op))));
        else if (tried->kind == Tried::Kind::given)
          undecided_.push_back(cat(path, ": nobody answers a write without response"));
        if (tried->kind == Tried::Kind::undecided)
          undecided_.push_back(cat(path, ": ", tried->why));
        tried_any = true;
      }
    }
    if (!tried_any)
      undecided_.push_back(
          cat(service.uuid.text(), ": nothing to subscribe to, and `entry` names nothing of it"));
    return {};
  }

  void report() {
    const auto count = [&](std::string_view output, const std::vector<std::string>& list) {
      context_.number(output, static_cast<double>(list.size()), 0, 0, {}, {}, join(list, ", "));
    };
    count("update_services", updates_);
    if (!open_.empty() || undecided_.empty())
      context_.truth("update_entry_protected", open_.empty(), {},
                     open_.empty() ? stranger_.why_known() : join(open_, ", "));
    else
      context_.unseen("update_entry_protected", join(undecided_, "; "));
    context_.truth("debug_services_absent", debuggers_.empty(), {}, join(debuggers_, ", "));
    count("undeclared_services", others_);
  }

  Context& context_;
  GattSession session_;
  GattStranger stranger_;
  std::vector<std::string> updates_, debuggers_, others_, open_, undecided_;
};

void lint(const StepView& step, Problems& problems) {
  lint_services(step, "allow", problems);
  lint_values(step, "entry", problems);
}

Result<void> run(Context& context) {
  if (context.with().has("entry"))
    if (auto agreed = need_consent(context, context.port("test"), "firmware_update"); !agreed)
      return agreed;
  return Doors(context).run();
}

}  // namespace

extern const Check security_exposed_services;
const Check security_exposed_services{
    .id = "security/exposed_services",
    .revision = 1,
    .summary = "firmware update and debug services that a GATT device lists to anybody",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
