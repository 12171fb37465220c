// Does a device implement the adopted services that it claims, as their specifications have them?
// Services and mandatory characteristics, properties (a value that must be indicated is not
// notified), client characteristic configuration (there, off for a stranger, and obeyed), and
// values whose flags and lengths agree (probes/gatt). Relates to the catalogue's standardised
// transmission.
//
// bluetoothd hands on what somebody subscribed to, and derives the method from the declaration.
// What comes uncalled, and by which method values really come, is seen with a tap on the HCI only
// (role `monitor`); without one these outputs are left out, and a note says so.
#include <algorithm>
#include <map>
#include <set>

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/gatt_profiles.h"
#include "profiles/measuring/gatt_session.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/tapped_port.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr Duration quiet_time = seconds(2);
constexpr std::uint16_t battery_level = 0x2A19;  // bluetoothd subscribes to it on its own

constexpr RoleSpec roles[] = {
    {"test", true, false, "device under test"},
    {"monitor", false, false, "a tap on the HCI (hci:hci0): what came uncalled, and how"},
};
constexpr OpKind needs[] = {OpKind::discover, OpKind::subscribe};

constexpr ParamSpec params[] = {
    {"services", ParamKind::texts, true, "", "adopted services that must be there, as 180D"},
    {"listen", ParamKind::duration, false, "10 s",
     "how long to listen to what the services notify and indicate"},
};

constexpr Output outputs[] = {
    {"services_present", OutputKind::truth, "", "all of the services are there", true},
    {"mandatory_present", OutputKind::truth, "", "all of their mandatory characteristics are there",
     true},
    {"properties_right", OutputKind::truth, "",
     "they have the properties that their services demand", true},
    {"configurable", OutputKind::truth, "",
     "what is notified or indicated has a client characteristic configuration, and can be "
     "subscribed to",
     true},
    {"configuration_kept", OutputKind::truth, "",
     "the configuration reads as it was written, on and off", true},
    {"quiet_before", OutputKind::truth, "", "nothing is sent that nobody subscribed to", true},
    {"quiet_after", OutputKind::truth, "", "nothing is sent any more once it was told to stop",
     true},
    {"method_right", OutputKind::truth, "",
     "values come as notification or indication, as their properties say", true},
    {"values_sound", OutputKind::truth, "", "flags, length and content of every value agree", true},
    {"values", OutputKind::number, "{count}", "values of these services that came", {}},
    {"malformed_values", OutputKind::number, "{count}", "values that could not be decoded", {}},
    {"findings", OutputKind::number, "{count}", "violations inside values that could", {}},
};

// A characteristic of the services that notifies or indicates.
struct Source {
  std::string path;
  unsigned properties = 0;
  bool has_configuration = false;
};

class Examination {
 public:
  Examination(Context& context, Port& port)
      : context_(context), session_(port), tapped_(context, port) {}

