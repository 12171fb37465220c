#include "standards/judge_conditions.h"

#include <array>
#include <ostream>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

const Unit mmhg = *Unit::parse("mm[Hg]");

Limit limit(std::string fields) {
  const std::string text =
      "{unit: \"mm[Hg]\", source: {kind: standard, document: \"EX 1\", confidence: W}, " + fields +
      "}";
  const auto document = yaml::Document::parse("limit.yaml", text);
  BOOST_TEST_REQUIRE(document.has_value(), (document ? "" : document.error().text()));
  Problems problems;
  Limit out = read_limit((*document)->root(), problems, "ex/limit");
  BOOST_TEST_REQUIRE(problems.empty(), (problems.empty() ? "" : problems.as_error().text()));
  return out;
}

Measurement measured(double value, std::int64_t samples = 255) {
  Measurement out;
  out.name = "systolic.sm";
  out.value = Quantity{value, mmhg, 0, 2};
  out.samples = samples;
  return out;
}

const std::string table =
    "statistic: sm, rule: inherent, op: \"<=\", value: {by: abs_bias, from: 0, step: 0.1, "
    "rule: next_higher, beyond: fail, values: [4, 3, 2]}";
const std::string planned =
    "statistic: sd, rule: inherent, op: \"<=\", value: 8, plan: {subjects: 85}";

Circumstances at(double bias, std::string_view unit = "mm[Hg]") {
  Circumstances out;
  out.indices["abs_bias"] = Quantity{bias, *Unit::parse(unit), 0, 2};
  return out;
}

Circumstances sampled(std::vector<Text2> shortfalls) {
  Circumstances out;
  out.plan_shortfalls = std::move(shortfalls);
  return out;
}

struct Row {
  std::string limit;
  Measurement value;
  Circumstances circumstances;
  std::string finding, en;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.en; }

const std::array rows = {
    Row{table, measured(3), at(0.1), "pass",
        "3 <= 3 mmHg: pass; abs_bias = 0.1 mmHg: next-higher index 3 mmHg, nearest index 3 mmHg"},
    Row{table, measured(2.5), at(0.11), "fail",
        "2.5 > 2.0 mmHg: fail; abs_bias = 0.11 mmHg: next-higher index 2 mmHg, nearest index 3 "
        "mmHg"},
    Row{table, measured(1), at(0.3), "fail",
        "1 mmHg: abs_bias = 0.3 mmHg, beyond the table of the limit: fail"},
    Row{table,
        measured(1),
        {},
        "inconclusive",
        "1 mmHg: the limit depends on abs_bias, which is not given: inconclusive"},
    Row{table, measured(3), at(0.0133322387415, "kPa"), "pass",
        "3 <= 3 mmHg: pass; abs_bias = 0.1 mmHg: next-higher index 3 mmHg, nearest index 3 mmHg"},
    Row{"statistic: each, rule: inherent, op: \"abs<=\", value: {by: reference, slope: 0.1}",
        measured(1),
        {},
        "inconclusive",
        "1 mmHg: the limit differs from pair to pair, one number cannot be compared with it: "
        "inconclusive"},
    Row{"statistic: value, rule: inherent, op: \"<=\", value: {by: declared, slope: 1.2}",
        measured(1),
        {},
        "limit_todo",
        "1 mmHg: the limit depends on the manufacturer's declared value, which is not given, value "
        "only"},
    Row{planned,
        measured(7),
        {},
        "inconclusive",
        "the limit has a sample plan, and this value was not sampled by it: inconclusive"},
    Row{planned, measured(7), sampled({}), "pass", "7 <= 8 mmHg: pass"},
    Row{planned, measured(9), sampled({{"受试者 12 < 85", "12 subjects of 85"}}), "inconclusive",
        "sample plan not met: 12 subjects of 85: inconclusive"},
    // Beyond the table is a verdict too: without the plan there is none.
    Row{table + ", plan: {subjects: 85}", measured(1), at(0.3), "inconclusive",
        "the limit has a sample plan, and this value was not sampled by it: inconclusive"},
    Row{"statistic: sd, op: \"<=\", value: {by: abs_bias, from: 0, step: 1, rule: next_higher, "
        "beyond: fail, values: [4, 3]}",
        measured(1), at(5), "no_rule",
        "1 mmHg, limit <= table by abs_bias, 4 to 3 mm[Hg]: no decision rule was agreed, value "
        "only"},
};

