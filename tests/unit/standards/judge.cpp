#include "standards/judge.h"

#include <array>
#include <ostream>

#include "tests/support/boost_test.h"
#include "tests/support/judged.h"

using namespace carebench;
using namespace carebench::judged;
namespace tt = boost::test_tools;

namespace {

// Every number meets <= 3 mm[Hg] or the limit named, and every relation is said in full.
struct Row {
  Measurement value;
  Limit limit;
  DecisionRule rule;
  std::string finding, en;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.en; }

const Limit at_most_3 = limit(Comparison::le, 3), at_least_3 = limit(Comparison::ge, 3),
            magnitude_3 = limit(Comparison::abs_le, 3), body = within(36, 42, "Cel"),
            eight = limit(Comparison::equals, 8, "1");

const std::array rows = {
    Row{measured(1, 0.4), at_most_3, binary, "pass", "1.0 + 0.8 <= 3.0 mmHg: pass"},
    Row{measured(1.25), at_most_3, simple, "pass", "1.25 <= 3.00 mmHg: pass"},
    Row{measured(3), at_most_3, simple, "pass", "3 <= 3 mmHg: pass"},
    Row{measured(3.5), at_most_3, simple, "fail", "3.5 > 3.0 mmHg: fail"},
    Row{measured(3.5), at_least_3, simple, "pass", "3.5 >= 3.0 mmHg: pass"},
    Row{measured(2.5), at_least_3, simple, "fail", "2.5 < 3.0 mmHg: fail"},
    Row{measured(-1), magnitude_3, simple, "pass", "|-1| <= 3 mmHg: pass"},
    Row{measured(-3.5), magnitude_3, simple, "fail", "|-3.5| > 3.0 mmHg: fail"},
    Row{measured(-1, 0.4), magnitude_3, binary, "pass", "|-1.0| + 0.8 <= 3.0 mmHg: pass"},
    Row{measured(2, 0.25), limit(Comparison::lt, 2), simple, "fail", "2 >= 2 mmHg: fail"},
    Row{measured(2.5, 0.4), at_most_3, binary, "fail", "2.5 + 0.8 > 3.0 mmHg: fail"},
    Row{measured(2.5, 0.4), at_most_3, nonbinary, "conditional_pass",
        "2.5 <= 3.0 < 2.5 + 0.8 mmHg: conditional pass"},
    Row{measured(3.5, 0.4), at_most_3, nonbinary, "conditional_fail",
        "3.5 - 0.8 <= 3.0 < 3.5 mmHg: conditional fail"},
    Row{measured(4, 0.4), at_most_3, nonbinary, "fail", "4.0 - 0.8 > 3.0 mmHg: fail"},
    Row{measured(3.5, 0.4), at_least_3, nonbinary, "conditional_pass",
        "3.5 >= 3.0 > 3.5 - 0.8 mmHg: conditional pass"},
    Row{measured(4, 0.4), at_least_3, binary, "pass", "4.0 - 0.8 >= 3.0 mmHg: pass"},
    Row{measured(3, 0.5), at_most_3, jjf, "pass", "3 <= 3 mmHg: pass (U = 1 mmHg <= MPEV/3)"},
    Row{measured(2.5, 0.75), at_most_3, jjf, "inconclusive",
        "2.5 - 1.5 < 3.0 < 2.5 + 1.5 mmHg: inconclusive"},
    Row{measured(4.5, 0.75), at_most_3, jjf, "fail", "4.5 - 1.5 >= 3.0 mmHg: fail"},
    Row{measured(1.5, 0.75), at_most_3, jjf, "pass", "1.5 + 1.5 <= 3.0 mmHg: pass"},
    Row{measured(36.2, 0.05, "Cel"), body, binary, "pass",
        "36.0 <= 36.2 - 0.1, 36.2 + 0.1 <= 42.0 °C: pass"},
    Row{measured(36.2, 0, "Cel"), body, simple, "pass", "36.0 <= 36.2 <= 42.0 °C: pass"},
    Row{measured(42.5, 0, "Cel"), body, simple, "fail", "42.5 > 42.0 °C: fail"},
    Row{measured(35.5, 0, "Cel"), body, simple, "fail", "35.5 < 36.0 °C: fail"},
    Row{measured(8, 0, "1"), eight, simple, "pass", "8 = 8: pass"},
    Row{measured(7, 0, "1"), eight, jjf, "fail", "7 != 8: fail"},
    // Printed numbers never contradict the comparison, and long ones are not padded.
    Row{measured(3.00000001), at_most_3, simple, "fail", "3.00000001 > 3 mmHg: fail"},
    Row{measured(2.0 / 3), at_most_3, simple, "pass", "0.666667 <= 3 mmHg: pass"},
    // Other units of the same dimension.
    Row{measured(0.4, 0.05, "kPa"), at_most_3, binary, "fail",
        "0.4 kPa = 3.00025 mmHg; 3.00025 + 0.750062 > 3 mmHg: fail"},
    Row{measured(250, 0, "ms"), limit(Comparison::le, 1, "s"), simple, "pass",
        "250 ms = 0.25 s; 0.25 <= 1.00 s: pass"},
    Row{measured(0.18, 0, "K"), limit(Comparison::abs_le, 0.3, "Cel"), simple, "pass",
        "0.18 K = 0.18 °C; 0.18 <= 0.30 °C: pass"},
};

Measurement with_interval(double value, double low, double high, std::int64_t samples) {
  Measurement out = measured(value, 0, "s");
  out.interval = Interval{low, high, 0.95, "order statistics"};
  out.samples = samples;
  return out;
}

Limit on(Limit::On bound, Comparison comparison, double value) {
  Limit out = limit(comparison, value, "s");
  out.on = bound;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_judge)

BOOST_DATA_TEST_CASE(numbers, rows, row) {
  const JudgedRecord record = judge(row.value, row.limit, row.rule);
  BOOST_TEST(finding(record) == row.finding);
  BOOST_TEST(record.wording.en == row.en);
  BOOST_TEST(!record.wording.zh.empty());
  BOOST_TEST(record.rule == to_string(row.rule));
  BOOST_TEST(record.rule_source == "job");
}

BOOST_AUTO_TEST_CASE(record_of_a_decision) {
  const JudgedRecord record = judge(measured(2.2, 0.4), at_most_3, binary);
  BOOST_TEST(record.value == "systolic.error");
  BOOST_TEST(record.limit.id == "example/systolic");
  BOOST_TEST(record.limit.text == "<= 3 mm[Hg]");
  BOOST_TEST(record.limit.source == "EX 1");
  BOOST_TEST(record.limit.source_kind == "standard");
  BOOST_TEST(record.limit.confidence == "V2");
  BOOST_TEST(record.limit.status == "established");
  BOOST_TEST(*record.expanded_uncertainty == 0.8);
  BOOST_TEST(*record.coverage_factor == 2);
  BOOST_TEST(*record.guard_band == 0.8);
  BOOST_TEST(*record.false_acceptance == 0.02275, tt::tolerance(1e-5));
  BOOST_TEST(record.wording.zh == "2.2 + 0.8 ≤ 3.0 mmHg：合格");
}

// U stays in the unit of the value, whatever the limit's unit is.
BOOST_AUTO_TEST_CASE(uncertainty_in_the_unit_of_the_value) {
  const JudgedRecord record = judge(measured(0.2, 0.05, "kPa"), at_most_3, binary);
  BOOST_TEST(*record.expanded_uncertainty == 0.1);
  BOOST_TEST(*record.guard_band == 0.1);
  BOOST_TEST(finding(record) == "pass");
}

BOOST_AUTO_TEST_CASE(no_risk_without_uncertainty) {
  BOOST_TEST(!judge(measured(1), at_most_3, simple).false_acceptance);
  BOOST_TEST(!judge(measured(4, 0.4), at_most_3, simple).false_acceptance);
  BOOST_TEST(*judge(measured(3, 0.4), at_most_3, simple).false_acceptance == 0.5);
}

BOOST_AUTO_TEST_CASE(rule_of_the_limit_goes_first) {
  Limit fixed = at_most_3;
  fixed.rule = DecisionRule::inherent;
  const JudgedRecord record = judge(measured(3, 0.4), fixed, binary);
  BOOST_TEST(finding(record) == "pass");
  BOOST_TEST(record.rule == "inherent");
  BOOST_TEST(record.rule_source == "inherent: EX 1");
  BOOST_TEST(*record.guard_band == 0);
  fixed.rule = binary;
  BOOST_TEST(judge(measured(3, 0.4), fixed, simple).rule_source == "limit: EX 1");
}

BOOST_AUTO_TEST_CASE(no_rule_no_verdict) {
  for (const auto& rule : {std::optional<DecisionRule>(), std::optional(DecisionRule::inherent)}) {
    const JudgedRecord record = judge(measured(5), at_most_3, rule);
    BOOST_TEST(finding(record) == "no_rule");
    BOOST_TEST(record.rule.empty());
    BOOST_TEST(!record.guard_band);
    BOOST_TEST(record.wording.en ==
               "5 mmHg, limit <= 3 mm[Hg]: no decision rule was agreed, value only");
    BOOST_TEST(record.wording.zh == "5 mmHg，限值 <= 3 mm[Hg]：未约定判定规则，仅报告数值");
  }
}

BOOST_AUTO_TEST_CASE(limits_without_a_number) {
  const JudgedRecord todo = judge(measured(5), with_status(LimitStatus::todo), simple);
  BOOST_TEST(finding(todo) == "limit_todo");
  BOOST_TEST(todo.limit.status == "todo");
  BOOST_TEST(todo.wording.en ==
             "5 mmHg: the number of the limit is not established (EX 1), value only");
  const JudgedRecord none = judge(measured(5), with_status(LimitStatus::none), simple);
  BOOST_TEST(finding(none) == "report_only");
  BOOST_TEST(none.wording.en == "5 mmHg: the source sets no limit (EX 1), value only");
  const JudgedRecord declared = judge(measured(5), with_status(LimitStatus::declared), simple);
  BOOST_TEST(finding(declared) == "limit_todo");
  BOOST_TEST(declared.limit.status == "declared");
}

BOOST_AUTO_TEST_CASE(sample_plan) {
  Limit plan = at_most_3;
  plan.min_samples = 10;
  Measurement value = measured(5);
  value.samples = 9;
  const JudgedRecord record = judge(value, plan, simple);
  BOOST_TEST(finding(record) == "inconclusive");
  BOOST_TEST(record.wording.en == "sample plan not met: 9 < 10: inconclusive");
  BOOST_TEST(record.wording.zh == "样本量不足：9 < 10：待定");
  value.samples = 10;
  BOOST_TEST(finding(judge(value, plan, simple)) == "fail");
  value.samples = 9;
  BOOST_TEST(finding(judge(value, plan, std::nullopt)) == "no_rule");
}

BOOST_AUTO_TEST_CASE(not_a_number) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(finding(judge(measured(nan), at_most_3, simple)) == "inconclusive");
  BOOST_TEST(finding(judge(measured(1, nan), at_most_3, simple)) == "error");
  BOOST_TEST(finding(judge(measured(1, infinity), at_most_3, binary)) == "error");
  BOOST_TEST(finding(judge(measured(1, -1), at_most_3, simple)) == "error");
}

