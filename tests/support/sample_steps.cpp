#include <cmath>
#include <limits>

#include "tests/support/sample_figures.h"
#include "tests/support/sample_record.h"

namespace carebench::test {
namespace {

Unit unit(std::string_view code) { return *Unit::parse(code); }

Measurement number_of(std::string name, double value, std::string_view code, double u, SeqRange seq,
                      std::int64_t samples = 0) {
  return {std::move(name), Quantity{value, unit(code), u, 2}, {}, samples, seq, {}};
}

JudgedRecord judged(std::string name, LimitRecord limit, std::string rule, Finding finding,
                    Text2 wording) {
  JudgedRecord out;
  out.value = std::move(name);
  out.limit = std::move(limit);
  out.rule_source = rule.empty() ? "" : rule == "inherent" ? "inherent: " + limit.source : "job";
  out.rule = std::move(rule);
  out.finding = finding;
  out.wording = std::move(wording);
  return out;
}

JudgedRecord with_uncertainty(JudgedRecord out, double expanded, double risk) {
  out.expanded_uncertainty = out.guard_band = expanded;
  out.coverage_factor = 2;
  out.conformance = 1 - risk;
  if (out.finding == Finding::of(Verdict::conditional_fail))
    out.false_rejection = 1 - risk;
  else
    out.false_acceptance = risk;
  return out;
}

const LimitRecord standard{
    "cta-2065/heart-rate", "<= 10 %", "ANSI/CTA-2065 (2018), 5.2", "standard", "V2", "established"};
const LimitRecord claim{"inline", "|x| <= 3 /min", "使用说明书 V2.1, 第 12 页", "claim",
                        "",       "established"};
const LimitRecord example{"inline",     "<= 2000 ms", "laboratory's example",
                          "laboratory", "",           "established"};
const LimitRecord expectation{"built-in", "= true", "expectation of the check",
                              "built_in", "",       "established"};
const LimitRecord todo{
    "sleep/apnea-index", "not established", "GB/T 40687-2021", "standard", "U", "todo"};

Attempt attempt(int number, double from_s, double to_s, SeqRange seq) {
  Attempt out;
  out.number = number;
  out.from = Stamp{static_cast<Nanoseconds>(from_s * 1e9)};
  out.to = Stamp{static_cast<Nanoseconds>(to_s * 1e9)};
  out.evidence = seq;
  out.state = "complete";
  return out;
}

StepRecord step(std::string id, std::string sample, Text2 title, std::string check,
                std::string requirement, Finding finding) {
  StepRecord out;
  out.id = std::move(id);
  out.sample = std::move(sample);
  out.title = std::move(title);
  out.check = std::move(check);
  out.revision = 1;
  out.requirement = "miit-2024/" + std::move(requirement);
  out.devices = {out.sample.empty() ? "dut=sim:sleep-belt" : out.sample + "=sim:sleep-belt"};
  out.finding = finding;
  return out;
}

StepRecord identifier_step(const std::string& sample, const std::string& serial, SeqRange seq) {
  StepRecord s = step("ID-1", sample, {"读取设备标识码", "device identification code is present"},
                      "identifier/present", "product/identifier", Finding::of(Verdict::pass));
  Attempt a = attempt(1, 1.5, 2.25, seq);
  a.measurements = {{"identifier.present", true, {}, 0, seq, {}},
                    {"identifier.value", serial, {}, 0, seq, {}}};
  a.judged = {judged("identifier.present", expectation, "", Finding::of(Verdict::pass),
                     {"true = true：合格", "true = true: pass"})};
  s.attempts = {a};
  return s;
}

// Two components of u = 0.3, as a check would give them.
void add_budget(Measurement& m) {
  UncertaintyComponent reference{{"参考仪器校准", "calibration of the reference"}};
  reference.given = 0.5;
  reference.unit = unit("/min");
  reference.divisor = 2;
  reference.source = "certificate JZ-2026-0311";
  reference.instrument = "reference";
  UncertaintyComponent repeats{{"重复性", "repeatability"}, 'A', Distribution::t};
  repeats.given = 166;
  repeats.unit = unit("ms");
  repeats.sensitivity = 0.001;
  repeats.dof = 9;
  repeats.source = "10 repeated readings";
  m.budget = {reference, repeats};
  m.reported = {"2.75", "0.60"};
  std::get<Quantity>(m.value).dof = 96;
}

StepRecord accuracy_step() {
  StepRecord s = step("ACC-1", "dut", {"心率准确度", "accuracy of the heart rate"},
                      "accuracy/paired", "3.2/indicators", Finding::of(Verdict::conditional_pass));
  s.devices.push_back("reference=serial:/dev/ttyUSB1");
  Attempt a = attempt(1, 60, 245.125, {4711, 15230});
  Measurement mape = number_of("heart_rate.mape", 1.2466789, "%", 0, {4711, 15230}, 90);
  mape.interval = Interval{1.02, 1.51, 0.95, "order statistics"};
  a.measurements = {mape, number_of("heart_rate.largest_error", 2.75, "/min", 0.3, {9120, 9121}),
                    number_of("heart_rate.bias", 0.4212345678, "/min", 0.05, {4711, 15230}, 90)};
  a.measurements[1].note = "3 values flagged as motion were left out";
  add_budget(a.measurements[1]);
  a.judged = {judged("heart_rate.mape", standard, "inherent", Finding::of(Verdict::pass),
                     {"1.24668 ≤ 10 %：合格", "1.24668 <= 10 %: pass"}),
              with_uncertainty(judged("heart_rate.largest_error", claim, "guarded_nonbinary",
                                      Finding::of(Verdict::conditional_pass),
                                      {"3.0 - 0.6 < |2.75| ≤ 3.0 次/min：有条件合格",
                                       "3.0 - 0.6 < |2.75| <= 3.0 1/min: conditional pass"}),
                               0.6, 0.2023)};
  a.figures = {deviation_figure(), bland_altman_figure(), error_grid_figure()};
  s.attempts = {a};
  return s;
}

StepRecord second_accuracy_step() {
  StepRecord s = step("ACC-2", "dut", {"呼吸率准确度", "accuracy of the respiration rate"},
                      "accuracy/paired", "3.2/indicators", Finding::of(Verdict::conditional_fail));
  Attempt a = attempt(1, 250, 430, {15231, 22018});
  a.measurements = {number_of("respiration.largest_error", 3.2, "/min", 0.25, {16100, 16104}),
                    number_of("respiration.rms", 0.61, "/min", 0, {15231, 22018}, 181)};
  a.judged = {
      with_uncertainty(judged("respiration.largest_error", claim, "guarded_nonbinary",
                              Finding::of(Verdict::conditional_fail),
                              {"3.0 < |3.2| ≤ 3.0 + 0.5 次/min：有条件不合格",
                               "3.0 < |3.2| <= 3.0 + 0.5 1/min: conditional fail"}),
                       0.5, 0.788),
      judged("respiration.rms", standard, "jjf_1094", Finding::of(Verdict::inconclusive),
             {"样本量不足：181 < 400：待定", "sample plan not met: 181 < 400: inconclusive"}),
      judged("respiration.apnea_index", todo, "", Finding::without(Reason::limit_todo), {})};
  a.figures = {series_figure(), stages_figure()};
  s.attempts = {a};
  return s;
}

StepRecord latency_step() {
  StepRecord s = step("LAT-1", "dut", {"应答时延", "response latency"}, "latency/response",
                      "product/real-time", Finding::of(Verdict::pass));
  Attempt a = attempt(1, 430, 560, {22019, 22500});
  Measurement p95 = number_of("latency.p95", 672.4, "ms", 0.5, {22019, 22500}, 120);
  p95.interval =
      Interval{590.25, std::numeric_limits<double>::infinity(), 0.95, "order statistics"};
  a.measurements = {p95, number_of("latency.maximum", std::numeric_limits<double>::infinity(), "ms",
                                   0, {22488, 22488}, 120)};
  a.judged = {with_uncertainty(
      judged("latency.p95", example, "simple_acceptance", Finding::of(Verdict::pass),
             {"672.4 ≤ 2000 ms：合格", "672.4 <= 2000 ms: pass"}),
      1, 0)};
  a.judged[0].guard_band = 0;
  a.figures = {latency_figure(), banded_figure()};
  s.attempts = {a};
  return s;
}

StepRecord retried_step() {
  StepRecord s = step("SEC-1", "dut", {"畸形帧的健壮性", "robustness against malformed frames"},
                      "security/robustness", "3.2/indicators", Finding::without(Reason::error));
  s.reason = {"第 1 次尝试中链路断开；按规则所有尝试均计入",
              "the link was lost in attempt 1; by the rule all attempts count"};
  Attempt first = attempt(1, 600, 612.5, {30100, 30211});
  first.state = "error";
  first.error =
      Error{Errc::lost,
            Blame::bench,
            "sim:sleep-belt: the device went away after 12 frames; check cable and supply",
            {},
            {}};
  Attempt second = attempt(2, 2310, 2391, {30212, 31404});
  second.measurements = {{"robustness.alive", true, {}, 0, {31404, 31404}, {}}};
  second.judged = {judged("robustness.alive", expectation, "", Finding::of(Verdict::pass),
                          {"true = true：合格", "true = true: pass"})};
  second.notes = {"64 malformed frames sent, 64 ignored"};
  s.attempts = {first, second};
  return s;
}

StepRecord undecided_step(std::string id, Text2 title, Reason reason, Text2 why,
                          LimitRecord limit) {
  StepRecord s = step(std::move(id), "dut", std::move(title), "transmission/rate",
                      "product/real-time", Finding::without(reason));
  s.reason = why;
  if (reason == Reason::not_tested || reason == Reason::not_applicable) return s;
  Attempt a = attempt(1, 2400, 2460, {31405, 31900});
  a.measurements = {number_of("rate.mean", 0.99871, "Hz", 0.0002, {31405, 31900}, 60)};
  if (!limit.text.empty())
    a.judged = {judged("rate.mean", std::move(limit), "", Finding::without(reason), why)};
  if (reason == Reason::report_only) a.figures = {histogram_figure()};
  s.attempts = {a};
  return s;
}

StepRecord unfit_step() {
  const Text2 why{"参考仪器 PM-02 校准已于 2026-11-01 过期",
                  "reference instrument PM-02: calibration overdue since 2026-11-01"};
  StepRecord s =
      undecided_step("TR-6", {"呼吸率", "respiration rate"}, Reason::reference_not_fit, why, claim);
  s.attempts[0].unfit = {why};
  return s;
}

}  // namespace

std::vector<StepRecord> sample_steps() {
  StepRecord distinct =
      step("ID-2", "", {"两件样品的标识码互不相同", "two samples differ in their code"},
           "identifier/distinct", "product/identifier", Finding::of(Verdict::fail));
  Attempt a = attempt(1, 5, 6.5, {41, 58});
  a.measurements = {{"identifier.distinct", false, {}, 2, {41, 58}, "dut and dut#2: SB3A00917"}};
  a.judged = {judged("identifier.distinct", expectation, "", Finding::of(Verdict::fail),
                     {"false ≠ true：不合格", "false != true: fail"})};
  distinct.attempts = {a};
  LimitRecord no_rule = claim;
  no_rule.text = ">= 0.99 Hz";
  StepRecord sleep = second_accuracy_step();
  sleep.id = "ACC-3";
  sleep.finding = Finding::of(Verdict::inconclusive);
  sleep.attempts[0].judged.erase(sleep.attempts[0].judged.begin());
  sleep.attempts[0].measurements.erase(sleep.attempts[0].measurements.begin());
  sleep.attempts[0].figures.clear();
  return {
      identifier_step("dut", "SB3A00917", {12, 19}),
      identifier_step("dut#2", "SB3A00917", {20, 27}),
      distinct,
      accuracy_step(),
      second_accuracy_step(),
      sleep,
      latency_step(),
      retried_step(),
      undecided_step("TR-1", {"发送速率", "transmission rate"}, Reason::report_only,
                     {"仅报告数值", "value only, as asked"}, {}),
      undecided_step("TR-2", {"发送速率与声明", "rate against the claim"}, Reason::no_rule,
                     {"未约定判定规则，仅报告数值", "no decision rule was agreed, value only"},
                     no_rule),
      undecided_step("TR-3", {"呼吸暂停指数", "apnea index"}, Reason::limit_todo,
                     {"限值的数值尚未确定", "the number of the limit is not established"}, todo),
      undecided_step("TR-4", {"断线后恢复", "recovery after the line was cut"}, Reason::not_tested,
                     {"所需步骤 SEC-1 未完成", "step SEC-1, which it needs, is not complete"}, {}),
      undecided_step("TR-5", {"心电波形", "electrocardiogram"}, Reason::not_applicable,
                     {"送检方未声明心电功能", "the vendor does not declare an ECG"}, {}),
      unfit_step()};
}

}  // namespace carebench::test