Measurement with_interval(double low, double high, double confidence) {
  Measurement out = measured(0);
  out.value = Quantity{0.9, Unit(), 0, 2};
  out.interval = Interval{low, high, confidence, "Clopper-Pearson"};
  return out;
}

Limit share() {
  Limit out = limit("op: \">=\", value: 1, on: interval_low, confidence: 0.95, one_sided: true");
  out.unit = Unit();
  out.value = 0.85;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_judge_conditions)

BOOST_DATA_TEST_CASE(what_a_limit_asks_beside_the_value, rows, row) {
  const JudgedRecord record = judge(row.value, limit(row.limit), std::nullopt, row.circumstances);
  BOOST_TEST(to_string(record.finding) == row.finding);
  BOOST_TEST(record.wording.en == row.en);
  BOOST_TEST(!record.wording.zh.empty());
}

BOOST_AUTO_TEST_CASE(the_interval_must_have_the_confidence_of_the_limit) {
  const auto simple = DecisionRule::simple_acceptance;
  BOOST_TEST(to_string(judge(with_interval(0.86, 0.95, 0.90), share(), simple).finding) == "pass");
  BOOST_TEST(to_string(judge(with_interval(0.84, 0.95, 0.90), share(), simple).finding) == "fail");
  const auto other = judge(with_interval(0.86, 0.95, 0.95), share(), simple);
  BOOST_TEST(to_string(other.finding) == "inconclusive");
  BOOST_TEST(other.wording.en.find("wants an interval of 90 %") != std::string::npos,
             other.wording.en);
}

BOOST_AUTO_TEST_CASE(an_edition_out_of_force_is_said_with_the_verdict) {
  Limit old = limit("statistic: sd, op: \"<=\", value: 8, rule: inherent");
  old.not_in_force = {"该版本不在有效期内", "not in force"};
  const JudgedRecord record = judge(measured(7), old, std::nullopt);
  BOOST_TEST(record.wording.en == "7 <= 8 mmHg: pass; not in force");
  BOOST_TEST(record.wording.zh.ends_with("；该版本不在有效期内"));
}

BOOST_AUTO_TEST_CASE(a_limit_made_of_others_is_met_when_each_is) {
  Limit both;
  both.id = "ex/both";
  both.all_of = {"ex/a", "ex/b"};
  BOOST_TEST(to_string(judge(measured(1), both, DecisionRule::simple_acceptance).finding) ==
             "error");
  const Limit part = limit("statistic: sd, op: \"<=\", value: 8, rule: inherent");
  const auto judged = [&](double value) { return judge(measured(value), part, std::nullopt); };
  BOOST_TEST(to_string(judge_all(both, {judged(1), judged(2)}).finding) == "pass");
  const JudgedRecord failed = judge_all(both, {judged(9), judged(2)});
  BOOST_TEST(to_string(failed.finding) == "fail");
  BOOST_TEST(failed.wording.en == "ex/limit: 9 > 8 mmHg: fail; ex/limit: 2 <= 8 mmHg: pass");
  BOOST_TEST(failed.limit.text == "all of ex/a, ex/b");
  BOOST_TEST(to_string(judge_all(both, {}).finding) == "not_tested");
  const Limit open = limit("statistic: sd, status: todo");
  BOOST_TEST(
      to_string(judge_all(both, {judged(1), judge(measured(1), open, std::nullopt)}).finding) ==
      "limit_todo");
}

BOOST_AUTO_TEST_CASE(own_limits_are_named_as_such) {
  Limit own = limit("statistic: sd, op: \"<=\", value: 8, rule: inherent");
  own.provided = Limit::Provided::replaced;
  own.own_file = "some/where/lab.yaml";
  const JudgedRecord replaced = judge(measured(7), own, std::nullopt);
  BOOST_TEST(replaced.limit.source_kind == "laboratory_replaced");
  BOOST_TEST(replaced.limit.source == "EX 1 [lab.yaml]");
  own.provided = Limit::Provided::added;
  BOOST_TEST(judge(measured(7), own, std::nullopt).limit.source_kind == "laboratory_own");
}

BOOST_AUTO_TEST_SUITE_END()
