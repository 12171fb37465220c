#include "standards/uncertainty.h"

#include <array>
#include <cmath>
#include <limits>
#include <ostream>

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

UncertaintyComponent with(double u, double dof, double sensitivity = 1) {
  UncertaintyComponent out = standard({"分量", "component"}, u, Unit(), "example");
  out.dof = dof;
  out.sensitivity = sensitivity;
  return out;
}

// JCGM 100:2008, annex H.1 (end gauge), in nm: u(l_s) 25 with 18 degrees of freedom, u(d) 9.7 with
// 25.6, u(delta alpha) 2.9 with 50, u(delta theta) 16.6 with 2. The guide gets u_c = 32 nm and 16
// degrees of freedom.
const Budget end_gauge = {with(25, 18), with(9.7, 25.6), with(2.9, 50), with(16.6, 2)};

struct Place {
  double value;
  int place;
  std::string_view text;
};
std::ostream& operator<<(std::ostream& out, const Place& row) {
  return out << row.value << " to 10^" << row.place;
}

// GB/T 8170: half to even, judged on the decimal number and not on its binary neighbour.
const std::array places = {
    Place{0.25, -1, "0.2"},
    Place{0.35, -1, "0.4"},
    Place{0.15, -1, "0.2"},  // binary: a little below
    Place{1.005, -2, "1.00"},
    Place{1.015, -2, "1.02"},
    Place{2.5, 0, "2"},
    Place{3.5, 0, "4"},
    Place{-2.5, 0, "-2"},
    Place{-3.5, 0, "-4"},
    Place{2.5000001, 0, "3"},
    Place{2.4999999, 0, "2"},
    Place{0.5, 0, "0"},
    Place{0.51, 0, "1"},
    Place{0.05, 0, "0"},
    Place{-0.04, -1, "0.0"},
    Place{9.96, -1, "10.0"},
    Place{99.5, 0, "100"},
    Place{1234, 2, "1200"},
    Place{1250, 2, "1200"},
    Place{1350, 2, "1400"},
    Place{50, 2, "0"},
    Place{51, 2, "100"},
    Place{12.5, -3, "12.500"},
    Place{0, -2, "0.00"},
    Place{1e-7, -9, "0.000000100"},
    Place{123456789012, -1, "123456789012.0"},
};

struct Given {
  double value, expanded;
  std::string_view shown, uncertainty;
};
std::ostream& operator<<(std::ostream& out, const Given& row) {
  return out << row.value << " +- " << row.expanded;
}

const std::array reports = {
    Given{1.02345, 0.3123, "1.02", "0.31"},
    Given{100.02147, 0.00079, "100.02147", "0.00079"},
    Given{72.346, 0.0996, "72.35", "0.10"},
    Given{72.346, 9.96, "72", "10"},
    Given{1234.5, 123, "1230", "120"},
    Given{1234.5, 995, "1200", "1000"},
    Given{0.001, 0.5, "0.00", "0.50"},
    Given{-0.456, 0.25, "-0.46", "0.25"},
    Given{5.25, 1.25, "5.2", "1.2"},
    Given{0, 3e-8, "0.000000000", "0.000000030"},
    Given{1e20, 2.5e18, "100000000000000000000", "2500000000000000000"},
};

Measurement measured(double value, Budget budget) {
  Measurement out;
  out.value = Quantity{value, *Unit::parse("mm[Hg]")};
  out.budget = std::move(budget);
  return out;
}
const Quantity& quantity(const Measurement& m) { return std::get<Quantity>(m.value); }

struct Asked {
  Budget budget;
  std::string problems;
};
Asked asked(std::string_view yaml_text) {
  const auto document = yaml::Document::parse("budget.yaml", std::string(yaml_text));
  BOOST_REQUIRE(document.has_value());
  Problems problems;
  Asked out{read_budget((*document)->root().items(), problems), {}};
  if (!problems.empty()) out.problems = problems.as_error().text();
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_uncertainty)

BOOST_AUTO_TEST_CASE(the_guides_end_gauge) {
  const Combined combined = combine(end_gauge);
  BOOST_TEST(combined.u == std::sqrt(1003.06), tt::tolerance(1e-12));
  BOOST_TEST(rounded(combined.u, 0) == "32");
  BOOST_TEST(std::floor(combined.dof) == 16);
}

