#include "profiles/run/plan.h"

#include <algorithm>
#include <ctime>

#include "profiles/run/own_limits.h"
#include "profiles/run/session.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Kind = Plan::Remark::Kind;

class Planner {
 public:
  Planner(const Profile& profile, const Job& job) : profile_(profile), job_(job) {}

  Plan plan() {
    plan_.profile = cat(profile_.id, " ", profile_.version);
    plan_.title = profile_.title;
    for (const auto& device : profile_.devices)
      plan_.devices.push_back(
          cat(device.name, " (", to_string(device.role), ", ", device.samples,
              device.samples == 1 ? " piece): " : " pieces): ", join(device.links, ", ")));
    if (!job_.given)
      remark(Kind::no_job, "no job file: no decision rule, no instruments; not signable");
    for (const auto& instance : step_instances(profile_)) add_step(instance);
    for (const auto& step : profile_.steps) add_remarks(step);
    for (const auto& action : profile_.safe)
      if (action.kind == SafeAction::Kind::prompt)
        remark(Kind::prompt, cat("safe action on ", action.device, ": the operator is asked"));
    check_instruments();
    check_claims();
    if (profile_.requirements)
      for (const auto* requirement : profile_.requirements->applying_to(profile_.category))
        if (std::none_of(profile_.steps.begin(), profile_.steps.end(),
                         [&](const StepSpec& step) { return step.requirement == requirement->id; }))
          plan_.untested.push_back(cat(requirement->clause.zh, "  ", requirement->id));
    return std::move(plan_);
  }

 private:
  void remark(Kind kind, std::string text) { plan_.remarks.push_back({kind, std::move(text)}); }

  bool applies(const StepSpec& step) const {
    return step.when.empty() || std::find(job_.capabilities.begin(), job_.capabilities.end(),
                                          step.when) != job_.capabilities.end();
  }

  // Why a value gets no verdict by its limit; nothing: it gets one.
  std::optional<Plan::Remark> no_verdict(const StepSpec& step, const JudgeLine& line) const {
    if (!line.limit) return std::nullopt;
    const Limit limit = job_.effective(*line.limit);
    const std::string against = cat(step.id, ": ", line.value, " against ", limit.id);
    const auto because = [&](std::string why) {
      return Plan::Remark{Kind::limit_not_established, cat(against, why)};
    };
    if (limit.status != LimitStatus::established)
      return because(cat(" (", limit.source.text(), "): value without verdict"));
    if (wants_claim(limit))
      return because(
          ": it depends on what the manufacturer declares, and the job's declaration has no claim "
          "on it: value without verdict");
    // A check of a whole series looks at the sample plan, and at each pair.
    const bool series = std::any_of(
        step.check->outputs.begin(), step.check->outputs.end(),
        [](const Output& output) { return output.name == "{quantity}.each_at_reference"; });
    if (!limit.plan.empty() && !series)
      return because(
          ": the limit has a sample plan, which a run does not meet: inconclusive; gather the "
          "series and judge it by carebench analyse");
    if (limit.bound && limit.bound->by_pair() && !series)
      return because(
          ": the limit differs from pair to pair, the value is one number: inconclusive; gather "
          "the series and judge it by carebench analyse");
    if (!limit.is_number() || limit.rule || job_.decision_rule) return std::nullopt;
    return Plan::Remark{Kind::no_rule, cat(step.id, ": ", line.value, " ", limit.text(),
                                           ": neither the limit nor the job names a decision rule; "
                                           "the value is printed without a verdict")};
  }

  void add_step(const StepInstance& instance) {
    const StepSpec& step = *instance.step;
    Plan::Step entry{step.id,          instance.sample, std::string(step.check->id),
                     step.requirement, step.title,      0,
                     applies(step)};
    entry.judged = static_cast<std::size_t>(
        std::count_if(step.judge.begin(), step.judge.end(),
                      [&](const auto& line) { return !no_verdict(step, line); }));
    if (step.judge.empty())
      entry.judged = static_cast<std::size_t>(
          std::count_if(step.check->outputs.begin(), step.check->outputs.end(),
                        [](const Output& output) { return output.expected.has_value(); }));
    plan_.steps.push_back(std::move(entry));
  }

