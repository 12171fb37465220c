// What does a stranger get from a GATT device? The bench drops its bond, connects without pairing,
// and reads and subscribes to everything that declares it (SEC-BLE-03); a value of a health service
// that is delivered is what must not happen. With `writes: true`, and the customer's consent, it
// also writes back what it read, or the values that the profile gives (SEC-BLE-04); what it changes
// so, it puts right again.
//
// Nothing is said that was not seen. Where an attribute could not be tried, where a stranger could
// subscribe and nothing was sent (a cuff sends when it has measured: let it measure meanwhile, and
// give `listen` the time), or where the stack paired by itself at once, the values that depend on
// it are missing and a note says why. Put the step before those that pair: a device may be stricter
// with a bench whose bond it holds, and only its user can delete that.
#include <algorithm>

#include "profiles/measuring/consent.h"
#include "profiles/measuring/gatt_stranger.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

using Tried = GattStranger::Tried;

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
     "{attribute: octets} to write, in hexadecimal; else what was read is written back"},
    {"exclude", ParamKind::texts, false, "",
     "attributes that are not written to, for it would do harm; the report names them"},
    unbond_param,
    require_consent_param,
};

constexpr Output outputs[] = {
    {"reachable", OutputKind::truth, "", "the device let a stranger connect and list it", true},
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
    {"health_subscriptions_open",
     OutputKind::number,
     "{count}",
     "attributes of health services that could be subscribed to without pairing, whether they sent "
     "anything or not",
     {}},
    {"other_values_readable",
     OutputKind::number,
     "{count}",
     "other attributes, but for what any device tells, that were read without pairing; features "
     "and locations of health services among them",
     {}},
    {"writes_refused", OutputKind::truth, "",
     "nothing that was written without pairing was taken; only with `writes`", true},
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
    {"stranger_throughout", OutputKind::truth, "",
     "no bond stood between bench and device, and the bench's stack did not pair by itself", true},
};

class Access {
 public:
  Access(Context& context, Port& port)
      : context_(context),
        session_(port),
        stranger_(context, session_, context.with().boolean("unbond")) {}

  Result<void> run() {
    auto met = stranger_.meet();
    if (!met) return tl::unexpected(met.error());
    session_.tell_reached(context_, "reachable", *met);
    if (!*met) return {};
    const GattDatabase database = session_.database();
    for (const auto& service : database.services)
      for (std::size_t i = 0; i < service.characteristics.size(); ++i)
        if (auto tried = attribute(service, i); !tried) return tried;
    if (auto left = stranger_.leave(); !left) return left;
    report();
    return {};
  }

 private:
  using Paths = std::vector<std::string>;
  struct Subject {
    const GattDatabase::Characteristic& characteristic;
    std::string path;
    bool adopted = false, health = false, other = false;
  };

  Result<Tried> attempt(const Op& op) {
    auto tried = stranger_.attempt(op);
    if (tried && tried->evidence.first) {
      evidence_.extend(tried->evidence.first);
      evidence_.extend(tried->evidence.last);
    }
    return tried;
  }

  Result<void> attribute(const GattDatabase::Service& service, std::size_t i) {
    Subject subject{service.characteristics[i], path_of(service, i)};
    const bool allowed = names_attribute(context_.with().texts("allow"), subject.path);
    subject.adopted = is_health_service(service.uuid);
    const bool of_health =
        subject.adopted || names_service(context_.with().texts("health"), service.uuid);
    subject.health = of_health && !allowed && !is_descriptive(subject.characteristic.uuid);
    subject.other = !subject.health && !allowed && (of_health || !is_common_service(service.uuid));
    bool wanted = false;
    std::optional<Bytes> value;
    if (subject.characteristic.has(gatt_flag::read)) {
      auto tried = attempt(ReadValue{subject.path});
      if (!tried) return tl::unexpected(tried.error());
      wanted = tried->kind == Tried::Kind::withheld;
      if (tried->kind == Tried::Kind::given) value = tried->value;
      if (value && !value->empty() && subject.health) read_.push_back(subject.path);
      if (value && !value->empty() && subject.other) other_.push_back(subject.path);
      if (tried->kind == Tried::Kind::undecided)
        (subject.health ? unread_ : other_unread_).push_back(cat(subject.path, ": ", tried->why));
      health_tried_ |= subject.health;
    }
    if (subject.characteristic.properties & (gatt_flag::notify | gatt_flag::indicate)) {
      auto heard = subscribe(subject, wanted);
      if (!heard) return heard;
    }
    if (context_.with().boolean("writes"))
      if (auto written = write(subject, value, wanted); !written) return written;
    protected_ += wanted;
    return {};
  }

