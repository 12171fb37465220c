#include "standards/stats/passing_bablok.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <vector>

#include "standards/stats/bootstrap.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using stats::Line;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Expected {
  double slope, low, high;
};

// The definition, with all slopes in a list.
Expected by_definition(const std::vector<double>& y, const std::vector<double>& x) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      const double dx = x[j] - x[i], dy = y[j] - y[i];
      if (dx == 0 && dy == 0) continue;
      const double slope = dx == 0 ? infinity : dy / dx;
      if (std::abs(slope + 1) > 1e-12) slopes.push_back(slope);
    }
  std::sort(slopes.begin(), slopes.end());
  const auto n = static_cast<long>(slopes.size());
  const long k = std::lower_bound(slopes.begin(), slopes.end(), -1.0) - slopes.begin();
  const auto at = [&](long rank) {
    if (rank < 1) return -infinity;
    return rank > n ? infinity : slopes[static_cast<std::size_t>(rank - 1)];
  };
  const double points = static_cast<double>(x.size());
  const double c = 1.959963984540054 * std::sqrt(points * (points - 1) * (2 * points + 5) / 18);
  const long first = std::lround((static_cast<double>(n) - c) / 2);
  return {n % 2 == 1 ? at((n + 1) / 2 + k) : (at(n / 2 + k) + at(n / 2 + 1 + k)) / 2, at(first + k),
          at(n - first + 1 + k)};
}

bool same(double found, double wanted) {
  return found == wanted || std::abs(found - wanted) <= 3e-16 * std::abs(wanted);
}

enum Shape { coarse, decimals, proportional, falling, on_a_line, shapes };

struct Points {
  std::vector<double> x, y;
};
Points points_of(int shape, std::uint32_t n, stats::Generator& random) {
  Points out;
  for (std::uint32_t i = 0; i < n; ++i) {
    double x = random.uniform() * 100, y = 0;
    if (shape == coarse) x = random.below(10);
    if (shape == decimals) x = random.below(100) / 10.0;
    switch (shape) {
      case coarse:
        y = random.below(10);
        break;
      case decimals:
        y = x + random.below(10) / 10.0;
        break;
      case proportional:
        y = 1.1 * x + 5 * random.uniform();
        break;
      case falling:
        y = 100 - x + 100 * random.uniform();
        break;
      default:
        y = x / 3;
        break;
    }
    out.x.push_back(x);
    out.y.push_back(y);
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_passing_bablok)

// Ties, equal points, equal x, slopes of -1 and points on one line among them.
BOOST_DATA_TEST_CASE(the_slopes_that_sorting_gives, boost::unit_test::data::xrange(int{shapes}),
                     shape) {
  stats::Generator random(static_cast<std::uint64_t>(shape) + 7);
  for (int turn = 0; turn < 60; ++turn) {
    const Points p = points_of(shape, 3 + random.below(120), random);
    const Expected wanted = by_definition(p.y, p.x);
    if (!std::isfinite(wanted.slope)) continue;
    const Line line = stats::passing_bablok(p.y, p.x);
    BOOST_TEST(same(line.slope.value, wanted.slope), line.slope.value << ", " << wanted.slope);
    BOOST_TEST(same(line.slope.interval.low, wanted.low));
    BOOST_TEST(same(line.slope.interval.high, wanted.high));
  }
}

BOOST_AUTO_TEST_CASE(more_slopes_than_are_listed) {
  stats::Generator random(1);
  for (const int shape : {coarse, proportional}) {
    const Points p = points_of(shape, 900, random);
    const Expected wanted = by_definition(p.y, p.x);
    const Line line = stats::passing_bablok(p.y, p.x);
    BOOST_TEST(same(line.slope.value, wanted.slope));
    BOOST_TEST(same(line.slope.interval.low, wanted.low));
    BOOST_TEST(same(line.slope.interval.high, wanted.high));
  }
}

BOOST_AUTO_TEST_CASE(intercept_is_a_median) {
  const std::vector<double> x = {1, 2, 3, 4}, y = {3, 5, 7, 9};
  const Line line = stats::passing_bablok(y, x);
  BOOST_TEST(line.n == 4);
  BOOST_TEST(line.slope.value == 2);
  BOOST_TEST(line.intercept.value == 1);
}

BOOST_AUTO_TEST_CASE(an_outlier_moves_little) {
  std::vector<double> x, y;
  for (int i = 1; i <= 40; ++i) {
    x.push_back(i);
    y.push_back(i + (i % 3 - 1) * 0.2);
  }
  y[5] = 400;
  const Line line = stats::passing_bablok(y, x);
  BOOST_TEST(std::abs(line.slope.value - 1) < 0.02);
  BOOST_TEST(line.slope.interval.low <= 1);
  BOOST_TEST(line.slope.interval.high >= 1);
  BOOST_TEST(line.intercept.interval.low <= line.intercept.value);
  BOOST_TEST(line.intercept.interval.high >= line.intercept.value);
}

BOOST_AUTO_TEST_CASE(no_line_to_be_found) {
  const std::vector<double> two = {1, 2}, same_points = {3, 3, 3}, falls = {3, 2, 1},
                            rises = {1, 2, 3};
  for (const Line& line :
       {stats::passing_bablok(two, two), stats::passing_bablok(same_points, same_points),
        stats::passing_bablok(rises, same_points), stats::passing_bablok(falls, rises)}) {
    BOOST_TEST(std::isnan(line.slope.value));
    BOOST_TEST(std::isnan(line.intercept.value));
    BOOST_TEST(std::isinf(line.slope.interval.low));
    BOOST_TEST(std::isinf(line.slope.interval.high));
  }
}

BOOST_AUTO_TEST_SUITE_END()
