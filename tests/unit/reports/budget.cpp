#include "reports/plot/budget.h"

#include <cmath>
#include <limits>
#include <sstream>

#include "reports/renderer.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/markup_check.h"
#include "tests/support/sample_record.h"

using namespace carebench;
using test::count_of;

namespace {

std::string page(Language language) {
  std::ostringstream out;
  BOOST_REQUIRE(renderer("html")->render(test::sample_record(), language, out).has_value());
  return out.str();
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

UncertaintyComponent component(std::string name, char type, double given) {
  UncertaintyComponent out;
  out.name = {name, name};
  out.type = type;
  out.given = given;
  return out;
}

std::string drawn(std::vector<UncertaintyComponent> budget, double u) {
  Measurement m;
  m.name = "bias";
  m.value = Quantity{1, *Unit::parse("mm[Hg]"), u};
  m.budget = std::move(budget);
  Markup out;
  const auto texts = Texts::load(Language::en);
  BOOST_REQUIRE(texts.has_value());
  plot::draw_budget(out, m, *texts, "figure-1");
  return out.take();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reports_budget)

BOOST_AUTO_TEST_CASE(every_component_stands_in_a_table) {
  const std::string en = page(Language::en);
  for (const std::string_view part :
       {"Uncertainty budgets", "calibration of the reference", "certificate JZ-2026-0311", "normal",
        "0.25 /min", "repeatability", "166 ms", "0.001", "0.166 /min", "ν_eff = 96", "k = 2",
        "coverage 95.45 %", "reported: 2.75 ± 0.60 /min"})
    BOOST_TEST(has(en, part), part);
  const std::string zh = page(Language::zh_cn);
  for (const std::string_view part : {"不确定度评定", "参考仪器校准", "正态", "重复性",
                                      "包含概率 95.45 %", "报告为 2.75 ± 0.60 /min"})
    BOOST_TEST(has(zh, part), part);
}

// The value and its U stand rounded in the row of the result; the judged number stays beside it.
BOOST_AUTO_TEST_CASE(a_value_is_reported_to_the_place_of_its_uncertainty) {
  RunRecord record = test::sample_record();
  for (StepRecord& step : record.steps)
    for (Attempt& attempt : step.attempts)
      for (Measurement& m : attempt.measurements)
        if (m.reported) {
          m.value = Quantity{2.7512345, *Unit::parse("/min"), 0.3, 2};
          m.reported = {"2.75", "0.60"};
        }
  std::ostringstream out;
  BOOST_REQUIRE(renderer("html")->render(record, Language::en, out).has_value());
  BOOST_TEST(has(out.str(), "value=\"2.7512345\""));
  BOOST_TEST(has(out.str(), ">2.75 /min</data>"));
  BOOST_TEST(has(out.str(), "0.60 /min"));
}

BOOST_AUTO_TEST_CASE(why_a_reference_is_not_fit_stands_at_its_step) {
  const std::string en = page(Language::en);
  BOOST_TEST(has(en, "No statement of conformity against the reference, because"));
  BOOST_TEST(has(en, "reference instrument PM-02: calibration overdue since 2026-11-01"));
  BOOST_TEST(has(page(Language::zh_cn), "参考仪器 PM-02 校准已于 2026-11-01 过期"));
}

BOOST_AUTO_TEST_CASE(both_risks_are_told) {
  const std::string en = page(Language::en);
  BOOST_TEST(has(en, "Probability of false acceptance: 20.2 %"));
  BOOST_TEST(has(en, "Probability of false rejection: 21.2 %"));
}

BOOST_AUTO_TEST_CASE(bars_stand_largest_first_and_tell_type_a_by_a_hatch) {
  const std::string svg =
      drawn({component("small", 'B', 0.1), component("large", 'A', 0.4)}, 0.412);
  BOOST_TEST(svg.find("large (A)") < svg.find("small (B)"));
  BOOST_TEST(count_of(svg, "class=\"bar\"") == 3u);
  BOOST_TEST(count_of(svg, "class=\"hatch\"") == 1u);
  BOOST_TEST(has(svg, "0.41 mmHg"));
  BOOST_TEST(has(svg, "|c| u(x) (mmHg)"));
  BOOST_TEST(test::markup_problem(svg) == "");
}

BOOST_AUTO_TEST_CASE(senseless_budgets_are_drawn_all_the_same) {
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double given : {0.0, infinite, std::nan(""), 1e300, 5e-324})
    for (const double u : {0.0, infinite, 1.0})
      BOOST_TEST(test::markup_problem(drawn({component("one", 'B', given)}, u)) == "");
  std::vector<UncertaintyComponent> many(500, component("x", 'A', 1));
  BOOST_TEST(count_of(drawn(many, 22), "class=\"bar\"") == 61u);
}

BOOST_AUTO_TEST_SUITE_END()
