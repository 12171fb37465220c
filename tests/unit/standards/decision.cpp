#include "standards/decision.h"

#include <array>
#include <cmath>
#include <ostream>

#include "standards/stats/distributions.h"
#include "standards/uncertainty.h"
#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

constexpr auto passes = Verdict::pass, maybe_passes = Verdict::conditional_pass,
               undetermined = Verdict::inconclusive, maybe_fails = Verdict::conditional_fail,
               fails = Verdict::fail;
constexpr auto simple = DecisionRule::simple_acceptance, binary = DecisionRule::guarded_binary,
               nonbinary = DecisionRule::guarded_nonbinary, jjf = DecisionRule::jjf_1094,
               inherent = DecisionRule::inherent, iso = DecisionRule::iso_14253_1,
               hearing_aid = DecisionRule::iec_60118_8;

constexpr double phi_of_minus_2 = 0.0227501319481792;

struct Row {
  DecisionRule rule;
  double y, expanded;
  Verdict verdict;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << to_string(row.rule) << " " << row.y << " U " << row.expanded;
}

// The limit is 3 in all rows; U = 0.8 is less than a third of it, U = 1.2 is more.
const std::array rows = {
    Row{simple, 2.9999, 0.8, passes},
    Row{simple, 3, 0.8, passes},
    Row{simple, 3.0000001, 0.8, fails},
    Row{simple, 3, 0, passes},
    Row{inherent, 3, 5, passes},
    Row{inherent, 3.0000001, 0, fails},
    Row{binary, 2.2, 0.8, passes},
    Row{binary, 2.2000001, 0.8, fails},
    Row{binary, 3, 0.8, fails},
    Row{binary, 3, 0, passes},
    Row{binary, 3.0000001, 0, fails},
    Row{nonbinary, 2.2, 0.8, passes},
    Row{nonbinary, 2.2000001, 0.8, maybe_passes},
    Row{nonbinary, 3, 0.8, maybe_passes},
    Row{nonbinary, 3.0000001, 0.8, maybe_fails},
    Row{nonbinary, 3.8, 0.8, maybe_fails},
    Row{nonbinary, 3.8000001, 0.8, fails},
    Row{nonbinary, 3, 0, passes},
    Row{nonbinary, 3.0000001, 0, fails},
    Row{jjf, 3, 0.8, passes},
    Row{jjf, 3.0000001, 0.8, fails},
    Row{jjf, 3, 1, passes},                // U = MPEV/3: no guard band
    Row{jjf, 3, 1.0000001, undetermined},  // U just above it
    Row{jjf, 1.8, 1.2, passes},
    Row{jjf, 1.8000001, 1.2, undetermined},
    Row{jjf, 4.1999999, 1.2, undetermined},
    Row{jjf, 4.2, 1.2, fails},
    Row{jjf, 3, 0, passes},
    Row{iso, 2.17, 1, passes},  // w = 0.83
    Row{iso, 2.1700001, 1, undetermined},
    Row{iso, 3, 1, undetermined},
    Row{iso, 3.8299999, 1, undetermined},
    Row{iso, 3.83, 1, fails},
    Row{iso, 3, 0, passes},
    Row{iso, 3.0000001, 0, fails},
};

Tolerance upper(double t) { return {std::nullopt, t, false, t}; }
Tolerance lower(double t) { return {t, std::nullopt, false, std::nullopt}; }
Tolerance both(double low, double high) { return {low, high, false, (high - low) / 2}; }

Limit limit(Comparison comparison, double value, std::string_view unit = "1") {
  Limit out;
  out.comparison = comparison;
  out.value = value;
  out.unit = *Unit::parse(unit);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_decision)

BOOST_DATA_TEST_CASE(upper_limit, rows, row) {
  const Decision decision = decide(row.y, row.expanded, upper(3), row.rule);
  BOOST_TEST((decision.verdict == row.verdict), to_string(decision.verdict));
  BOOST_TEST(decision.upper);
}

// A lower limit is the mirror image; under JJF 1094 there is no MPEV then, so the guard band stays.
BOOST_DATA_TEST_CASE(lower_limit, rows, row) {
  const Decision decision = decide(-row.y, row.expanded, lower(-3), row.rule);
  BOOST_TEST(!decision.upper);
  if (row.rule == jjf && row.expanded > 0 && row.expanded <= 1)
    BOOST_TEST((decision.verdict == undetermined), to_string(decision.verdict));
  else
    BOOST_TEST((decision.verdict == row.verdict), to_string(decision.verdict));
}

BOOST_DATA_TEST_CASE(magnitude_on_both_sides, rows, row) {
  for (double sign : {-1.0, 1.0}) {
    const Decision decision = decide(sign * row.y, row.expanded, both(-3, 3), row.rule);
    BOOST_TEST((decision.verdict == row.verdict), to_string(decision.verdict));
    BOOST_TEST(decision.upper == (sign > 0));
  }
}