  Result<void> subscribe(const Subject& subject, bool& wanted) {
    health_tried_ |= subject.health;
    bool value = false;
    for (int again = 0; again < 2; ++again) {
      auto tried = attempt(Subscribe{subject.path, Subscribe::Mode::acquire});
      if (!tried) return tl::unexpected(tried.error());
      wanted |= tried->kind == Tried::Kind::withheld;
      if (tried->kind != Tried::Kind::given) {
        if (tried->kind == Tried::Kind::undecided && subject.health)
          unheard_.push_back(cat(subject.path, ": ", tried->why));
        return {};
      }
      auto stayed = session_.listen(context_.now() + context_.with().duration("listen"),
                                    [&](const Outcome& outcome, const GattEvent& event) {
                                      if (!event.is_value() || event.value.empty()) return;
                                      value = true;
                                      evidence_.extend(outcome.seq);
                                    });
      if (!stayed) return tl::unexpected(stayed.error());
      auto alone = stranger_.unpaired();
      if (!alone) return tl::unexpected(alone.error());
      if (!*alone) {  // what came may have come after that
        if (subject.health)
          unheard_.push_back(cat(subject.path, ": the stack paired while it was listened to"));
        return {};
      }
      if (!*stayed) stranger_.link_lost();
      if (!*stayed && !value) continue;
      if (*stayed) {
        auto off = session_.port().perform(Subscribe{subject.path, Subscribe::Mode::off});
        if (!off) return tl::unexpected(off.error());
      }
      break;
    }
    if (!subject.health) return {};
    // An adopted control point answers to who writes to it: to subscribe tells of nobody's health.
    const bool control = subject.adopted && subject.characteristic.has(gatt_flag::write);
    if (!control || value) open_.push_back(subject.path);
    if (value) notified_.push_back(subject.path);
    if (!control && !value) silent_.push_back(subject.path);
    return {};
  }

  // What the profile gives, or what was read; nothing: there is neither.
  Result<std::optional<Bytes>> octets_for(const Subject& subject,
                                          const std::optional<Bytes>& value) const {
    const yaml::Node named = context_.with().tree("values").find(subject.path);
    if (!named) return value;
    const auto octets = from_hex(named.text());
    if (!octets)
      return fail(Errc::bad_input, Blame::profile,
                  cat("values: ", subject.path, ": \"", named.text(), "\" is not hexadecimal"));
    return std::optional<Bytes>(*octets);
  }

