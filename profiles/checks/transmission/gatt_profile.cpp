// Does a device implement the adopted services that it claims, as their specifications have them?
// Services and mandatory characteristics, properties (a value that must be indicated is not
// notified), client characteristic configuration (there, off for a stranger, and obeyed), and
// values whose flags and lengths agree (probes/gatt). Relates to the catalogue's standardised
// transmission.
#include <algorithm>
#include <map>
#include <set>

#include "probes/gatt/characteristic.h"
#include "profiles/measuring/gatt_profiles.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
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
     "what is notified or indicated has a client characteristic configuration", true},
    {"quiet_before", OutputKind::truth, "", "nothing is sent that nobody subscribed to", true},
    {"method_right", OutputKind::truth, "",
     "values come as notification or indication, as their properties say", true},
    {"values_sound", OutputKind::truth, "", "flags, length and content of every value agree", true},
    {"values", OutputKind::number, "{count}", "values that came", {}},
    {"malformed_values", OutputKind::number, "{count}", "values that could not be decoded", {}},
    {"findings", OutputKind::number, "{count}", "violations inside values that could", {}},
};

class Examination {
 public:
  Examination(Context& context, Port& port) : context_(context), session_(port) {}

  Result<void> run() {
    auto found = session_.discover();
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
      context_.truth("services_present", false, {}, session_.why());
      return {};
    }
    look_at_the_database();
    if (auto heard = listen(); !heard) return heard;
    return session_.disconnect();
  }

 private:
  void look_at_the_database() {
    std::vector<std::string> absent;
    ProfileFindings all;
    for (const std::string& name : context_.with().texts("services")) {
      const Uuid uuid = Uuid::parse(name).value_or(Uuid{});
      const auto* service = session_.database().service(uuid);
      if (!service) {
        absent.push_back(name);
        continue;
      }
      ProfileFindings one = examine(*service);
      for (auto [from, to] : {std::pair{&one.missing, &all.missing},
                              {&one.properties, &all.properties},
                              {&one.descriptors, &all.descriptors}})
        to->insert(to->end(), from->begin(), from->end());
    }
    const auto tell = [&](std::string_view output, const std::vector<std::string>& problems) {
      context_.truth(output, problems.empty(), {}, join(problems, "; "));
    };
    tell("services_present", absent);
    tell("mandatory_present", all.missing);
    tell("properties_right", all.properties);
    tell("configurable", all.descriptors);
  }

  Result<void> listen() {
    std::string uncalled;
    auto quiet =
        session_.listen(context_.now() + seconds(2), [&](const Outcome&, const GattEvent& event) {
          if (event.kind == EventKind::notification || event.kind == EventKind::indication ||
              event.kind == EventKind::value)
            uncalled = event.uuid.text();
        });
    if (!quiet) return tl::unexpected(quiet.error());
    context_.truth("quiet_before", uncalled.empty(), {}, uncalled);
    if (!*quiet) return lost();
    const GattDatabase database = session_.database();
    for (const std::string& name : context_.with().texts("services")) {
      const auto* service = database.service(Uuid::parse(name).value_or(Uuid{}));
      if (!service) continue;
      for (std::size_t i = 0; i < service->characteristics.size(); ++i)
        if (auto subscribed = subscribe(*service, i); !subscribed) return subscribed;
    }
    auto heard = session_.listen(
        context_.now() + context_.with().duration("listen"),
        [this](const Outcome& outcome, const GattEvent& event) { take(outcome, event); });
    if (!heard) return tl::unexpected(heard.error());
    report();
    if (!*heard) return lost();
    return {};
  }

  Result<void> lost() {
    context_.note(cat("the link was lost: ", session_.why()));
    return {};
  }

  Result<void> subscribe(const GattDatabase::Service& service, std::size_t i) {
    const auto& characteristic = service.characteristics[i];
    if (!(characteristic.properties & (gatt_flag::notify | gatt_flag::indicate))) return {};
    properties_[characteristic.uuid] = characteristic.properties;
    const std::string path = path_of(service, i);
    auto outcome =
        session_.port().perform(Subscribe{path, session_.port().device().gatt.notify}, seconds(35));
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind != Outcome::Kind::done)
      context_.note(cat(path, " could not be subscribed to: ", outcome->text));
    return {};
  }

  void take(const Outcome& outcome, const GattEvent& event) {
    const bool told = event.kind == EventKind::notification || event.kind == EventKind::indication;
    if (!told && event.kind != EventKind::value) return;
    ++values_;
    evidence_.extend(outcome.seq);
    const auto properties = properties_.find(event.uuid);
    if (told && properties != properties_.end()) {
      const unsigned way =
          event.kind == EventKind::notification ? gatt_flag::notify : gatt_flag::indicate;
      if (!(properties->second & way)) wrong_way_.insert(event.uuid.text());
    }
    const auto assigned = event.uuid.assigned();
    const GattCharacteristic* known = assigned ? gatt_characteristic(*assigned) : nullptr;
    if (!known) return;
    // What its service demands is known, whatever the device declares.
    if (told && known->properties) {
      const unsigned way =
          event.kind == EventKind::notification ? gatt_property::notify : gatt_property::indicate;
      if (!((known->properties | known->may_have) & way)) wrong_way_.insert(event.uuid.text());
    }
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
    if (values_ == 0) {
      context_.note("no value came: nothing can be said of them");
      return;
    }
    context_.truth("method_right", wrong_way_.empty(), evidence_,
                   join({wrong_way_.begin(), wrong_way_.end()}, ", "));
    context_.truth("values_sound", malformed_ == 0 && findings_ == 0, evidence_, notes);
    context_.number("malformed_values", static_cast<double>(malformed_), 0, values_, evidence_, {},
                    notes);
    context_.number("findings", static_cast<double>(findings_), 0, values_, evidence_, {}, notes);
  }

  Context& context_;
  GattSession session_;
  std::map<Uuid, unsigned> properties_;
  std::set<std::string> wrong_way_, notes_;
  std::int64_t values_ = 0, malformed_ = 0, findings_ = 0;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
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
const Check transmission_gatt_profile{"transmission/gatt_profile",
                                      1,
                                      "adopted services as their specifications have them",
                                      roles,
                                      needs,
                                      params,
                                      outputs,
                                      Hazard::none,
                                      false,
                                      &lint,
                                      &run};

}  // namespace carebench::checks