BOOST_AUTO_TEST_CASE(drop_outs_are_infinite) {
  const JudgedRecord record = judge(measured(infinity, 0.1), at_most_3, binary);
  BOOST_TEST(finding(record) == "fail");
  BOOST_TEST(record.wording.en == "infinite (never arrived) is beyond <= 3 mm[Hg]: fail");
  BOOST_TEST(finding(judge(measured(infinity), magnitude_3, simple)) == "fail");
  BOOST_TEST(finding(judge(measured(-infinity), magnitude_3, simple)) == "fail");
  BOOST_TEST(finding(judge(measured(-infinity), at_least_3, simple)) == "fail");
  BOOST_TEST(finding(judge(measured(infinity, 0, "1"), eight, simple)) == "fail");
  // Nothing is proved by what never came: a lower limit is not met by it.
  BOOST_TEST(finding(judge(measured(infinity), at_least_3, simple)) == "inconclusive");
  BOOST_TEST(finding(judge(measured(-infinity), at_most_3, simple)) == "inconclusive");
}

BOOST_AUTO_TEST_CASE(bounds_of_an_interval) {
  const Limit high = on(Limit::On::interval_high, Comparison::le, 3);
  const JudgedRecord pass = judge(with_interval(1, 0.5, 2, 100), high, simple);
  BOOST_TEST(finding(pass) == "pass");
  BOOST_TEST(pass.wording.en == "upper 95 % bound 2 <= 3 s: pass");
  BOOST_TEST(pass.wording.zh == "95 % 置信上限 2 ≤ 3 s：合格");
  BOOST_TEST(pass.limit.text == "upper bound <= 3 s");
  BOOST_TEST(finding(judge(with_interval(1, 0.5, 4, 100), high, simple)) == "fail");
  const Limit low = on(Limit::On::interval_low, Comparison::ge, 3);
  BOOST_TEST(finding(judge(with_interval(5, 4, 6, 100), low, simple)) == "pass");
  BOOST_TEST(finding(judge(with_interval(5, 2, 6, 100), low, simple)) == "fail");
  // No bound at this sample size, no interval at all, and drop-outs beyond the percentile.
  const JudgedRecord open = judge(with_interval(1, 0.5, infinity, 58), high, simple);
  BOOST_TEST(finding(open) == "inconclusive");
  BOOST_TEST(open.wording.en == "no confidence bound exists for 58 samples: inconclusive");
  BOOST_TEST(finding(judge(measured(1, 0, "s"), high, simple)) == "inconclusive");
  BOOST_TEST(finding(judge(with_interval(infinity, 2, infinity, 99), high, simple)) == "fail");
}