BOOST_AUTO_TEST_CASE(two_sided) {
  const Tolerance body = both(36, 42);
  BOOST_TEST((decide(36.1, 0.1, body, binary).verdict == passes));
  BOOST_TEST((decide(36.0, 0.1, body, binary).verdict == fails));
  BOOST_TEST((decide(41.9, 0.1, body, binary).verdict == passes));
  BOOST_TEST((decide(42, 0.1, body, nonbinary).verdict == maybe_passes));
  BOOST_TEST((decide(35.9, 0.1, body, nonbinary).verdict == maybe_fails));
  // MPEV is the half-width, 3: a U of 1 needs no guard band, a U of 1.1 does.
  BOOST_TEST((decide(42, 1, body, jjf).verdict == passes));
  BOOST_TEST((decide(42, 1.1, body, jjf).verdict == undetermined));
  BOOST_TEST(decide(42, 1, body, jjf).guard_band == 0);
  BOOST_TEST(decide(42, 1.1, body, jjf).guard_band == 1.1);
}

BOOST_AUTO_TEST_CASE(no_room_for_the_guard_band) {
  for (double y : {-2.0, 0.0, 2.0}) {
    BOOST_TEST((decide(y, 4, both(-3, 3), binary).verdict == fails));
    BOOST_TEST((decide(y, 4, both(-3, 3), nonbinary).verdict == maybe_passes));
    BOOST_TEST((decide(y, 4, both(-3, 3), jjf).verdict == undetermined));
  }
}

BOOST_AUTO_TEST_CASE(strict_limits) {
  const Tolerance below{std::nullopt, 3, true, 3}, above{3, std::nullopt, true, std::nullopt};
  BOOST_TEST((decide(3, 0, below, simple).verdict == fails));
  BOOST_TEST((decide(2.9999999, 0, below, simple).verdict == passes));
  BOOST_TEST((decide(3, 0, above, simple).verdict == fails));
  BOOST_TEST((decide(3.0000001, 0, above, simple).verdict == passes));
  BOOST_TEST((decide(2.2, 0.8, below, binary).verdict == fails));
  BOOST_TEST((decide(2.2, 0.8, below, nonbinary).verdict == maybe_passes));
  BOOST_TEST((decide(3, 0.8, below, nonbinary).verdict == maybe_fails));
  BOOST_TEST((decide(3.8, 0.8, below, nonbinary).verdict == fails));
  BOOST_TEST((decide(3, 0, below, nonbinary).verdict == fails));
}

// Decimal fractions have no exact binary form: 3 - 0.8 is not 2.2, and 0.1 + 0.2 is not 0.3.
BOOST_AUTO_TEST_CASE(same_number) {
  BOOST_TEST(compare(0.1 + 0.2, 0.3) == 0);
  BOOST_TEST(compare(2.2, 3 - 0.8, 3) == 0);
  BOOST_TEST(compare(3.00000000001, 3) == 1);
  BOOST_TEST(compare(-3.00000000001, -3) == -1);
  BOOST_TEST(compare(0, 0) == 0);
  BOOST_TEST(compare(1e-300, 0) == 1);
  BOOST_TEST((decide(0.2, 0.1, upper(0.3), binary).verdict == passes));
  BOOST_TEST((decide(94.96, 0, lower(95), simple).verdict == fails));
}

BOOST_AUTO_TEST_CASE(tolerances_of_limits) {
  BOOST_TEST(*tolerance_of(limit(Comparison::le, 3)).mpev == 3);
  BOOST_TEST(!tolerance_of(limit(Comparison::le, -3)).mpev);
  BOOST_TEST(!tolerance_of(limit(Comparison::ge, 3)).mpev);
  BOOST_TEST(!tolerance_of(limit(Comparison::le, 42, "Cel")).mpev);  // no third of 42 °C
  BOOST_TEST(*tolerance_of(limit(Comparison::abs_le, 0.3, "Cel")).mpev == 0.3);
  BOOST_TEST(*tolerance_of(limit(Comparison::abs_le, 3)).low == -3);
  BOOST_TEST(tolerance_of(limit(Comparison::gt, 3)).strict);
  BOOST_TEST(!tolerance_of(limit(Comparison::gt, 3)).high);
}

// JCGM 106:2012: a value at the acceptance limit T - U with k = 2 has a specific risk of Phi(-2).
BOOST_AUTO_TEST_CASE(specific_risk) {
  BOOST_TEST(nonconformance_probability({2.2, 0.4}, upper(3)) == phi_of_minus_2,
             tt::tolerance(1e-9));
  BOOST_TEST(nonconformance_probability({3, 0.4}, upper(3)) == 0.5);
  BOOST_TEST(nonconformance_probability({3.8, 0.4}, lower(3)) == phi_of_minus_2,
             tt::tolerance(1e-9));
  BOOST_TEST(nonconformance_probability({0, 1.5}, both(-3, 3)) == 2 * phi_of_minus_2,
             tt::tolerance(1e-9));
  BOOST_TEST(conformance_probability({3.8, 0.4}, upper(3)) == phi_of_minus_2, tt::tolerance(1e-9));
  BOOST_TEST(conformance_probability({0, 1.5}, both(-3, 3)) == 1 - 2 * phi_of_minus_2,
             tt::tolerance(1e-9));
  // w = 0.83 U of ISO 14253-1
  BOOST_TEST(std::abs(nonconformance_probability({3 - 0.83 * 0.8, 0.4}, upper(3)) - 0.0485) < 5e-5);
}

