// Does a GATT device survive values that it cannot use (SEC-BLE-08, EN 303 645 5.13-1)? Each
// attribute that takes writes gets none, one and many octets, and more than an attribute may hold;
// after each the bench looks whether the device still answers. A device may be left in a state that
// only the vendor can mend: a real one needs the customer's written consent "robustness".
//
// Where the profile says how the device is paired (ble: {pair: …}), the bench pairs first; a value
// that is refused for want of security reached nothing and is not counted. bluetoothd sends no
// value of more than 512 octets and no malformed PDU of ATT or SMP: of those a run over it says
// nothing.
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
    {"within", ParamKind::duration, false, "5 s",
     "how soon a request must be answered; a new connection has 45 s besides"},
    {"seed", ParamKind::integer, false, "1", "moves the octets that are written", 1, 1e9},
    require_consent_param,
};

constexpr Output outputs[] = {
    {"reachable", OutputKind::truth, "", "the device was there to be written to", true},
    {"values_written",
     OutputKind::number,
     "{count}",
     "malformed values that were sent and not refused for want of security",
     {}},
    {"over_long_accepted",
     OutputKind::number,
     "{count}",
     "values longer than 512 octets that the device said it took; only where one could be sent",
     {}},
    {"hangs", OutputKind::number, "{count}", "times the device did not answer in time", {}},
    {"disconnections", OutputKind::number, "{count}", "times the device dropped the link", {}},
    {"alive_after", OutputKind::truth, "", "it answers when all is done", true},
};

constexpr std::array<std::size_t, 5> lengths = {0, 1, 20, 512, 513};
constexpr std::size_t most_octets = 512;  // Core 5.3, Vol 3, Part F, 3.2.9
constexpr Duration crash_time = milliseconds(500), restart_time = seconds(2);
constexpr Duration patience = seconds(35);
constexpr std::size_t most_named = 20;

class Writer {
 public:
  Writer(Context& context, Port& port)
      : context_(context),
        session_(port),
        state_(static_cast<std::uint64_t>(context.with().integer("seed"))) {}

  Result<void> run() {
    auto ready = session_.attach();  // paired, where the profile says so
    if (!ready) return tl::unexpected(ready.error());
    session_.tell_reached(context_, "reachable", *ready);
    if (!*ready) return {};
    const GattDatabase database = session_.database();
    if (auto found = find_sign(database); !found) return found;
    for (const auto& service : database.services)
      for (std::size_t i = 0; i < service.characteristics.size(); ++i)
        if (auto done = one(service, i); !done) return done;
    auto alive = answers();
    if (!alive) return tl::unexpected(alive.error());
    report(*alive);
    return session_.disconnect();
  }

 private:
  // What to read as a sign of life: preferably something that is given to anybody.
  Result<void> find_sign(const GattDatabase& database) {
    for (const auto& service : database.services)
      for (std::size_t i = 0; i < service.characteristics.size(); ++i) {
        if (!service.characteristics[i].has(gatt_flag::read)) continue;
        const std::string path = path_of(service, i);
        auto outcome = session_.port().perform(ReadValue{path}, patience);
        if (!outcome) return tl::unexpected(outcome.error());
        if (outcome->kind == Outcome::Kind::done) {
          sign_ = path;
          return {};
        }
        if (outcome->kind != Outcome::Kind::lost) continue;
        if (auto again = session_.connect(); !again) return tl::unexpected(again.error());
      }
    context_.note("nothing can be read of it: a sign of life is a new connection alone");
    return {};
  }

  Result<void> one(const GattDatabase::Service& service, std::size_t i) {
    const auto& characteristic = service.characteristics[i];
    const bool request = characteristic.has(gatt_flag::write);
    if (!request && !characteristic.has(gatt_flag::write_without_response)) return {};
    const std::string path = path_of(service, i);
    if (names_attribute(context_.with().texts("exclude"), path)) return {};
    for (const std::size_t length : lengths) {
      if (gone_) break;
      if (auto sent = send(path, length, request); !sent) return sent;
    }
    return {};
  }

