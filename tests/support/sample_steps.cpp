#include <cmath>
#include <limits>

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

// The same numbers on every machine, without <random>.
double noise(int i) {
  const double x = std::sin(i * 12.9898) * 43758.5453;
  return x - std::floor(x);
}

Figure latency_figure() {
  Figure f;
  f.kind = "ecdf";
  f.title = {"应答时延的经验分布", "Distribution of the response latency"};
  f.x_label = {"时延", "latency"};
  f.y_label = {"累计比例", "share of answers"};
  f.x_unit = "ms";
  f.y_unit = "1";
  Figure::Series series{{"应答", "answers"}, {}, {}};
  for (int i = 0; i < 120; ++i) {
    series.x.push_back(i < 117 ? 118 + 1.6 * i + std::exp(i * 0.052)
                               : std::numeric_limits<double>::infinity());
    series.y.push_back((i + 1) / 120.0);
  }
  f.series = {series};
  f.marks = {{{"中位数", "median"}, 'x', 238.1},
             {{"P95", "P95"}, 'x', 672.4},
             {{"P90", "P90"}, 'x', 561.3},
             {{"限值", "limit"}, 'x', 2000}};
  return f;
}

Figure deviation_figure() {
  Figure f;
  f.kind = "deviation";
  f.title = {"心率偏差：样品减参考", "Heart rate deviation: device minus reference"};
  f.x_label = {"参考心率", "reference heart rate"};
  f.y_label = {"偏差", "deviation"};
  f.x_unit = f.y_unit = "/min";
  for (const char* name : {"60", "80", "120"}) f.series.push_back({{name, name}, {}, {}});
  for (int i = 0; i < 90; ++i) {
    Figure::Series& series = f.series[static_cast<std::size_t>(i / 30)];
    const double level = i < 30 ? 60 : i < 60 ? 80 : 120;
    series.x.push_back(level + noise(i) * 3 - 1.5);
    series.y.push_back(0.4 + (noise(i + 500) - 0.5) * 3.4);
  }
  for (Figure::Series& series : f.series)
    series.name = {"模拟 " + series.name.zh + " 次/min", "simulated " + series.name.en + " /min"};
  f.marks = {{{"限值", "limit"}, 'y', 3},
             {{"限值 - U", "limit - U"}, 'y', 2.4},
             {{"平均偏差", "bias"}, 'y', 0.42},
             {{"限值 - U", "limit - U"}, 'y', -2.4},
             {{"限值", "limit"}, 'y', -3}};
  f.note = "thinned from 5400 to 90 points";
  return f;
}

Figure series_figure() {
  Figure f;
  f.kind = "series";
  f.title = {"呼吸率：样品与参考", "Respiration rate: device and reference"};
  f.x_label = {"时间", "time"};
  f.y_label = {"呼吸率", "respiration rate"};
  f.x_unit = "s";
  f.y_unit = "/min";
  f.series = {{{"样品", "device"}, {}, {}}, {{"参考", "reference"}, {}, {}}};
  for (int i = 0; i <= 180; ++i) {
    const double truth = 14 + 3 * std::sin(i / 24.0);
    f.series[0].x.push_back(i * 2);
    f.series[0].y.push_back(i > 95 && i < 104 ? std::nan("") : truth + (noise(i) - 0.5) * 1.2);
    f.series[1].x.push_back(i * 2);
    f.series[1].y.push_back(truth);
  }
  f.marks = {{{"样品静默", "device silent"}, 'x', 192}};
  return f;
}

Figure histogram_figure() {
  Figure f;
  f.kind = "histogram";
  f.title = {"帧间隔", "Interval between frames"};
  f.x_label = {"间隔", "interval"};
  f.y_label = {"次数", "count"};
  f.x_unit = "ms";
  f.series = {{{"间隔", "interval"}, {960, 970, 980, 990, 1000, 1010, 1020, 1030, 1040}, {}}};
  f.series[0].y = {2, 9, 41, 160, 420, 171, 38, 8, 1};
  f.marks = {{{"声明", "declared"}, 'x', 1000}};
  return f;
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
  a.judged = {judged("heart_rate.mape", standard, "inherent", Finding::of(Verdict::pass),
                     {"1.24668 ≤ 10 %：合格", "1.24668 <= 10 %: pass"}),
              with_uncertainty(judged("heart_rate.largest_error", claim, "guarded_nonbinary",
                                      Finding::of(Verdict::conditional_pass),
                                      {"3.0 - 0.6 < |2.75| ≤ 3.0 次/min：有条件合格",
                                       "3.0 - 0.6 < |2.75| <= 3.0 1/min: conditional pass"}),
                               0.6, 0.2023)};
  a.figures = {deviation_figure()};
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
  a.figures = {series_figure()};
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
  a.figures = {latency_figure()};
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
                     {"送检方未声明心电功能", "the vendor does not declare an ECG"}, {})};
}

}  // namespace carebench::test
