#include "standards/ledger.h"

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

Requirement requirement(std::string id, std::vector<ResultKind> kinds, std::string condition = "") {
  Requirement out;
  out.id = std::move(id);
  out.clause = {"条款", "clause"};
  out.failure_means = {"后果", "consequence"};
  out.applies_to = {"1.3"};
  out.kinds = std::move(kinds);
  out.condition = std::move(condition);
  out.applies_note = "inferred";
  return out;
}

Catalogue catalogue() {
  Catalogue out;
  out.requirements = {requirement("c/a", {ResultKind::measured, ResultKind::attested}),
                      requirement("c/b", {ResultKind::measured}),
                      requirement("c/ecg", {ResultKind::probed}, "ecg")};
  out.requirements[1].applies_to = {"2"};
  return out;
}

LedgerEntry entry(std::string id, Finding finding, std::string step,
                  ResultKind kind = ResultKind::measured) {
  return {std::move(id),
          kind,
          finding,
          std::move(step),
          {"原因", "why " + std::string(to_string(finding))}};
}

const Finding pass = Finding::of(Verdict::pass), fails = Finding::of(Verdict::fail),
              error = Finding::without(Reason::error);

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_ledger)

BOOST_AUTO_TEST_CASE(a_row_for_each_applicable_requirement) {
  const std::vector<LedgerRow> rows = collect(catalogue(), "1.3", {}, {});
  BOOST_TEST_REQUIRE(rows.size() == 2);
  const LedgerRow& row = rows[0];
  BOOST_TEST(row.requirement == "c/a");
  BOOST_TEST(row.clause.zh == "条款");
  BOOST_TEST(row.failure_means.en == "consequence");
  BOOST_TEST(row.applies_note == "inferred");
  BOOST_TEST(row.applicable);
  BOOST_TEST(row.kinds == (std::vector<std::string>{"measured", "attested"}),
             boost::test_tools::per_element());
  BOOST_TEST(to_string(row.measured.finding) == "not_tested");
  BOOST_TEST(row.measured.reason.en == "no step and no attestation covers it");
  BOOST_TEST(!row.measured.reason.zh.empty());
  BOOST_TEST(to_string(row.attested.finding) == "not_tested");
  BOOST_TEST(to_string(row.probed.finding) == "not_applicable");
  BOOST_TEST(!row.probed.reason.en.empty());
}

BOOST_AUTO_TEST_CASE(conditions) {
  const std::vector<LedgerRow> without = collect(catalogue(), "1.3", {"spo2"}, {});
  BOOST_TEST(!without[1].applicable);
  BOOST_TEST(to_string(without[1].probed.finding) == "not_applicable");
  BOOST_TEST(without[1].probed.reason.en == "the vendor does not declare the capability ecg");
  BOOST_TEST(without[1].probed.reason.zh == "送检方未声明功能 ecg");
  const std::vector<LedgerRow> with = collect(catalogue(), "1.3", {"spo2", "ecg"}, {});
  BOOST_TEST(with[1].applicable);
  BOOST_TEST(to_string(with[1].probed.finding) == "not_tested");
}

BOOST_AUTO_TEST_CASE(the_worst_of_one_kind_stands) {
  const std::vector<LedgerRow> rows =
      collect(catalogue(), "1.3", {},
              {entry("c/a", pass, "ID-1 (dut#1)"), entry("c/a", fails, "ID-1 (dut#2)"),
               entry("c/a", error, "ID-2"), entry("c/a", pass, "ATT-1", ResultKind::attested)});
  BOOST_TEST(to_string(rows[0].measured.finding) == "fail");
  BOOST_TEST(rows[0].measured.reason.en == "why fail");
  BOOST_TEST(
      rows[0].measured.steps == (std::vector<std::string>{"ID-1 (dut#1)", "ID-1 (dut#2)", "ID-2"}),
      boost::test_tools::per_element());
  BOOST_TEST(to_string(rows[0].attested.finding) == "pass");
  BOOST_TEST(rows[0].attested.steps.size() == 1);
}

// Nothing hides behind "not tested": the first entry takes the cell, whatever it found.
BOOST_AUTO_TEST_CASE(a_result_replaces_not_tested) {
  for (const Finding& finding :
       {pass, Finding::without(Reason::report_only), Finding::without(Reason::no_rule)}) {
    const std::vector<LedgerRow> rows =
        collect(catalogue(), "1.3", {}, {entry("c/a", finding, "ID-1")});
    BOOST_TEST((rows[0].measured.finding == finding));
  }
}

BOOST_AUTO_TEST_CASE(results_of_other_kinds_stay_visible) {
  const std::vector<LedgerRow> rows =
      collect(catalogue(), "1.3", {}, {entry("c/ecg", fails, "ECG-1")});
  BOOST_TEST(!rows[1].applicable);
  BOOST_TEST(to_string(rows[1].measured.finding) == "fail");
}

BOOST_AUTO_TEST_SUITE_END()
