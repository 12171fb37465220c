#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/plot/axis.h"
#include "reports/plot/labels.h"
#include "reports/plot/layout.h"
#include "reports/plot/svg.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/markup_check.h"
#include "tests/support/sample_record.h"

namespace data = boost::unit_test::data;
using namespace carebench;
using namespace carebench::plot;

BOOST_AUTO_TEST_SUITE(reports_plot)

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::string drawn(const Figure& figure, int* undrawn = nullptr) {
  const Result<Texts> texts = Texts::load(Language::zh_cn);
  BOOST_REQUIRE(texts.has_value());
  Markup out;
  const int missing = draw(out, figure, *texts, "f");
  if (undrawn) *undrawn = missing;
  return out.take();
}

std::vector<Figure> sample_figures() {
  std::vector<Figure> out;
  for (const StepRecord& step : test::sample_steps())
    for (const Attempt& attempt : step.attempts)
      out.insert(out.end(), attempt.figures.begin(), attempt.figures.end());
  return out;
}

}  // namespace

struct Range {
  double low, high;
  std::string ticks;
};
std::ostream& operator<<(std::ostream& out, const Range& r) {
  return out << r.low << " " << r.high;
}
const Range ranges[] = {
    {0, 1, "0 0.2 0.4 0.6 0.8 1"},
    {118, 672, "0 200 400 600 800"},
    {-3, 3.2, "-4 -2 0 2 4"},
    {5, 5, "4.4 4.6 4.8 5 5.2 5.4 5.6"},
    {0, 0, "-1 -0.5 0 0.5 1"},
    {1000000.1, 1000000.4, "1000000.1 1000000.2 1000000.3 1000000.4"},
    {1e-7, 9e-7, "0 2e-7 4e-7 6e-7 8e-7 0.000001"},
    {infinite, -infinite, "0 0.2 0.4 0.6 0.8 1"},
    {-infinite, infinite, "0 0.2 0.4 0.6 0.8 1"},
};

BOOST_DATA_TEST_CASE(axes_end_on_nice_numbers, data::make(ranges), range) {
  const Axis axis = nice_axis(range.low, range.high, 5);
  std::string ticks;
  for (const double tick : axis.ticks()) ticks += (ticks.empty() ? "" : " ") + axis.tick_text(tick);
  BOOST_TEST(ticks == range.ticks);
}

double low(const Flag& f) { return f.leftward ? f.x - text_width(f.text) : f.x; }
double high(const Flag& f) { return low(f) + text_width(f.text); }