  Result<void> send(const std::string& path, std::size_t length, bool request) {
    auto connected = session_.connect();
    if (!connected) return tl::unexpected(connected.error());
    const std::string what = cat(path, " (", length, " octets)");
    if (!*connected) {
      gone_ = true;
      return {};
    }
    Bytes octets(length);
    for (auto& octet : octets) {
      state_ = state_ * 6364136223846793005u + 1442695040888963407u;
      octet = static_cast<std::uint8_t>(state_ >> 56);
    }
    WriteValue write{path, octets, request ? WriteValue::Mode::request : WriteValue::Mode::command};
    auto outcome = session_.port().perform(write, patience);
    if (!outcome && outcome.error().code != Errc::unsupported)
      return tl::unexpected(outcome.error());
    if (!outcome) {  // the stack does not send so much
      unsent_.push_back(what);
      return {};
    }
    evidence_.extend(outcome->seq);
    const auto att = att_error_of(outcome->text);
    if (outcome->kind == Outcome::Kind::refused && att &&
        (wants_security(*att) || *att == att_error::unlikely)) {
      withheld_.push_back(what);
      return {};
    }
    ++written_;
    if (length > most_octets && request) {
      over_long_sent_ = true;
      over_long_ += outcome->kind == Outcome::Kind::done;
    }
    return look_after(what, outcome->kind == Outcome::Kind::lost);
  }

  // What the value did to it.
  Result<void> look_after(const std::string& what, bool lost) {
    auto stayed =
        session_.listen(context_.now() + crash_time, [](const Outcome&, const GattEvent&) {});
    if (!stayed) return tl::unexpected(stayed.error());
    if (lost || !*stayed) {
      ++disconnections_;
      if (auto waited = context_.sleep(restart_time); !waited)
        return tl::unexpected(waited.error());
    }
    auto alive = answers();
    if (!alive) return tl::unexpected(alive.error());
    if (*alive) return {};
    ++hangs_;
    if (after_.size() < most_named) after_.push_back(what);
    return session_.disconnect();  // a new connection may bring it back: the next trial is fair
  }

  Result<bool> answers() {
    auto connected = session_.connect();
    if (!connected || !*connected || sign_.empty()) return connected;
    auto outcome = session_.port().perform(ReadValue{sign_}, context_.with().duration("within"));
    if (!outcome) return tl::unexpected(outcome.error());
    // A refusal is an answer, too.
    return outcome->kind == Outcome::Kind::done || outcome->kind == Outcome::Kind::refused;
  }

  void tell(std::string_view what, const std::vector<std::string>& list) {
    if (list.empty()) return;
    const std::size_t some = std::min(list.size(), most_named);
    context_.note(
        cat(what, list.size(), ": ",
            join({list.begin(), list.begin() + static_cast<std::ptrdiff_t>(some)}, ", ")));
  }

  void report(bool alive) {
    if (gone_) context_.note("the device could not be reached any more: the rest was not sent");
    tell("values that the bench's stack does not send: ", unsent_);
    tell("values that were refused for want of security, and reached nothing: ", withheld_);
    context_.number("values_written", written_, 0, 0, evidence_);
    if (written_ == 0) {
      context_.unseen("alive_after", "nothing malformed reached the device");
      return;
    }
    if (over_long_sent_) context_.number("over_long_accepted", over_long_, 0, 0, evidence_);
    context_.number("hangs", hangs_, 0, written_, evidence_, {}, join(after_, ", "));
    context_.number("disconnections", disconnections_, 0, written_, evidence_);
    context_.truth("alive_after", alive, evidence_, alive ? "" : session_.why());
  }

  Context& context_;
  GattSession session_;
  std::uint64_t state_;
  std::string sign_;  // attribute
  int written_ = 0, over_long_ = 0, hangs_ = 0, disconnections_ = 0;
  bool over_long_sent_ = false, gone_ = false;
  SeqRange evidence_;
  std::vector<std::string> after_, unsent_, withheld_;
};

void lint(const StepView& step, Problems& problems) { lint_attributes(step, "exclude", problems); }

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (auto consent = need_consent(context, port, "robustness"); !consent) return consent;
  return Writer(context, port).run();
}

}  // namespace

extern const Check security_attribute_writes;
const Check security_attribute_writes{
    .id = "security/attribute_writes",
    .revision = 1,
    .summary = "malformed and over-long values, and whether the device lives",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .hazard = Hazard::destructive,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