// The normal risk at the end of a guard band of few degrees of freedom would look smaller than the
// rule allows: k = t(0.97725, 4) = 2.869, and U = k u leaves 2.275 % outside, not Phi(-2.869).
BOOST_AUTO_TEST_CASE(few_degrees_of_freedom_have_heavy_tails) {
  const double k = coverage_factor(4), u = 0.8 / k;
  BOOST_TEST(nonconformance_probability({2.2, u, 4}, upper(3)) == phi_of_minus_2,
             tt::tolerance(1e-9));
  BOOST_TEST(nonconformance_probability({2.2, u}, upper(3)) < 0.003);
  BOOST_TEST(conformance_probability({3.8, u, 4.9}, upper(3)) == phi_of_minus_2,
             tt::tolerance(1e-9));
}

// Both risks of any value sum to one, and neither loses its digits far out.
BOOST_AUTO_TEST_CASE(risks_keep_their_digits_in_the_tails) {
  for (const Tolerance& tolerance : {upper(3), lower(-3), both(-3, 3)})
    for (const double y : {-40.0, -7.0, -3.0, -0.5, 0.0, 2.0, 3.0, 9.0, 40.0})
      for (const double dof : {1.0, 4.0, 100.0, std::numeric_limits<double>::infinity()}) {
        const Known known{y, 0.9, dof};
        const double inside = conformance_probability(known, tolerance),
                     outside = nonconformance_probability(known, tolerance);
        BOOST_TEST(inside + outside == 1, tt::tolerance(1e-12));
        BOOST_TEST((inside >= 0 && outside >= 0));
      }
  // Phi(-10) = 7.62e-24: the tail on either side of a two-sided tolerance.
  BOOST_TEST(conformance_probability({13, 1}, both(-3, 3)) == 7.61985302416e-24,
             tt::tolerance(1e-9));
  BOOST_TEST(conformance_probability({-13, 1}, both(-3, 3)) == 7.61985302416e-24,
             tt::tolerance(1e-9));
}

// JCGM 106:2012, one upper limit: a breakdown voltage of -5.47 V with u = 0.05 V against -5.40 V
// conforms with Phi(1.40) = 0.919.
BOOST_AUTO_TEST_CASE(a_breakdown_voltage_against_its_limit) {
  BOOST_TEST(conformance_probability({-5.47, 0.05}, upper(-5.40)) == 0.919243340766,
             tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(an_agreed_part_of_u_is_the_guard_band) {
  const auto half = AgreedRule(DecisionRule::guarded_fraction, 0.5);
  BOOST_TEST((decide(2.6, 0.8, upper(3), half).verdict == passes));
  BOOST_TEST((decide(2.6000001, 0.8, upper(3), half).verdict == fails));
  BOOST_TEST(decide(2.6, 0.8, upper(3), half).guard_band == 0.4);
  BOOST_TEST((decide(0.6, 0.8, upper(3), AgreedRule(half.rule, 3)).verdict == passes));
  BOOST_TEST((decide(0.6000001, 0.8, upper(3), AgreedRule(half.rule, 3)).verdict == fails));
  BOOST_TEST((decide(-2.6000001, 0.8, both(-3, 3), half).verdict == fails));
}

// The tolerance is wider by Umax, the result by U; a laboratory that measures worse than Umax may
// say nothing.
BOOST_AUTO_TEST_CASE(a_tolerance_that_allows_for_the_uncertainty) {
  Tolerance t = upper(3);
  t.uncertainty_allowed = 1;
  BOOST_TEST((decide(3.2, 0.8, t, hearing_aid).verdict == passes));
  BOOST_TEST((decide(3.2000001, 0.8, t, hearing_aid).verdict == fails));
  BOOST_TEST(decide(3.2, 0.8, t, hearing_aid).guard_band == -0.2, tt::tolerance(1e-12));
  BOOST_TEST((decide(4, 0, t, hearing_aid).verdict == passes));
  BOOST_TEST((decide(3, 1, t, hearing_aid).verdict == passes));
  for (const double y : {-100.0, 0.0, 3.0, 100.0}) {
    const Decision decision = decide(y, 1.0000001, t, hearing_aid);
    BOOST_TEST((decision.verdict == undetermined));
    BOOST_TEST(decision.uncertainty_too_large);
  }
  t = both(-3, 3);
  t.uncertainty_allowed = 1;
  BOOST_TEST((decide(-3.2, 0.8, t, hearing_aid).verdict == passes));
  BOOST_TEST((decide(-3.2000001, 0.8, t, hearing_aid).verdict == fails));
}

BOOST_AUTO_TEST_SUITE_END()