// U guards the bound, it does not become it; the risk of a bound is not the risk of an estimate.
BOOST_AUTO_TEST_CASE(uncertainty_is_no_interval) {
  Measurement value = with_interval(1, 0.5, 2.5, 100);
  std::get<Quantity>(value.value).u = 0.5;
  const Limit high = on(Limit::On::interval_high, Comparison::le, 3);
  BOOST_TEST(finding(judge(value, high, binary)) == "fail");
  const JudgedRecord record = judge(value, high, simple);
  BOOST_TEST(finding(record) == "pass");
  BOOST_TEST(!record.false_acceptance);
  const Limit estimate = limit(Comparison::le, 3, "s");
  BOOST_TEST(*judge(value, estimate, binary).guard_band == 1);
}

BOOST_AUTO_TEST_CASE(units_that_do_not_meet) {
  const JudgedRecord record = judge(measured(1, 0, "s"), at_most_3, simple);
  BOOST_TEST(finding(record) == "error");
  BOOST_TEST(record.wording.en == "the value is in s and the limit in mm[Hg]: cannot convert");
  // An error of 0.3 K and a temperature of 0.3 K are not told apart: only a magnitude converts.
  BOOST_TEST(finding(judge(measured(0.3, 0, "K"), limit(Comparison::le, 1, "Cel"), simple)) ==
             "error");
}

