#include "profiles/run/plan.h"

#include <algorithm>
#include <ctime>
#include <set>

#include "profiles/run/own_limits.h"
#include "profiles/run/reference_gate.h"
#include "profiles/run/session.h"
#include "standards/decision.h"
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
    for (const auto& step : profile_.steps) check_reference(step);
    for (const auto& instance : step_instances(profile_)) add_step(instance);
    for (const auto& step : profile_.steps) add_remarks(step);
    for (const auto& action : profile_.safe)
      if (action.kind == SafeAction::Kind::prompt)
        remark(Kind::prompt, cat("safe action on ", action.device, ": the operator is asked"));
    tell_unfit();
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

  bool decided(const StepSpec& step, const JudgeLine& line) const {
    return !without_statement_.contains({step.id, line.value}) && !no_verdict(step, line);
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
                      [&](const auto& line) { return decided(step, line); }));
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

  // What the reference instruments will not bear, as far as the job tells today.
  void check_reference(const StepSpec& step) {
    if (!compares(*step.check)) return;
    const auto today = static_cast<std::int64_t>(std::time(nullptr)) / 86'400;
    std::vector<InstrumentUse> uses;
    for (const auto& spec : step.check->params)
      if (spec.name == "levels" && !step.with.numbers("levels").empty()) {
        const auto& levels = step.with.numbers("levels");
        const auto [low, high] = std::minmax_element(levels.begin(), levels.end());
        uses.push_back({std::string(instrument_role(step)), *low, *high, step.with.unit("unit")});
      }
    const ReferenceGate gate(step, job_, {today, today}, uses);
    for (const auto& reason : gate.reasons()) no_statement(step, reason.en);
    for (const auto& line : step.judge) {
      const Output* output = step.output(line.value);
      if (!line.limit || output->without_reference) continue;
      const Limit limit = job_.effective(*line.limit);
      const bool fixed = limit.status == LimitStatus::established && limit.is_number() &&
                         !limit.bound && !limit.is_composite() && limit.editions.empty();
      constexpr double none = -1;
      const double mpev = fixed ? tolerance_of(limit).mpev.value_or(none) : none;
      const bool direct =
          output->unit == "{unit}" && step.with.unit("unit").same_dimension(limit.unit);
      const double expanded = direct ? gate.largest_expanded(limit.unit).value_or(0) : 0;
      const bool too_large = mpev >= 0 && compare(3 * expanded, mpev) > 0;
      if (too_large)
        no_statement(step, cat(line.value, " ", limit.text(), ": U of the reference comes to ",
                               number(expanded, 3), ", more than a third of the limit"));
      if (too_large || !gate.reasons().empty()) without_statement_.insert({step.id, line.value});
    }
  }

  // The same reason for several steps is told once.
  void no_statement(const StepSpec& step, const std::string& why) {
    for (auto& [reason, steps] : unfit_)
      if (reason == why) {
        steps.push_back(step.id);
        return;
      }
    unfit_.push_back({why, {step.id}});
  }

  void tell_unfit() {
    if (!job_.given) return;  // said once for all
    for (const auto& [reason, steps] : unfit_)
      remark(Kind::instrument,
             cat(join(steps, ", "), ": ", reason, "; values against the reference get no verdict"));
  }

  const Profile& profile_;
  const Job& job_;
  std::vector<std::pair<std::string, std::vector<std::string>>> unfit_;
  std::set<std::pair<std::string, std::string>> without_statement_;  // step, value
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