  Result<void> run() {
    auto found = session_.attach();
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
      context_.truth("services_present", false, {}, session_.why());
      return {};
    }
    if (!look_at_the_database()) return session_.disconnect();
    auto held = keep_quiet();
    if (held && *held) held = switch_all(true);
    if (held && *held) held = hear();
    if (held && *held) held = stop();
    if (!held) return tl::unexpected(held.error());
    if (!*held && !uncalled_before_.empty()) quiet("quiet_before", uncalled_before_, 0);
    if (!*held)
      for (const std::string_view output : {"configurable", "configuration_kept", "quiet_before",
                                            "quiet_after", "method_right", "values_sound"})
        if (!told_.contains(output))
          context_.unseen(output, cat("the link was lost: ", session_.why()));
    return session_.disconnect();
  }

 private:
  // False: none of the services is there.
  bool look_at_the_database() {
    std::vector<std::string> absent;
    ProfileFindings all;
    std::set<std::uint16_t> handles;
    for (const std::string& name : context_.with().texts("services")) {
      const Uuid uuid = Uuid::parse(name).value_or(Uuid{});
      const auto* service = session_.database().service(uuid);
      if (!service) {
        absent.push_back(name);
        all.missing.push_back(cat("all of ", name));
        continue;
      }
      ProfileFindings one = examine(*service);
      for (auto [from, to] : {std::pair{&one.missing, &all.missing},
                              {&one.properties, &all.properties},
                              {&one.descriptors, &without_configuration_}})
        to->insert(to->end(), from->begin(), from->end());
      for (std::size_t i = 0; i < service->characteristics.size(); ++i)
        take_source(*service, i, handles);
    }
    tapped_.only(std::move(handles));
    tell("services_present", absent);
    tell("mandatory_present", all.missing);
    if (absent.size() == context_.with().texts("services").size()) return false;
    tell("properties_right", all.properties);
    return true;
  }

  void take_source(const GattDatabase::Service& service, std::size_t i,
                   std::set<std::uint16_t>& handles) {
    const auto& one = service.characteristics[i];
    if (!(one.properties & (gatt_flag::notify | gatt_flag::indicate))) return;
    const bool has = std::ranges::any_of(one.descriptors,
                                         [](const auto& d) { return d.uuid == Uuid::of(0x2902); });
    sources_.push_back({path_of(service, i), one.properties, has});
    properties_[one.uuid] = one.properties;
    if (one.uuid != Uuid::of(battery_level)) handles.insert(one.handle);
  }

  void tell(std::string_view output, const std::vector<std::string>& problems) {
    told_.insert(output);
    context_.truth(output, problems.empty(), {}, join(problems, "; "));
  }

  // Whether values that nobody subscribed to would be seen.
  bool sees_all() { return tapped_.tapped() || session_.port().facts().transport == "sim"; }

  // What comes until then; false: the link was lost.
  template <class Take>
  Result<bool> listen(Stamp until, Take take) {
    return session_.listen(tapped_, until, [&](const Outcome& outcome, const GattEvent& event) {
      if (event.is_value()) take(outcome, event);
    });
  }

  Result<bool> keep_quiet() {
    tapped_.begin(context_.now());
    auto held = listen(context_.now() + quiet_time, [&](const Outcome&, const GattEvent& event) {
      uncalled_before_.insert(event.uuid.text());
    });
    tapped_.end(context_.now());
    return held;
  }

  // Subscribes, or puts an end to it; then the configuration must read so.
  Result<bool> switch_all(bool on) {
    for (Source& source : sources_) {
      const auto mode = on ? session_.port().device().gatt.notify : Subscribe::Mode::off;
      auto outcome = session_.port().perform(Subscribe{source.path, mode}, seconds(35));
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::lost) return gone(*outcome);
      if (outcome->kind != Outcome::Kind::done) {
        if (source.has_configuration)
          without_configuration_.push_back(cat(source.path, ": ", outcome->text));
        source.has_configuration = false;
        continue;
      }
      if (!source.has_configuration) continue;
      auto read = session_.port().perform(ReadValue{cat(source.path, "/2902")}, seconds(35));
      if (!read) return tl::unexpected(read.error());
      if (read->kind == Outcome::Kind::lost) return gone(*read);
      ++configurations_;
      const unsigned bits = read->octets.size() == 2 ? read->octets[0] & 3U : 4U;
      const unsigned may = (source.properties & gatt_flag::notify ? 1U : 0U) |
                           (source.properties & gatt_flag::indicate ? 2U : 0U);
      const bool right = on ? bits != 0 && (bits & ~may) == 0 : bits == 0;
      if (read->kind != Outcome::Kind::done || !right)
        not_kept_.push_back(cat(
            source.path, on ? " on" : " off", ": ",
            read->kind == Outcome::Kind::done ? to_hex(read->octets) : std::string(read->text)));
    }
    return true;
  }

  Result<bool> gone(const Outcome& outcome) {
    session_.lost(outcome.text);
    return false;
  }

  Result<bool> hear() {
    tell("configurable", without_configuration_);
    auto held =
        listen(context_.now() + context_.with().duration("listen"),
               [this](const Outcome& outcome, const GattEvent& event) { take(outcome, event); });
    if (held) report();
    return held;
  }

  Result<bool> stop() {
    if (auto off = switch_all(false); !off || !*off) return off;
    if (configurations_ > 0) tell("configuration_kept", not_kept_);
    // What was on its way.
    auto held = listen(context_.now() + milliseconds(200), [](const Outcome&, const GattEvent&) {});
    if (!held || !*held) return held;
    if (auto settled = tapped_.settle(); !settled) return tl::unexpected(settled.error());
    const std::int64_t before = tapped_.unheard();
    std::set<std::string> uncalled;
    tapped_.begin(context_.now());
    held = listen(context_.now() + quiet_time, [&](const Outcome&, const GattEvent& event) {
      uncalled.insert(event.uuid.text());
    });
    tapped_.end(context_.now());
    if (!held || !*held) return held;
    if (auto settled = tapped_.settle(); !settled) return tl::unexpected(settled.error());
    const std::string_view blind =
        !sees_all()
            ? "the stack hands on what was subscribed to; bind a tap on the HCI as `monitor`"
        : tapped_.tapped() && !tapped_.sees_it() ? "the tap listens to another adapter"
                                                 : "";
    if (!blind.empty()) {
      for (const std::string_view output : {"quiet_before", "quiet_after"})
        context_.unseen(output, blind);
      return true;
    }
    quiet("quiet_before", uncalled_before_, before);
    quiet("quiet_after", uncalled, tapped_.unheard() - before);
    return true;
  }

  void quiet(std::string_view output, const std::set<std::string>& came, std::int64_t at_the_tap) {
    std::string note = join({came.begin(), came.end()}, ", ");
    if (at_the_tap > 0) note += cat(note.empty() ? "" : "; ", at_the_tap, " values at the tap");
    told_.insert(output);
    context_.truth(output, note.empty(), {}, note);
  }

  void take(const Outcome& outcome, const GattEvent& event) {
    const auto declared = properties_.find(event.uuid);
    if (declared == properties_.end()) return;  // of another service
    ++values_;
    evidence_.extend(outcome.seq);
    const auto assigned = event.uuid.assigned();
    const GattCharacteristic* known = assigned ? gatt_characteristic(*assigned) : nullptr;
    if (event.source == EventSource::simulated || tapped_.shown()) {
      ++ways_;
      const bool notified = event.kind == EventKind::notification;
      const unsigned way = notified ? gatt_flag::notify : gatt_flag::indicate;
      // What its service demands is known, whatever the device declares.
      const unsigned demanded = known ? known->properties | known->may_have : 0;
      const bool right = (declared->second & way) && (demanded == 0 || (demanded & way));
      if (!right && event.kind != EventKind::value) wrong_way_.insert(event.uuid.text());
    }
    if (!known) return;
    ++decoded_;
    Reading reading;
    if (!read_value(*known, event.value, reading)) {
      ++malformed_;
      if (notes_.size() < 5) notes_.insert(cat(known->id, ": ", reading.refusal()));
      return;
    }
    for (const ValueFinding* finding : reading.findings())
      if (finding->severity == ValueFinding::Severity::violation) {
        ++findings_;
        if (notes_.size() < 5) notes_.insert(cat(known->id, ": ", finding->code));
      }
  }

  void report() {
    const std::string notes = join({notes_.begin(), notes_.end()}, "; ");
    context_.number("values", static_cast<double>(values_), 0, 0, evidence_);
    for (const std::string_view output : {"method_right", "values_sound"}) told_.insert(output);
    const std::string_view none = "no value came";
    if (ways_ > 0)
      context_.truth("method_right", wrong_way_.empty(), evidence_,
                     join({wrong_way_.begin(), wrong_way_.end()}, ", "));
    else
      context_.unseen("method_right",
                      values_ == 0 ? none
                                   : "the stack tells what is declared; bind a tap on the HCI as "
                                     "`monitor`");
    if (decoded_ == 0) return context_.unseen("values_sound", none);
    context_.truth("values_sound", malformed_ == 0 && findings_ == 0, evidence_, notes);
    context_.number("malformed_values", static_cast<double>(malformed_), 0, decoded_, evidence_, {},
                    notes);
    context_.number("findings", static_cast<double>(findings_), 0, decoded_, evidence_, {}, notes);
  }

  Context& context_;
  GattSession session_;
  TappedPort tapped_;
  std::vector<Source> sources_;
  std::map<Uuid, unsigned> properties_;
  std::vector<std::string> without_configuration_, not_kept_;
  std::set<std::string> uncalled_before_, wrong_way_, notes_;
  std::int64_t values_ = 0, decoded_ = 0, ways_ = 0, malformed_ = 0, findings_ = 0;
  std::set<std::string_view> told_;
  int configurations_ = 0;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"listen"}, problems);
  for (const std::string& name : step.with.texts("services")) {
    const auto uuid = Uuid::parse(name);
    if (!uuid)
      step.with.problem("services", step.at, cat("\"", name, "\" is no UUID"), problems);
    else if (!uuid->assigned() || !is_adopted_service(*uuid->assigned()))
      step.with.problem("services", step.at,
                        cat("what service ", name, " demands is not known here"), problems);
  }
}

Result<void> run(Context& context) { return Examination(context, context.port("test")).run(); }

}  // namespace

extern const Check transmission_gatt_profile;
const Check transmission_gatt_profile{
    .id = "transmission/gatt_profile",
    .revision = 1,
    .summary = "adopted services as their specifications have them",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run};

}  // namespace carebench::checks