// G.2 of the guide, column 95.45 % and column 95 %.
BOOST_AUTO_TEST_CASE(coverage_factors_of_the_guides_table) {
  struct Row {
    double dof, p9545, p95;
  };
  for (const Row& row :
       {Row{1, 13.97, 12.71}, Row{2, 4.53, 4.30}, Row{3, 3.31, 3.18}, Row{4, 2.87, 2.78},
        Row{5, 2.65, 2.57}, Row{10, 2.28, 2.23}, Row{20, 2.13, 2.09}, Row{50, 2.05, 2.01},
        Row{100, 2.025, 1.984}, Row{infinity, 2.000, 1.960}}) {
    BOOST_TEST(coverage_factor(row.dof) == row.p9545, tt::tolerance(0.002));
    BOOST_TEST(coverage_factor(row.dof, CoverageProbability::p95) == row.p95,
               tt::tolerance(0.0025));
  }
  BOOST_TEST(coverage_factor(infinity) == 2);
  // Cut to a whole number, but not by the last bit.
  BOOST_TEST(coverage_factor(16.7) == coverage_factor(16));
  BOOST_TEST(coverage_factor(9 - 1e-13) == coverage_factor(9));
  BOOST_TEST(coverage_factor(1 - 1e-13) == coverage_factor(1));
}

BOOST_AUTO_TEST_CASE(components_have_the_divisors_of_the_guide) {
  const Text2 name{"分量", "component"};
  const Unit unit = *Unit::parse("s");
  const auto u = [&](Distribution d) { return half_width(name, 6, unit, d, "x").contribution(); };
  BOOST_TEST(u(Distribution::rectangular) == 6 / std::sqrt(3.0));
  BOOST_TEST(u(Distribution::triangular) == 6 / std::sqrt(6.0));
  BOOST_TEST(u(Distribution::u_shaped) == 6 / std::sqrt(2.0));
  BOOST_TEST(resolution(name, 1, unit, "x").contribution() == 1 / (2 * std::sqrt(3.0)));
  BOOST_TEST(expanded(name, 0.5, 2, unit, "x").contribution() == 0.25);
  BOOST_TEST(times(standard(name, 2, unit, "x"), -3).contribution() == 6);
  const UncertaintyComponent repeats = repeated(name, 0.3, 9, unit, "x");
  BOOST_TEST(repeats.contribution() == 0.1, tt::tolerance(1e-12));
  BOOST_TEST(repeats.dof == 8);
  BOOST_TEST(repeats.type == 'A');
}