BOOST_AUTO_TEST_CASE(flags_never_overlap_and_stay_on_the_paper) {
  std::vector<Flag> flags;
  for (int i = 0; i < 12; ++i) flags.push_back({60.0 + 47 * i, "P95 1234 ms", false, 0});
  arrange(flags, 600);
  for (const Flag& a : flags) {
    BOOST_TEST(low(a) >= 0);
    BOOST_TEST(high(a) <= 680);
    for (const Flag& b : flags) {
      const bool apart = &a == &b || a.row != b.row || high(a) <= low(b) || high(b) <= low(a);
      BOOST_TEST(apart);
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_of_a_usual_plot_cross_no_text) {
  std::vector<Flag> flags = {{140, "median 238.1 ms", false, 0},
                             {205, "P90 561.3 ms", false, 0},
                             {220, "P95 672.4 ms", false, 0},
                             {600, "limit 2000 ms", false, 0},
                             {560, "maximum 1890 ms", false, 0}};
  BOOST_TEST(arrange(flags, 620) <= 3);
  for (const Flag& a : flags)
    for (const Flag& b : flags) {
      const bool crossed = b.row > a.row && b.x > low(a) && b.x < high(a);
      BOOST_TEST(!crossed);
    }
}

BOOST_AUTO_TEST_CASE(labels_at_the_side_keep_their_distance) {
  std::vector<double> places = {100, 100, 101, 20, 228};
  spread(places, 15, 10, 230);
  std::sort(places.begin(), places.end());
  for (std::size_t i = 1; i < places.size(); ++i) BOOST_TEST(places[i] - places[i - 1] >= 15);
  BOOST_TEST(places.front() >= 10);
  BOOST_TEST(places.back() <= 230);
}

BOOST_AUTO_TEST_CASE(long_labels_are_cut_between_characters) {
  BOOST_TEST(fitted("限值", 100) == "限值");
  const std::string cut = fitted("非常非常非常非常非常长的标签", 60);
  BOOST_TEST(valid_utf8(cut));
  BOOST_TEST(cut.ends_with("…"));
  BOOST_TEST(text_width(cut) <= 60);
}

BOOST_AUTO_TEST_CASE(every_kind_of_figure_is_drawn) {
  const std::vector<Figure> figures = sample_figures();
  BOOST_TEST(figures.size() == 8u);
  for (const Figure& figure : figures) {
    const std::string svg = drawn(figure);
    BOOST_TEST(test::markup_problem(svg) == "");
    for (const char* part : {"role=\"img\"", "<title id=\"f-t\">", "<desc id=\"f-d\">", "viewBox="})
      BOOST_TEST(svg.find(part) != svg.npos, figure.kind << " has no " << part);
    BOOST_TEST(svg.find(figure.title.zh) != svg.npos);
    for (const char* bad : {"nan", "inf"}) BOOST_TEST(svg.find(bad) == svg.npos);
  }
}

BOOST_AUTO_TEST_CASE(drop_outs_are_counted_and_keep_the_curve_below_all) {
  Figure figure;
  figure.kind = "ecdf";
  figure.series = {{{}, {1, 2, infinite, std::nan("")}, {0.25, 0.5, 0.75, 1}}};
  int undrawn = 0;
  const std::string svg = drawn(figure, &undrawn);
  BOOST_TEST(undrawn == 2);
  BOOST_TEST(svg.find(">100<") != svg.npos);  // shares are drawn up to all of them
}

BOOST_AUTO_TEST_CASE(a_far_mark_does_not_squeeze_the_data) {
  Figure figure;
  figure.kind = "ecdf";
  figure.series = {{{}, {10, 12, 15}, {0.3, 0.6, 1}}};
  figure.marks = {{{"限值", "limit"}, 'x', 2000}, {{"P95", "P95"}, 'x', 15}};
  const std::string svg = drawn(figure);
  BOOST_TEST(svg.find("限值 2000 →") != svg.npos);
  BOOST_TEST(svg.find(">P95 15<") != svg.npos);
  BOOST_TEST(test::count_of(svg, "class=\"mark\"") == 1u);
}

BOOST_AUTO_TEST_CASE(senseless_figures_are_drawn_empty) {
  Figure figure;
  for (const char* kind : {"ecdf", "deviation", "bland_altman", "error_grid", "series", "steps",
                           "histogram", "unknown", ""}) {
    figure.kind = kind;
    for (const Figure::Series& series :
         {Figure::Series{}, Figure::Series{{}, {1}, {}}, Figure::Series{{}, {infinite}, {1}},
          Figure::Series{{}, {1e308, -1e308}, {1e308, -1e308}}, Figure::Series{{}, {5}, {5}}}) {
      figure.series = {series};
      figure.marks = {{{}, 'y', std::nan("")}, {{}, 'x', -infinite}, {{}, 'y', infinite}};
      const std::string svg = drawn(figure);
      BOOST_TEST(test::markup_problem(svg) == "");
      BOOST_TEST(svg.find("nan") == svg.npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_error_grid_is_square_and_its_zones_end_at_its_edge) {
  Figure figure;
  figure.kind = "error_grid";
  figure.series = {{{}, {100, 700}, {90, 640}}};
  figure.borders = {{{}, {0, 30, 550, 9000}, {50, 50, 660, 9900}, "zone"}};
  figure.places = {{{"A", "A"}, 400, 400}, {{"B", "B"}, 1e6, 2}};
  const Result<Texts> texts = Texts::load(Language::en);
  const Layout layout = lay_out(figure, *texts);
  BOOST_TEST(layout.right - layout.left == layout.bottom - layout.top,
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(layout.x.low == layout.y.low);
  BOOST_TEST(layout.x.high == layout.y.high);
  const std::string svg = drawn(figure);
  BOOST_TEST(test::count_of(svg, "class=\"zone\"") == 1u);
  BOOST_TEST(svg.find(">A<") != svg.npos);
  BOOST_TEST(svg.find(">B<") == svg.npos);  // outside
}

BOOST_AUTO_TEST_CASE(intervals_bands_and_gaps_are_drawn_and_named) {
  Figure figure;
  figure.kind = "ecdf";
  figure.series = {
      {{"实测", "measured"}, {1, 2, 3}, {0.3, 0.6, 1}, {0.1, 0.2, 0.5}, {0.6, 0.9, 1}}};
  figure.series[0].band = {"区间", "interval"};
  figure.marks = {{{"P50", "P50"}, 'x', 2, "", Interval{1, infinite, 0.9, "order statistics"}}};
  figure.gaps = {{2.5, 2.8}, {std::nan(""), 9}};
  const std::string svg = drawn(figure);
  BOOST_TEST(test::markup_problem(svg) == "");
  BOOST_TEST(test::count_of(svg, "class=\"band\"") == 2u);      // and its sample in the legend
  BOOST_TEST(test::count_of(svg, "class=\"interval\"") == 2u);  // an open end reaches the edge
  BOOST_TEST(test::count_of(svg, "class=\"hatch\"") == 2u);
  for (const char* name : {">区间<", ">90 % 区间<", ">无数据<"})
    BOOST_TEST(svg.find(name) != svg.npos, name);
}

BOOST_AUTO_TEST_CASE(a_limit_that_depends_on_x_is_drawn_where_the_readings_are) {
  Figure figure;
  figure.kind = "deviation";
  figure.series = {{{}, {60, 200}, {1, -2}}};
  figure.borders = {{{"限值", "limit"}, {0, 150, 300}, {3, 3, 6}, "limit"},
                    {{}, {0, 150, 300}, {-3, -3, -6}, "limit"}};
  const Result<Texts> texts = Texts::load(Language::zh_cn);
  const Layout layout = lay_out(figure, *texts);
  BOOST_TEST(layout.x.high <= 220);
  BOOST_TEST(layout.y.holds(-4));
  BOOST_REQUIRE(layout.y_lines.size() == 1u);  // its name, where it leaves the readings
  BOOST_TEST(layout.y_lines[0].value == 4);
  const std::string svg = drawn(figure);
  BOOST_TEST(test::count_of(svg, "class=\"limit\"") == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
