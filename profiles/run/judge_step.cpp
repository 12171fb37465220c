#include "profiles/run/judge_step.h"

#include <algorithm>
#include <cmath>

#include "profiles/measuring/figure_limits.h"
#include "standards/judge.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

const Measurement* find(const Attempt& attempt, const StepSpec& step, std::string_view value) {
  const Output* output = step.output(value);
  for (const auto& measurement : attempt.measurements)
    if (measurement.name == value || step.output(measurement.name) == output) return &measurement;
  return nullptr;
}

JudgedRecord missing(const JudgeLine& line) {
  JudgedRecord record;
  record.value = line.value;
  record.finding = Finding::of(Verdict::inconclusive);
  if (line.limit) record.limit.id = line.limit->id;
  if (line.limit) record.limit.text = line.limit->text();
  record.wording = {"检查未给出该值，无法判定", "the check gave no such value: nothing to judge"};
  return record;
}

// The other values of the attempt that a bound may depend on.
Circumstances circumstances(const Attempt& attempt, std::string_view name,
                            const std::optional<std::vector<Text2>>& plan_shortfalls) {
  Circumstances given;
  given.plan_shortfalls = plan_shortfalls;
  const std::string bias = cat(name.substr(0, name.rfind('.')), ".bias");
  for (const auto& measurement : attempt.measurements) {
    const auto* value = std::get_if<Quantity>(&measurement.value);
    if (!value) continue;
    if (measurement.name == bias) {
      given.indices["abs_bias"] = *value;
      given.indices["abs_bias"].value = std::abs(value->value);
    }
    for (const std::string_view which : {"reference", "device"})
      if (measurement.name == cat(name, "_at_", which)) given.indices[std::string(which)] = *value;
  }
  return given;
}

void judge_against(const Limit& limit, const Measurement& measurement, const Job& job,
                   const Circumstances& given, Attempt& attempt) {
  attempt.judged.push_back(judge(measurement, limit, job.decision_rule, given));
  if (const auto* quantity = std::get_if<Quantity>(&measurement.value))
    add_limits(attempt.figures, attempt.judged.back(), limit, quantity->unit);
}

void judge_lines(const StepSpec& step, const Job& job, Attempt& attempt,
                 const std::optional<std::vector<Text2>>& plan_shortfalls) {
  if (!step.judge.empty()) {
    for (const auto& line : step.judge) {
      const Measurement* measurement = find(attempt, step, line.value);
      if (!measurement)
        attempt.judged.push_back(missing(line));
      else if (line.limit)
        judge_against(job.effective(*line.limit), *measurement, job,
                      circumstances(attempt, measurement->name, plan_shortfalls), attempt);
      else
        attempt.judged.push_back(judge_expected(*measurement, *step.output(line.value)->expected));
    }
    return;
  }
  for (const auto& measurement : attempt.measurements)
    if (const Output* output = step.output(measurement.name); output && output->expected)
      attempt.judged.push_back(judge_expected(measurement, *output->expected));
  // A check with expectations that showed none of them has decided nothing.
  if (attempt.judged.empty())
    for (const auto& output : step.check->outputs)
      if (output.expected) {
        attempt.judged.push_back(missing({std::string(output.name), {}, {}}));
        return;
      }
}

// A guard band without the reference's uncertainty would be too narrow: no statement then.
void withhold(const StepSpec& step, Attempt& attempt) {
  // Only what is measured against the reference's values depends on their uncertainty.
  const bool compares = std::any_of(step.check->params.begin(), step.check->params.end(),
                                    [](const ParamSpec& p) { return p.name == "quantity"; });
  if (!compares) return;
  const auto prefix = cat(step.with.text("quantity"), ".");
  for (auto& judged : attempt.judged) {
    const bool guarded = judged.rule == to_string(DecisionRule::guarded_binary) ||
                         judged.rule == to_string(DecisionRule::guarded_nonbinary) ||
                         judged.rule == to_string(DecisionRule::jjf_1094);
    if (!guarded || !judged.value.starts_with(prefix) || !judged.finding.verdict) continue;
    judged.finding = Finding::of(Verdict::inconclusive);
    judged.wording.zh += "；参考仪器的不确定度未知，不作判定";
    judged.wording.en += "; the reference's uncertainty is not known: no statement";
  }
}

}  // namespace

void judge_attempt(const StepSpec& step, const Job& job, Attempt& attempt, bool reference_known,
                   const std::optional<std::vector<Text2>>& plan_shortfalls) {
  judge_lines(step, job, attempt, plan_shortfalls);
  if (!reference_known) withhold(step, attempt);
}

void conclude(const StepSpec& step, StepRecord& record) {
  std::vector<Finding> findings;
  for (const auto& attempt : record.attempts) {
    if (attempt.state == "interrupted") continue;
    if (attempt.state != "complete") {
      findings.push_back(Finding::without(Reason::error));
      continue;
    }
    Finding finding = Finding::without(Reason::report_only);
    for (const auto& judged : attempt.judged) finding = worse(finding, judged.finding);
    findings.push_back(finding);
  }
  if (findings.empty()) {
    record.finding = Finding::without(Reason::not_tested);
    record.reason = {"测试在本步骤中断", "the run was interrupted during this step"};
    return;
  }
  record.finding = findings.back();
  const auto is_pass = [](const Finding& f) { return f.verdict == Verdict::pass; };
  if (step.attempts_judged == StepSpec::Attempts::all)
    for (const auto& finding : findings) record.finding = worse(record.finding, finding);
  if (step.attempts_judged == StepSpec::Attempts::any)
    for (const auto& finding : findings)
      if (is_pass(finding)) record.finding = finding;
  if (record.finding == Finding::without(Reason::error)) {
    const auto& error = record.attempts.back().error;
    const std::string why = error ? error->message : "";
    record.reason = {cat("未能测试：", why), cat("could not test: ", why)};
  }
}

}  // namespace carebench