BOOST_AUTO_TEST_CASE(a_value_has_the_uncertainty_of_its_budget) {
  Measurement m = measured(1.02345, {with(0.1, infinity), with(0.3, 4, 0.5)});
  evaluate(m);
  BOOST_TEST(quantity(m).u == std::hypot(0.1, 0.15), tt::tolerance(1e-12));
  const double dof = std::pow(0.01 + 0.0225, 2) / (std::pow(0.15, 4) / 4);
  BOOST_TEST(quantity(m).dof == dof, tt::tolerance(1e-12));  // 8.35
  BOOST_TEST(quantity(m).k == coverage_factor(8));
  BOOST_REQUIRE(m.reported.has_value());
  BOOST_TEST(m.reported->uncertainty == "0.43");
  BOOST_TEST(m.reported->value == "1.02");
  evaluate(m, CoverageProbability::p95);
  BOOST_TEST(quantity(m).k == 2.306, tt::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(without_components_there_is_no_uncertainty) {
  Measurement m = measured(5, {});
  evaluate(m);
  BOOST_TEST(quantity(m).u == 0);
  BOOST_TEST(quantity(m).k == 2);
  BOOST_TEST(!m.reported.has_value());
  m = measured(5, {with(0, 3), with(1, infinity, 0)});
  evaluate(m);
  BOOST_TEST(quantity(m).u == 0);
  BOOST_TEST(std::isinf(quantity(m).dof));
  BOOST_TEST(!m.reported.has_value());
  for (const double none : {infinity, std::nan("")}) {
    m = measured(none, {with(1, 3)});
    evaluate(m);
    BOOST_TEST(quantity(m).u == 0);
    BOOST_TEST(m.budget.empty());
  }
}

BOOST_DATA_TEST_CASE(rounding_is_half_to_even, places, row) {
  BOOST_TEST(rounded(row.value, row.place) == row.text);
}

BOOST_DATA_TEST_CASE(value_and_u_end_at_the_same_place, reports, row) {
  const Reported shown = reported(row.value, row.expanded);
  BOOST_TEST(shown.value == row.shown);
  BOOST_TEST(shown.uncertainty == row.uncertainty);
}

BOOST_AUTO_TEST_CASE(numbers_out_of_all_bounds_are_still_reported) {
  for (const double far : {1e300, 1e-300, 1e-40, 5e-324}) {
    BOOST_TEST(!reported(far, far).value.empty());
    BOOST_TEST(reported(1, far).uncertainty.size() < 80u);
    BOOST_TEST(reported(far, 1).value.size() < 80u);
  }
}

BOOST_AUTO_TEST_CASE(a_laboratory_writes_components) {
  const Asked all = asked(
      "- {name: {zh: 漂移, en: drift}, half_width: 0.3, unit: /min, source: history}\n"
      "- {name: {zh: 环境, en: room}, half_width: 0.3, distribution: u_shaped, unit: Cel,\n"
      "   sensitivity: 0.5, source: logger}\n"
      "- {name: {zh: 标准器, en: standard}, expanded: 0.4, k: 2, unit: /s, dof: 30, source: c}\n"
      "- {name: {zh: 其他, en: other}, standard: 0.1, unit: /min, source: c}\n"
      "- {name: {zh: 重复, en: repeats}, standard_deviation: 0.2, n: 4, unit: /min, source: c}\n"
      "- {name: {zh: 读数, en: readings}, readings: [1, 2, 3, 4], unit: /min, source: c}\n");
  BOOST_REQUIRE_EQUAL(all.problems, "");
  BOOST_REQUIRE_EQUAL(all.budget.size(), 6u);
  Budget budget = all.budget;
  BOOST_REQUIRE(in_unit(budget, *Unit::parse("/min")));
  const std::array contributions = {
      0.3 / std::sqrt(3.0), 0.5 * 0.3 / std::sqrt(2.0), 12.0, 0.1, 0.1, std::sqrt(5.0 / 3) / 2};
  for (std::size_t i = 0; i < budget.size(); ++i)
    BOOST_TEST(budget[i].contribution() == contributions[i], tt::tolerance(1e-12));
  BOOST_TEST(budget[2].dof == 30);
  BOOST_TEST(budget[5].dof == 3);
  BOOST_TEST(budget[5].type == 'A');
  budget = {all.budget[0]};
  BOOST_TEST(!in_unit(budget, *Unit::parse("Cel")));
}

struct Refused {
  std::string_view yaml_text, problem;
};
std::ostream& operator<<(std::ostream& out, const Refused& row) { return out << row.yaml_text; }

const std::array refused = {
    Refused{"[{name: {zh: a, en: b}, unit: s, source: x}]", "a component gives one of"},
    Refused{"[{name: {zh: a, en: b}, standard: 1, half_width: 1, unit: s, source: x}]",
            "not several"},
    Refused{"[{name: {zh: a, en: b}, standard: 0, unit: s, source: x}]", "above 0"},
    Refused{"[{name: {zh: a, en: b}, standard: -1, unit: s, source: x}]", "above 0"},
    Refused{"[{name: {zh: a, en: b}, half_width: 1e300, unit: s, source: x}]", "at most"},
    Refused{"[{name: {zh: a, en: b}, half_width: .inf, unit: s, source: x}]", "number"},
    Refused{"[{name: {zh: a, en: b}, standard: 1, unit: s}]", "source"},
    Refused{"[{name: b, standard: 1, unit: s, source: x}]", "zh"},
    Refused{"[{name: {zh: a, en: b}, standard: 1, unit: bpm, source: x}]", "bpm"},
    Refused{"[{name: {zh: a, en: b}, expanded: 1, unit: s, source: x}]", "\"k\""},
    Refused{"[{name: {zh: a, en: b}, expanded: 1, k: 0, unit: s, source: x}]", "above 0"},
    Refused{"[{name: {zh: a, en: b}, standard_deviation: 1, unit: s, source: x}]", "\"n\""},
    Refused{"[{name: {zh: a, en: b}, standard_deviation: 1, n: 1, unit: s, source: x}]", "n"},
    Refused{"[{name: {zh: a, en: b}, readings: [1], unit: s, source: x}]", "two readings"},
    Refused{"[{name: {zh: a, en: b}, readings: [1, two], unit: s, source: x}]", "two"},
    Refused{"[{name: {zh: a, en: b}, readings: [1, 2], dof: 5, unit: s, source: x}]", "follows"},
    Refused{"[{name: {zh: a, en: b}, standard: 1, dof: 0.5, unit: s, source: x}]", "1 at least"},
    Refused{"[{name: {zh: a, en: b}, half_width: 1, distribution: normal, unit: s, source: x}]",
            "distribution"},
    Refused{"[{name: {zh: a, en: b}, standard: 1, sensitivty: 2, unit: s, source: x}]",
            "did you mean \"sensitivity\""},
    Refused{"[drift]", "map"},
};

BOOST_DATA_TEST_CASE(what_is_no_component_is_refused_with_its_place, refused, row) {
  const std::string problems = asked(row.yaml_text).problems;
  BOOST_TEST(problems.find("budget.yaml:1:") != problems.npos, problems);
  BOOST_TEST(problems.find(row.problem) != problems.npos, problems);
}

BOOST_AUTO_TEST_CASE(the_number_of_components_is_bounded) {
  std::string text;
  for (int i = 0; i < 51; ++i)
    text += "- {name: {zh: a, en: b}, standard: 1, unit: s, source: x}\n";
  BOOST_TEST(asked(text).problems.find("more than 50") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
