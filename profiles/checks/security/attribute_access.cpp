// What does a stranger get from a GATT device? The bench drops its bond, connects without pairing,
// and reads and subscribes to everything that declares it (SEC-BLE-03); values of health services
// that are delivered are what must not happen. With `writes: true`, and the customer's consent, it
// also writes back what it read, or the values that the profile gives (SEC-BLE-04).
//
// Some stacks pair by themselves when a device asks for it. An attribute that was had only after
// that is protected, and the bench becomes a stranger again before it goes on.
#include <algorithm>

#include "probes/gatt/refusal.h"
#include "profiles/measuring/consent.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};

constexpr OpKind needs[] = {OpKind::discover, OpKind::read_value, OpKind::subscribe};

constexpr ParamSpec params[] = {
    {"listen", ParamKind::duration, false, "5 s",
     "how long to listen to each attribute that can be subscribed to"},
    {"health", ParamKind::texts, false, "",
     "services of the vendor's own that carry health values or user data, as UUIDs"},
    {"allow", ParamKind::texts, false, "", "attributes that anybody may read, as 180D/2A38"},
    {"writes", ParamKind::boolean, false, "false",
     "also write without pairing; needs the customer's consent \"writes\""},
    {"values", ParamKind::tree, false, "",
     "{attribute: octets} to write where nothing can be read back, in hexadecimal"},
    require_consent_param,
};

constexpr Output outputs[] = {
    {"reachable", OutputKind::truth, "", "the device let a stranger connect and list it", {}},
    {"health_values_protected", OutputKind::truth, "",
     "no value of a health service was delivered without pairing", true},
    {"health_values_readable",
     OutputKind::number,
     "{count}",
     "attributes of health services that were read without pairing",
     {}},
    {"health_values_notified",
     OutputKind::number,
     "{count}",
     "attributes of health services that sent values without pairing",
     {}},
    {"other_values_readable",
     OutputKind::number,
     "{count}",
     "other attributes, but for what any device tells, that were read without pairing",
     {}},
    {"writes_accepted",
     OutputKind::number,
     "{count}",
     "attributes that took a value without pairing; only with `writes`",
     {}},
    {"protected_attributes",
     OutputKind::number,
     "{count}",
     "attributes that wanted pairing first",
     {}},
};

class Stranger {
 public:
  Stranger(Context& context, Port& port) : context_(context), session_(port) {}

  Result<void> run() {
    if (auto there = meet(); !there) return tl::unexpected(there.error());
    context_.truth("reachable", reachable_, {}, reachable_ ? "" : session_.why());
    if (!reachable_) return {};
    const GattDatabase database = session_.database();
    for (const auto& service : database.services)
      for (std::size_t i = 0; i < service.characteristics.size(); ++i)
        if (auto tried = attribute(service, i); !tried) return tried;
    if (auto left = session_.forget(); !left) return left;
    report();
    return {};
  }

 private:
  Result<void> meet() {
    if (auto gone = session_.forget(); !gone) return gone;
    auto found = session_.discover();
    if (!found) return tl::unexpected(found.error());
    reachable_ = *found;
    return {};
  }

  bool is_health(const Uuid& service) const {
    if (is_health_service(service)) return true;
    const auto& named = context_.with().texts("health");
    return std::any_of(named.begin(), named.end(),
                       [&](const std::string& text) { return Uuid::parse(text) == service; });
  }
  bool allowed(const std::string& path) const {
    const auto& list = context_.with().texts("allow");
    return std::find(list.begin(), list.end(), path) != list.end();
  }

  // Was it the bench's stack that paired to get it? Then the attribute is protected.
  Result<bool> paired_for_it() {
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    if (!status->paired) return false;
    ++protected_;
    if (auto again = meet(); !again) return tl::unexpected(again.error());
    return true;
  }

