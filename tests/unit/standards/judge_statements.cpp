// What a statement of conformity says, and when there is none: risks, guard bands, references.

#include "standards/judge.h"
#include "tests/support/boost_test.h"
#include "tests/support/judged.h"

using namespace carebench;
using namespace carebench::judged;
namespace tt = boost::test_tools;

namespace {

const Limit at_most_3 = limit(Comparison::le, 3), at_least_3 = limit(Comparison::ge, 3),
            magnitude_3 = limit(Comparison::abs_le, 3), body = within(36, 42, "Cel"),
            eight = limit(Comparison::equals, 8, "1");

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_judge_statements)

BOOST_AUTO_TEST_CASE(both_wrong_decisions_have_their_risk) {
  const auto risks = [](double value, const AgreedRule& rule) {
    return judge(measured(value, 0.4), at_most_3, rule);
  };
  const JudgedRecord passed = risks(2.2, binary), failed = risks(3.8, simple),
                     open = risks(2.9, DecisionRule::iso_14253_1);
  BOOST_TEST(*passed.false_acceptance == 0.02275, tt::tolerance(1e-4));
  BOOST_TEST(!passed.false_rejection);
  BOOST_TEST(*failed.false_rejection == 0.02275, tt::tolerance(1e-4));
  BOOST_TEST(!failed.false_acceptance);
  BOOST_TEST(finding(open) == "inconclusive");
  BOOST_TEST((!open.false_acceptance && !open.false_rejection));
  BOOST_TEST(*open.conformance == 0.5987, tt::tolerance(1e-4));
  Measurement few = measured(2.2, 0.4);
  std::get<Quantity>(few.value).dof = 4;
  BOOST_TEST(*judge(few, at_most_3, binary).false_acceptance == 0.0581, tt::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(rules_with_a_guard_band_of_their_own) {
  const auto half = AgreedRule(DecisionRule::guarded_fraction, 0.5);
  const JudgedRecord part = judge(measured(2, 0.5), at_most_3, half);
  BOOST_TEST(part.wording.en == "2.0 + 0.5 <= 3.0 mmHg: pass (w = 0.5 U, U = 1 mmHg)");
  BOOST_TEST(part.rule == "guarded_fraction");
  BOOST_TEST(*part.guard_factor == 0.5);
  BOOST_TEST(*part.guard_band == 0.5);
  BOOST_TEST(judge(measured(2.75, 0.5), at_most_3, half).wording.en ==
             "2.75 + 0.50 > 3.00 mmHg: fail (w = 0.5 U, U = 1 mmHg)");
  const JudgedRecord open = judge(measured(-2.5, 0.5), magnitude_3, DecisionRule::iso_14253_1);
  BOOST_TEST(open.wording.en ==
             "|-2.50| - 0.83 < 3.00 < |-2.50| + 0.83 mmHg: inconclusive (w = 0.83 U, U = 1 mmHg)");
  BOOST_TEST(judge(measured(4, 0.5), at_most_3, DecisionRule::iso_14253_1).wording.zh ==
             "4.00 - 0.83 ≥ 3.00 mmHg：不合格（w = 0.83 U, U = 1 mmHg）");
}

BOOST_AUTO_TEST_CASE(a_limit_that_allows_for_the_uncertainty) {
  Limit extended = magnitude_3;
  extended.uncertainty_allowed = 1.5;
  extended.rule = DecisionRule::iec_60118_8;
  const JudgedRecord pass = judge(measured(-3.5, 0.5), extended, std::nullopt);
  BOOST_TEST(pass.wording.en ==
             "|-3.5| + 1.0 <= 3.0 + 1.5 mmHg: pass (U = 1 mmHg <= Umax = 1.5 mmHg)");
  BOOST_TEST(*pass.uncertainty_allowed == 1.5);
  BOOST_TEST(*pass.guard_band == -0.5);
  BOOST_TEST(pass.rule_source == "limit: EX 1");
  BOOST_TEST(judge(measured(3.75, 0.5), extended, std::nullopt).wording.en ==
             "3.75 + 1.00 > 3.00 + 1.50 mmHg: fail (U = 1 mmHg <= Umax = 1.5 mmHg)");
  const JudgedRecord poor = judge(measured(0, 1), extended, std::nullopt);
  BOOST_TEST(finding(poor) == "inconclusive");
  BOOST_TEST(poor.wording.en == "U = 2 mmHg > Umax = 1.5 mmHg: inconclusive");
  Limit room = within(36, 42, "Cel");
  room.uncertainty_allowed = 0.5;
  BOOST_TEST(judge(measured(42, 0.1, "Cel"), room, DecisionRule::iec_60118_8).wording.en ==
             "36.0 - 0.5 <= 42.0 - 0.2, 42.0 + 0.2 <= 42.0 + 0.5 °C: pass (U = 0.2 °C <= Umax = "
             "0.5 °C)");
  BOOST_TEST(judge(measured(35.5, 0.1, "Cel"), room, DecisionRule::iec_60118_8).wording.en ==
             "35.5 - 0.2 < 36.0 - 0.5 °C: fail (U = 0.2 °C <= Umax = 0.5 °C)");
  // Umax is the limit's to give: without one, the job's rule is none.
  BOOST_TEST(finding(judge(measured(1), at_most_3, DecisionRule::iec_60118_8)) == "no_rule");
}

// A reference that is overdue bears neither a pass nor a fail; what was measured is not hidden.
BOOST_AUTO_TEST_CASE(no_statement_on_an_unfit_reference) {
  Circumstances overdue;
  overdue.no_statement = {"校准已过期", "calibration overdue"};
  for (const AgreedRule& rule : {AgreedRule(simple), AgreedRule(binary), AgreedRule(jjf)})
    for (const double value : {1.0, 2.9, 5.0})
      BOOST_TEST(finding(judge(measured(value, 0.4), at_most_3, rule, overdue)) ==
                 "reference_not_fit");
  const JudgedRecord beyond = judge(measured(5, 0.4), at_most_3, binary, overdue);
  BOOST_TEST(beyond.wording.en ==
             "5.0 + 0.8 > 3.0 mmHg; no statement of conformity: calibration overdue");
  BOOST_TEST(beyond.wording.zh == "5.0 + 0.8 > 3.0 mmHg；不作符合性声明：校准已过期");
  BOOST_TEST(*beyond.expanded_uncertainty == 0.8);
  BOOST_TEST((!beyond.false_acceptance && !beyond.false_rejection));
  BOOST_TEST(!beyond.conformance.has_value());
  Limit inherent = at_most_3;
  inherent.rule = DecisionRule::inherent;
  BOOST_TEST(finding(judge(measured(1), inherent, std::nullopt, overdue)) == "reference_not_fit");
  BOOST_TEST(finding(judge(found(true), limit(Comparison::le, 1), simple, overdue)) == "error");
  BOOST_TEST(finding(judge_expected(found(true), true, overdue)) == "reference_not_fit");
  // What was no verdict anyway keeps its own reason, and a reading that never came stays a fail.
  BOOST_TEST(finding(judge(measured(5), at_most_3, std::nullopt, overdue)) == "no_rule");
  BOOST_TEST(finding(judge(measured(5), with_status(LimitStatus::todo), simple, overdue)) ==
             "limit_todo");
  BOOST_TEST(finding(judge(measured(std::numeric_limits<double>::quiet_NaN()), at_most_3, simple,
                           overdue)) == "inconclusive");
  BOOST_TEST(finding(judge(measured(infinity), at_most_3, simple, overdue)) == "fail");
}

BOOST_AUTO_TEST_CASE(a_reference_worse_than_a_third_of_the_limit_bears_no_statement) {
  Circumstances reference;
  reference.reference_expanded = 1;
  BOOST_TEST(finding(judge(measured(1, 0.5), at_most_3, simple, reference)) == "pass");
  BOOST_TEST(finding(judge(measured(1, 0.5), magnitude_3, simple, reference)) == "pass");
  reference.reference_expanded = 1.0000001;
  BOOST_TEST(finding(judge(measured(1, 0.5), at_most_3, simple, reference)) == "reference_not_fit");
  BOOST_TEST(finding(judge(measured(9, 0.5), magnitude_3, simple, reference)) ==
             "reference_not_fit");
  reference.reference_expanded = 1.25;
  BOOST_TEST(judge(measured(1, 0.5), at_most_3, simple, reference).wording.en ==
             "1 <= 3 mmHg; no statement of conformity: U of the reference = 1.25 mmHg is more than "
             "a third of the limit, 3 mmHg");
  // A lower limit has no maximum permissible error that U could be a third of.
  BOOST_TEST(finding(judge(measured(5, 0.5), at_least_3, simple, reference)) == "pass");
  // In the unit of the value, whatever the limit's is; of a range the half-width counts.
  reference.reference_expanded = 0.14;
  BOOST_TEST(finding(judge(measured(0.1, 0.07, "kPa"), at_most_3, simple, reference)) ==
             "reference_not_fit");
  reference.reference_expanded = 1;
  BOOST_TEST(finding(judge(measured(37, 0.5, "Cel"), body, simple, reference)) == "pass");
  reference.reference_expanded = 1.1;
  BOOST_TEST(finding(judge(measured(37, 0.5, "Cel"), body, simple, reference)) ==
             "reference_not_fit");
}

BOOST_AUTO_TEST_SUITE_END()