  void add_remarks(const StepSpec& step) {
    if (!applies(step))
      remark(Kind::does_not_apply,
             cat(step.id, ": the job does not declare the capability \"", step.when, "\""));
    for (const auto& line : step.judge) {
      if (!line.limit) continue;
      const Limit limit = job_.effective(*line.limit);
      if (!limit.not_in_force.empty())
        remark(Kind::not_in_force,
               cat(step.id, ": ", line.value, " against ", limit.id, ": ", limit.not_in_force.en));
      if (auto told = no_verdict(step, line)) plan_.remarks.push_back(std::move(*told));
    }
    if (const auto reference = step.on.find("reference");
        job_.given && reference != step.on.end() && step.output("availability"))
      check_range(step, reference->second.front());
    const auto hazard = step.check->hazard;
    if (hazard != Hazard::none)
      remark(Kind::hazard, cat(step.id, ": ", to_string(hazard),
                               " hazard; safe actions: ", profile_.safe.size()));
    if (hazard == Hazard::destructive && job_.consent.empty())
      remark(Kind::consent, cat(step.id,
                                ": a destructive test wants the customer's written consent "
                                "in the job (consent: [...])"));
    for (const auto& [role, names] : step.on)
      for (const auto& name : names) {
        const auto& links = profile_.device(name)->links;
        if (std::find(links.begin(), links.end(), "operator") != links.end())
          remark(Kind::prompt, cat(step.id, ": ", name,
                                   " may be read by the operator, who is then "
                                   "asked for typed readings"));
      }
  }

  // A claim that no step is judged by is told; its name may be off.
  void check_claims() {
    std::vector<std::string> named;
    for (const auto& step : profile_.steps)
      for (const auto& line : step.judge)
        if (line.limit) named.push_back(line.limit->id);
    for (const auto& claim : job_.claims)
      if (std::find(named.begin(), named.end(), claim.limit) == named.end())
        remark(Kind::claim, cat("no step is judged by the claim on ", claim.limit,
                                suggestion(claim.limit, named)));
  }

  void check_range(const StepSpec& step, const std::string& device) {
    const auto* instrument = job_.instrument(device);
    const auto& quantity = step.with.text("quantity");
    if (!instrument) return;  // said once for all steps
    if (instrument->range(quantity)) return;
    remark(Kind::instrument, cat(step.id, ": the reference instrument ", instrument->name,
                                 " has no range for ", quantity, ": its uncertainty is not known"));
  }

  void check_instruments() {
    const auto today = static_cast<std::int64_t>(std::time(nullptr)) / 86'400;
    for (const auto& device : profile_.devices) {
      if (device.role != DeviceRole::reference) continue;
      const auto* instrument = job_.instrument(device.name);
      if (!instrument) {
        if (job_.given)
          remark(Kind::instrument, cat("the job names no instrument for \"", device.name,
                                       "\": its uncertainty is not known"));
        continue;
      }
      const auto due = parse_date(instrument->due);
      if (!due)
        remark(Kind::instrument, cat(instrument->name, ": no calibration due date"));
      else if (*due < today)
        remark(Kind::instrument,
               cat(instrument->name, ": calibration overdue since ", instrument->due));
    }
  }

  const Profile& profile_;
  const Job& job_;
  Plan plan_;
};

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::does_not_apply:
      return "does not apply";
    case Kind::no_rule:
      return "no decision rule";
    case Kind::limit_not_established:
      return "limit not established";
    case Kind::not_in_force:
      return "not in force";
    case Kind::claim:
      return "claim not used";
    case Kind::hazard:
      return "hazard";
    case Kind::consent:
      return "consent missing";
    case Kind::prompt:
      return "operator";
    case Kind::instrument:
      return "instrument";
    case Kind::no_job:
      return "no job";
  }
  return "";
}

Result<Plan> make_plan(const std::string& profile_name, const std::string& job_name,
                       const std::vector<std::string>& limits) {
  Inputs inputs;
  inputs.set_test_date(local_date());
  if (auto added = add_limits(inputs, own_limits, limits); !added)
    return tl::unexpected(added.error());
  auto profile = Profile::load(inputs, profile_name);
  if (!profile) return tl::unexpected(profile.error());
  Job job;
  if (!job_name.empty()) {
    auto loaded = Job::load(inputs, job_name);
    if (!loaded) return tl::unexpected(loaded.error());
    job = std::move(*loaded);
    if (auto fits = check_job(*profile, job); !fits) return tl::unexpected(fits.error());
  }
  return Planner(*profile, job).plan();
}

Json to_json(const Plan& plan) {
  Json steps = Json::array(), remarks = Json::array(), untested = Json::array(),
       devices = Json::array();
  for (const auto& step : plan.steps)
    steps.push(Json::object()
                   .set("id", step.id)
                   .set("sample", step.sample)
                   .set("check", step.check)
                   .set("requirement", step.requirement)
                   .set("title", Json::object().set("zh", step.title.zh).set("en", step.title.en))
                   .set("judged", step.judged)
                   .set("applies", step.applies));
  for (const auto& remark : plan.remarks)
    remarks.push(Json::object().set("kind", to_string(remark.kind)).set("text", remark.text));
  for (const auto& clause : plan.untested) untested.push(clause);
  for (const auto& device : plan.devices) devices.push(device);
  return Json::object()
      .set("profile", plan.profile)
      .set("devices", std::move(devices))
      .set("steps", std::move(steps))
      .set("remarks", std::move(remarks))
      .set("untested", std::move(untested));
}

}  // namespace carebench
