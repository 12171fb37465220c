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

class Judging {
 public:
  Judging(const StepSpec& step, const Job& job, const JudgedBy& by, Attempt& attempt)
      : step_(step),
        job_(job),
        by_(by),
        gate_(step, job, days_of(by.unix_base_ns, attempt.from, attempt.to), by.context.uses),
        attempt_(attempt) {}

  void judge_all() {
    attempt_.unfit = gate_.reasons();
    if (step_.judge.empty())
      judge_expectations();
    else
      for (const auto& line : step_.judge) judge_line(line);
    // What showed only against the limit.
    if (gate_.reasons().empty())
      for (const auto& judged : attempt_.judged) add_reason(judged.no_statement);
  }

 private:
  void judge_line(const JudgeLine& line) {
    const Measurement* measurement = find(attempt_, step_, line.value);
    if (!measurement)
      attempt_.judged.push_back(missing(line));
    else if (line.limit)
      judge_against(job_.effective(*line.limit), *measurement);
    else
      expect(*measurement, *step_.output(line.value)->expected);
  }

  void judge_against(const Limit& limit, const Measurement& measurement) {
    attempt_.judged.push_back(
        judge(measurement, limit, job_.decision_rule, circumstances(measurement)));
    if (const auto* quantity = std::get_if<Quantity>(&measurement.value))
      add_limits(attempt_.figures, attempt_.judged.back(), limit, quantity->unit);
  }

  void expect(const Measurement& measurement, bool expected) {
    attempt_.judged.push_back(judge_expected(measurement, expected, circumstances(measurement)));
  }

  void judge_expectations() {
    for (const auto& measurement : attempt_.measurements)
      if (const Output* output = step_.output(measurement.name); output && output->expected)
        expect(measurement, *output->expected);
    for (const std::string& name : by_.context.not_seen)
      if (const Output* output = step_.output(name); output && output->expected)
        attempt_.judged.push_back(missing({name, {}, {}}));
    // A check with expectations that showed none of them has decided nothing.
    if (attempt_.judged.empty())
      for (const auto& output : step_.check->outputs)
        if (output.expected) {
          attempt_.judged.push_back(missing({std::string(output.name), {}, {}}));
          return;
        }
  }

  // The other values of the attempt that a bound may depend on, and the reference behind this one.
  Circumstances circumstances(const Measurement& of) const {
    Circumstances given;
    given.plan_shortfalls = by_.context.plan_shortfalls;
    if (const Output* output = step_.output(of.name)) gate_.add(given, of, *output);
    const std::string bias = cat(of.name.substr(0, of.name.rfind('.')), ".bias");
    for (const auto& measurement : attempt_.measurements) {
      const auto* value = std::get_if<Quantity>(&measurement.value);
      if (!value) continue;
      if (measurement.name == bias) {
        given.indices["abs_bias"] = *value;
        given.indices["abs_bias"].value = std::abs(value->value);
      }
      for (const std::string_view which : {"reference", "device"})
        if (measurement.name == cat(of.name, "_at_", which))
          given.indices[std::string(which)] = *value;
    }
    return given;
  }

  void add_reason(const Text2& why) {
    const auto& known = attempt_.unfit;
    const bool told = std::any_of(known.begin(), known.end(),
                                  [&](const Text2& other) { return other.en == why.en; });
    if (!why.empty() && !told) attempt_.unfit.push_back(why);
  }

  const StepSpec& step_;
  const Job& job_;
  const JudgedBy& by_;
  const ReferenceGate gate_;
  Attempt& attempt_;
};

}  // namespace

void judge_attempt(const StepSpec& step, const Job& job, const JudgedBy& by, Attempt& attempt) {
  Judging(step, job, by, attempt).judge_all();
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
  if (record.finding == Finding::without(Reason::reference_not_fit))
    for (const auto& attempt : record.attempts)
      for (const auto& judged : attempt.judged)
        if (record.reason.empty() && !judged.no_statement.empty())
          record.reason = {cat("不作符合性声明：", judged.no_statement.zh),
                           cat("no statement of conformity: ", judged.no_statement.en)};
}

}  // namespace carebench
