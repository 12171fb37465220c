#include "profiles/measuring/figure_limits.h"

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(profiles_figure_limits)

namespace {

std::string text_of(const Problems& problems) {
  return problems.empty() ? "" : problems.as_error().text();
}

Limit limit_of(std::string_view body) {
  Problems problems;
  const auto document = yaml::Document::parse(
      "limit.yaml", cat("{", body, ", source: {kind: laboratory, document: example}}"));
  BOOST_REQUIRE(document.has_value());
  Limit limit = read_limit((*document)->root(), problems, "inline");
  BOOST_REQUIRE_MESSAGE(problems.empty(), text_of(problems));
  return limit;
}

Figure deviations() {
  Figure figure;
  figure.kind = "deviation";
  figure.x_unit = figure.y_unit = "mm[Hg]";
  figure.series = {{{}, {60, 200}, {1, -2}}};
  figure.shows = {{"bp.max_abs", 'y', true}, {"bp.bias", 'y', true}};
  return figure;
}

std::string marks_of(const Figure& figure) {
  std::string out;
  for (const auto& mark : figure.marks)
    out += mark.style + " " + mark.axis + " " + std::to_string(mark.value).substr(0, 5) + "; ";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_limit_of_an_amount_stands_on_both_sides) {
  Figure figure = deviations();
  JudgedRecord judged;
  judged.value = "bp.max_abs";
  judged.guard_band = 0.5;
  const Limit limit = limit_of("op: '<=', value: 3, unit: 'mm[Hg]'");
  add_limits({&figure, 1}, judged, limit, *Unit::parse("mm[Hg]"));
  BOOST_TEST(marks_of(figure) == "limit y 3.000; guard y 2.500; limit y -3.00; guard y -2.50; ");
  judged.value = "bp.sd";  // is not in this plot
  add_limits({&figure, 1}, judged, limit, *Unit::parse("mm[Hg]"));
  BOOST_TEST(figure.marks.size() == 4u);
}

BOOST_AUTO_TEST_CASE(limits_come_in_the_unit_of_the_axis) {
  Figure figure;
  figure.kind = "ecdf";
  figure.x_unit = "s";
  add_limit(figure, {"p95", 'x', false}, limit_of("op: '<=', value: 250, unit: ms"), 10,
            *Unit::parse("ms"));
  BOOST_TEST(marks_of(figure) == "limit x 0.250; guard x 0.240; ");
  figure.marks.clear();
  add_limit(figure, {"p95", 'x', false}, limit_of("op: '<=', value: 250, unit: 'mm[Hg]'"), 0,
            *Unit::parse("mm[Hg]"));
  BOOST_TEST(figure.marks.empty());
}

BOOST_AUTO_TEST_CASE(a_bound_over_the_reference_becomes_a_line) {
  Figure figure = deviations();
  add_limit(figure, figure.shows[0],
            limit_of("op: '<=', unit: 'mm[Hg]', statistic: each, value: {by: reference, offset: 0, "
                     "slope: 0.02, floor: 3}"),
            1, *Unit::parse("mm[Hg]"));
  BOOST_TEST(figure.marks.empty());
  BOOST_REQUIRE(figure.borders.size() == 4u);
  BOOST_TEST(figure.borders[0].style == "limit");
  BOOST_TEST(figure.borders[0].y.front() == 3);
  BOOST_TEST(figure.borders[0].y.back() == 4);
  BOOST_TEST(figure.borders[1].style == "guard");
  BOOST_TEST(figure.borders[1].y.back() == 3);
  BOOST_TEST(figure.borders[2].y.back() == -4);
  BOOST_TEST(figure.borders[3].y.back() == -3);
}

BOOST_AUTO_TEST_CASE(a_limit_without_number_is_not_drawn) {
  Figure figure = deviations();
  add_limit(figure, figure.shows[0], limit_of("status: todo, unit: 'mm[Hg]'"), 1,
            *Unit::parse("mm[Hg]"));
  BOOST_TEST(figure.marks.empty());
  BOOST_TEST(figure.borders.empty());
}

BOOST_AUTO_TEST_SUITE_END()
