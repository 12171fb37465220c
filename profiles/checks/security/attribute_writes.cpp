// Does a GATT device survive values that it cannot use (SEC-BLE-08, EN 303 645 5.13-1)? Each
// attribute that takes writes gets none, one, and many octets, and more than an attribute may hold;
// after each the bench looks whether the device still answers. A device may be left in a state that
// only the vendor can mend: a real one needs the customer's written consent "robustness".
#include <algorithm>
#include <array>

#include "probes/gatt/refusal.h"
#include "profiles/measuring/consent.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::discover, OpKind::write_value};

constexpr ParamSpec params[] = {
    {"exclude", ParamKind::texts, false, "", "attributes that are left alone, as 180D/2A39"},
    {"within", ParamKind::duration, false, "5 s", "how soon the device must answer again"},
    {"seed", ParamKind::integer, false, "1", "moves the octets that are written", 1, 1e9},
    require_consent_param,
};

constexpr Output outputs[] = {
    {"reachable", OutputKind::truth, "", "the device was there to be written to", true},
    {"values_written", OutputKind::number, "{count}", "malformed values that were sent", {}},
    {"over_long_accepted",
     OutputKind::number,
     "{count}",
     "values longer than 512 octets that a device said it took",
     {}},
    {"hangs", OutputKind::number, "{count}", "times the device did not answer in time", {}},
    {"disconnections", OutputKind::number, "{count}", "times the device dropped the link", {}},
    {"alive_after", OutputKind::truth, "", "it answers when all is done", true},
};

constexpr std::array<std::size_t, 5> lengths = {0, 1, 20, 512, 513};
constexpr std::size_t most_octets = 512;  // Core 5.3, Vol 3, Part F, 3.2.9

class Writer {
 public:
  Writer(Context& context, Port& port)
      : context_(context),
        session_(port),
        state_(static_cast<std::uint64_t>(context.with().integer("seed"))) {}

  Result<void> run() {
    auto found = session_.discover();
    if (!found) return tl::unexpected(found.error());
    context_.truth("reachable", *found, {}, *found ? "" : session_.why());
    if (!*found) return {};
    const GattDatabase database = session_.database();
    for (const auto& service : database.services)
      for (std::size_t i = 0; i < service.characteristics.size(); ++i) {
        const auto& characteristic = service.characteristics[i];
        const bool request = characteristic.has(gatt_flag::write);
        if (!request && !characteristic.has(gatt_flag::write_without_response)) continue;
        const std::string path = path_of(service, i);
        const auto& excluded = context_.with().texts("exclude");
        if (std::find(excluded.begin(), excluded.end(), path) != excluded.end()) continue;
        for (const std::size_t length : lengths)
          if (auto sent = send(path, length, request); !sent) return sent;
      }
    auto alive = answers();
    if (!alive) return tl::unexpected(alive.error());
    context_.number("values_written", written_);
    context_.number("over_long_accepted", over_long_);
    context_.number("hangs", hangs_, 0, 0, {}, {}, join(after_, ", "));
    context_.number("disconnections", disconnections_);
    context_.truth("alive_after", *alive, {}, *alive ? "" : session_.why());
    return session_.disconnect();
  }

 private:
  Result<void> send(const std::string& path, std::size_t length, bool request) {
    Bytes octets(length);
    for (auto& octet : octets) {
      state_ = state_ * 6364136223846793005u + 1442695040888963407u;
      octet = static_cast<std::uint8_t>(state_ >> 56);
    }
    WriteValue write{path, octets, request ? WriteValue::Mode::request : WriteValue::Mode::command};
    auto outcome = session_.port().perform(write, seconds(35));
    if (!outcome) return tl::unexpected(outcome.error());
    ++written_;
    if (length > most_octets && request && outcome->kind == Outcome::Kind::done) ++over_long_;
    if (outcome->kind == Outcome::Kind::lost) ++disconnections_;
    auto alive = answers();
    if (!alive) return tl::unexpected(alive.error());
    if (*alive) return {};
    ++hangs_;
    if (after_.size() < 20) after_.push_back(cat(path, " (", length, " octets)"));
    // A new connection may bring it back; the next value is a fair trial again.
    if (auto left = session_.disconnect(); !left) return left;
    auto connected = session_.connect();
    if (!connected) return tl::unexpected(connected.error());
    return {};
  }

  // It tells its services, or reads something, within the time it has.
  Result<bool> answers() {
    const Stamp asked = context_.now();
    auto found = session_.discover();
    if (!found) return found;
    if (!*found) return false;
    const GattDatabase& database = session_.database();
    for (const auto& service : database.services)
      for (std::size_t i = 0; i < service.characteristics.size(); ++i) {
        if (!service.characteristics[i].has(gatt_flag::read)) continue;
        auto outcome = session_.port().perform(ReadValue{path_of(service, i)},
                                               context_.with().duration("within"));
        if (!outcome) return tl::unexpected(outcome.error());
        // A refusal is an answer, too.
        return (outcome->kind == Outcome::Kind::done || outcome->kind == Outcome::Kind::refused) &&
               context_.now() - asked <= context_.with().duration("within") + seconds(45);
      }
    return true;
  }

  Context& context_;
  GattSession session_;
  std::uint64_t state_;
  int written_ = 0, over_long_ = 0, hangs_ = 0, disconnections_ = 0;
  std::vector<std::string> after_;
};

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (auto consent = need_consent(context, port, "robustness"); !consent) return consent;
  return Writer(context, port).run();
}

}  // namespace

extern const Check security_attribute_writes;
const Check security_attribute_writes{
    "security/attribute_writes",
    1,
    "malformed and over-long values, and whether the device lives",
    roles,
    needs,
    params,
    outputs,
    Hazard::destructive,
    false,
    nullptr,
    &run};

}  // namespace carebench::checks