  // Did a stranger get it? A refusal for want of security is counted; the link may go with it.
  Result<bool> given(const Result<Outcome>& outcome) {
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind == Outcome::Kind::done) {
      auto paired = paired_for_it();
      if (!paired) return paired;
      return !*paired;
    }
    const auto att = att_error_of(outcome->text);
    if (att && wants_security(*att)) ++protected_;
    if (outcome->kind == Outcome::Kind::lost)
      if (auto again = meet(); !again) return tl::unexpected(again.error());
    return false;
  }

  Result<void> attribute(const GattDatabase::Service& service, std::size_t i) {
    const auto& characteristic = service.characteristics[i];
    const std::string path = path_of(service, i);
    const bool health = is_health(service.uuid) && !allowed(path);
    const bool other = !health && !is_common_service(service.uuid) && !allowed(path);
    Bytes value;
    bool read = false;
    if (characteristic.has(gatt_flag::read)) {
      auto outcome = session_.port().perform(ReadValue{path}, seconds(35));
      if (outcome) value.assign(outcome->octets.begin(), outcome->octets.end());
      auto got = given(outcome);
      if (!got) return tl::unexpected(got.error());
      read = *got;
      if (read && !value.empty()) {
        (health ? health_read_ : other ? other_read_ : common_read_).push_back(path);
      }
    }
    if (characteristic.properties & (gatt_flag::notify | gatt_flag::indicate))
      if (auto heard = subscribe(path, health); !heard) return heard;
    return context_.with().boolean("writes") ? write(characteristic, path, read, value)
                                             : Result<void>();
  }

  Result<void> subscribe(const std::string& path, bool health) {
    auto got =
        given(session_.port().perform(Subscribe{path, Subscribe::Mode::acquire}, seconds(35)));
    if (!got) return tl::unexpected(got.error());
    if (!*got || !reachable_) return {};
    bool value = false;
    auto heard = session_.listen(context_.now() + context_.with().duration("listen"),
                                 [&](const Outcome& outcome, const GattEvent&) {
                                   value = true;
                                   evidence_.extend(outcome.seq);
                                 });
    if (!heard) return tl::unexpected(heard.error());
    if (value && health) notified_.push_back(path);
    if (!*heard) return meet();
    auto off = session_.port().perform(Subscribe{path, Subscribe::Mode::off}, seconds(35));
    if (!off) return tl::unexpected(off.error());
    return {};
  }

  Result<void> write(const GattDatabase::Characteristic& characteristic, const std::string& path,
                     bool read, const Bytes& value) {
    const bool request = characteristic.has(gatt_flag::write);
    if (!request && !characteristic.has(gatt_flag::write_without_response)) return {};
    Bytes octets = value;
    if (const yaml::Node named = context_.with().tree("values").find(path)) {
      const auto given_octets = from_hex(named.text());
      if (!given_octets)
        return fail(Errc::bad_input, Blame::profile, cat("values: ", path, ": no octets"));
      octets = *given_octets;
    } else if (!read) {
      context_.note(cat(path,
                        " was not written: nothing could be read back, and the profile "
                        "gives no value"));
      return {};
    }
    WriteValue write{path, octets, request ? WriteValue::Mode::request : WriteValue::Mode::command};
    auto got = given(session_.port().perform(write, seconds(35)));
    if (!got) return tl::unexpected(got.error());
    if (*got && request) written_.push_back(path);
    return {};
  }

  void report() {
    const auto count = [&](std::string_view output, const std::vector<std::string>& paths) {
      context_.number(output, static_cast<double>(paths.size()), 0, 0, evidence_, {},
                      join(paths, ", "));
    };
    context_.truth("health_values_protected", health_read_.empty() && notified_.empty(), evidence_,
                   join(health_read_.empty() ? notified_ : health_read_, ", "));
    count("health_values_readable", health_read_);
    count("health_values_notified", notified_);
    count("other_values_readable", other_read_);
    if (context_.with().boolean("writes")) count("writes_accepted", written_);
    context_.number("protected_attributes", static_cast<double>(protected_));
  }

  Context& context_;
  GattSession session_;
  bool reachable_ = false;
  int protected_ = 0;
  std::vector<std::string> health_read_, other_read_, common_read_, notified_, written_;
  SeqRange evidence_;
};

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (context.with().boolean("writes"))
    if (auto consent = need_consent(context, port, "writes"); !consent) return consent;
  return Stranger(context, port).run();
}

}  // namespace

extern const Check security_attribute_access;
const Check security_attribute_access{"security/attribute_access",
                                      1,
                                      "what a GATT device gives and takes without pairing",
                                      roles,
                                      needs,
                                      params,
                                      outputs,
                                      Hazard::none,
                                      false,
                                      nullptr,
                                      &run};

}  // namespace carebench::checks