  Result<void> write(const Subject& subject, const std::optional<Bytes>& value, bool& wanted) {
    const bool request = subject.characteristic.has(gatt_flag::write);
    const std::string& path = subject.path;
    if (!request && !subject.characteristic.has(gatt_flag::write_without_response)) return {};
    if (names_attribute(context_.with().texts("exclude"), path)) {
      excluded_.push_back(path);
      return {};
    }
    const auto octets = octets_for(subject, value);
    if (!octets) return tl::unexpected(octets.error());
    if (!*octets) {
      unwritten_.push_back(cat(path, ": it could not be read, and `values` gives nothing"));
      return {};
    }
    // Nobody answers a command: only a value that reads as another one afterwards shows it.
    if (!request && (!value || **octets == *value)) {
      unwritten_.push_back(cat(path,
                               ": takes writes without response; give another value than it "
                               "has, where it can be read"));
      return {};
    }
    const auto mode = request ? WriteValue::Mode::request : WriteValue::Mode::command;
    auto tried = attempt(WriteValue{path, **octets, mode});
    if (!tried) return tl::unexpected(tried.error());
    wanted |= tried->kind == Tried::Kind::withheld;
    bool taken = tried->kind == Tried::Kind::given;
    if (taken && !request) {
      auto back = attempt(ReadValue{path});
      if (!back) return tl::unexpected(back.error());
      if (back->kind != Tried::Kind::given) tried->kind = Tried::Kind::undecided;
      taken = back->kind == Tried::Kind::given && back->value == **octets;
    }
    if (tried->kind == Tried::Kind::undecided) unwritten_.push_back(cat(path, ": ", tried->why));
    if (!taken) return {};
    written_.push_back(path);
    if (!value || *value == **octets) return {};
    auto restored = attempt(WriteValue{path, *value, mode});
    if (!restored) return tl::unexpected(restored.error());
    if (restored->kind != Tried::Kind::given)
      context_.note(cat(path, " COULD NOT BE PUT RIGHT: it held ", to_hex(*value)));
    return {};
  }

  void tell(std::string_view what, const Paths& list) {
    if (!list.empty()) context_.note(cat(what, join(list, "; ")));
  }

  void report() {
    const auto count = [&](std::string_view output, const Paths& paths) {
      context_.number(output, static_cast<double>(paths.size()), 0, 0, evidence_, {},
                      join(paths, ", "));
    };
    const bool given = !read_.empty() || !notified_.empty();
    const bool decided = unread_.empty() && unheard_.empty() && silent_.empty();
    if (given)
      context_.truth("health_values_protected", false, evidence_,
                     join(read_.empty() ? notified_ : read_, ", "));
    else if (!health_tried_)
      context_.unseen(
          "health_values_protected",
          "the device lists nothing that is known to carry health values: name services "
          "of the vendor's own in `health`");
    else if (decided)
      context_.truth("health_values_protected", true, evidence_, stranger_.why_known());
    else
      context_.unseen("health_values_protected", "not all attributes that matter were decided");
    if (unread_.empty()) count("health_values_readable", read_);
    if (unheard_.empty() && silent_.empty()) count("health_values_notified", notified_);
    if (unheard_.empty()) count("health_subscriptions_open", open_);
    if (other_unread_.empty()) count("other_values_readable", other_);
    if (context_.with().boolean("writes")) {
      if (!written_.empty() || unwritten_.empty())
        context_.truth("writes_refused", written_.empty(), evidence_, join(written_, ", "));
      else
        context_.unseen("writes_refused", "not all attributes were decided");
      if (unwritten_.empty()) count("writes_accepted", written_);
    }
    context_.number("protected_attributes", protected_, 0, 0, evidence_);
    context_.truth("stranger_throughout", stranger_.throughout(), {}, stranger_.why_known());
    tell("not decided: ", unread_);
    tell("not decided: ", unheard_);
    tell("a stranger may subscribe, and nothing was sent while the bench listened: ", silent_);
    tell("not decided: ", other_unread_);
    tell("writing was not decided: ", unwritten_);
    tell("not written to, as the profile says: ", excluded_);
  }

  Context& context_;
  GattSession session_;
  GattStranger stranger_;
  bool health_tried_ = false;
  int protected_ = 0;
  Paths read_, notified_, open_, other_, written_, excluded_;
  Paths unread_, unheard_, silent_, other_unread_, unwritten_;  // not decided, and why
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  lint_services(step, "health", problems);
  for (const std::string_view list : {"allow", "exclude"}) lint_attributes(step, list, problems);
  lint_values(step, "values", problems);
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (context.with().boolean("writes"))
    if (auto consent = need_consent(context, port, "writes"); !consent) return consent;
  return Access(context, port).run();
}

}  // namespace

extern const Check security_attribute_access;
const Check security_attribute_access{
    .id = "security/attribute_access",
    .revision = 1,
    .summary = "what a GATT device gives and takes without pairing",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
