#include <sstream>

#include "reports/renderer.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/markup_check.h"
#include "tests/support/sample_record.h"

using namespace carebench;
using test::count_of;

BOOST_AUTO_TEST_SUITE(reports_junit)

namespace {

std::string rendered(const RunRecord& record) {
  const Renderer* junit = renderer("junit");
  BOOST_REQUIRE(junit);
  std::ostringstream out;
  BOOST_REQUIRE(junit->render(record, Language::en, out).has_value());
  return out.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(is_well_formed_whatever_the_record_holds) {
  for (const RunRecord& record : {RunRecord{}, test::sample_record(), test::hostile_record()}) {
    const std::string xml = rendered(record);
    BOOST_TEST(test::markup_problem(xml) == "");
    BOOST_TEST(count_of(xml, "&#x") == 0u);  // a control character, which XML 1.0 can not hold
    BOOST_TEST(count_of(xml, "\uFFFE") == 0u);
    BOOST_TEST(valid_utf8(xml));
  }
}

BOOST_AUTO_TEST_CASE(findings_become_failures_errors_and_skips) {
  const RunRecord record = test::sample_record();
  const std::string xml = rendered(record);
  BOOST_TEST(count_of(xml, "<testsuite ") == 3u);  // dut, dut#2, all samples
  BOOST_TEST(count_of(xml, "<testcase ") == record.steps.size());
  BOOST_TEST(count_of(xml, "<failure ") == 1u);
  BOOST_TEST(count_of(xml, "<error ") == 1u);
  BOOST_TEST(count_of(xml, "<skipped ") == 9u);
  BOOST_TEST(xml.find("name=\"dut#2\"") != xml.npos);
  BOOST_TEST(xml.find("name=\"all samples\"") != xml.npos);
}

BOOST_AUTO_TEST_CASE(nothing_undecided_looks_green) {
  RunRecord record = test::sample_record();
  for (const char* name :
       {"conditional_pass", "conditional_fail", "inconclusive", "not_tested", "limit_todo",
        "no_rule", "reference_not_fit", "report_only", "not_applicable"}) {
    record.steps.resize(1);
    record.steps[0].finding = finding_from(name).value();
    BOOST_TEST(count_of(rendered(record), "<skipped message=\"") == 1u);
  }
}

BOOST_AUTO_TEST_CASE(values_limits_and_rules_are_properties) {
  const std::string xml = rendered(test::sample_record());
  for (const char* part :
       {"name=\"ACC-1.heart_rate.largest_error.value\" value=\"2.75 1/min\"",
        "name=\"ACC-1.heart_rate.largest_error.limit\" value=\"|x| &lt;= 3 /min\"",
        "name=\"ACC-1.heart_rate.largest_error.rule\" value=\"guarded_nonbinary\"",
        "name=\"ACC-1.heart_rate.largest_error.U\" value=\"0.6\"",
        "name=\"SEC-1.attempt2.robustness.alive.value\" value=\"true\"",
        "name=\"simulated\" value=\"true\""})
    BOOST_TEST(xml.find(part) != xml.npos, part);
}

BOOST_AUTO_TEST_CASE(times_are_what_the_schemas_take) {
  const std::string xml = rendered(test::sample_record());
  BOOST_TEST(xml.find("timestamp=\"2026-11-21T09:30:12\"") != xml.npos);
  BOOST_TEST(xml.find("time=\"185.125\"") != xml.npos);
  RunRecord record = test::sample_record();
  record.given.started = "yesterday";
  record.given.host = " ";
  const std::string other = rendered(record);
  BOOST_TEST(other.find("timestamp=\"1970-01-01T00:00:00\"") != other.npos);
  BOOST_TEST(other.find("hostname=\"localhost\"") != other.npos);
}

BOOST_AUTO_TEST_SUITE_END()