BOOST_AUTO_TEST_CASE(texts_and_truths) {
  Limit serial = limit(Comparison::equals, 0, "1");
  serial.equals = Limit::Equals::text;
  serial.text_value = "SN1";
  const JudgedRecord same = judge(found(std::string("SN1")), serial, std::nullopt);
  BOOST_TEST(finding(same) == "pass");
  BOOST_TEST(same.rule.empty());
  BOOST_TEST(same.wording.en == "\"SN1\" = \"SN1\": pass");
  const JudgedRecord other = judge(found(std::string("SN2")), serial, std::nullopt);
  BOOST_TEST(finding(other) == "fail");
  BOOST_TEST(other.wording.zh == "\"SN2\" ≠ \"SN1\"：不合格");
  const JudgedRecord number = judge(measured(1), serial, simple);
  BOOST_TEST(finding(number) == "error");
  BOOST_TEST(number.wording.en == "the value is a number and the limit is a text: cannot compare");
  BOOST_TEST(finding(judge(found(true), at_most_3, simple)) == "error");
}

BOOST_AUTO_TEST_CASE(built_in_expectations) {
  const JudgedRecord record = judge_expected(found(true), true);
  BOOST_TEST(finding(record) == "pass");
  BOOST_TEST(record.limit.id == "built-in");
  BOOST_TEST(record.limit.text == "= true");
  BOOST_TEST(record.limit.source_kind == "built_in");
  BOOST_TEST(record.wording.en == "true = true: pass");
  BOOST_TEST(finding(judge_expected(found(false), true)) == "fail");
  BOOST_TEST(finding(judge_expected(found(false), false)) == "pass");
  BOOST_TEST(finding(judge_expected(measured(1.0), true)) == "error");
}

BOOST_AUTO_TEST_SUITE_END()
