#include "standards/stats/theil_sen.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench::stats;

BOOST_AUTO_TEST_SUITE(standards_stats_theil_sen, *boost::unit_test::tolerance(1e-12))

// Expected: scipy.stats.theilslopes(y, x, method="joint") of SciPy 1.10.1.
BOOST_AUTO_TEST_CASE(a_wild_point_does_not_turn_the_line) {
  const std::vector<double> x = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const std::vector<double> y = {1, 2.1, 2.9, 4.2, 3, 6.1, 7, 8.2, 30, 10.1, 11, 11};
  const TheilSen line = theil_sen(x, y);
  BOOST_TEST(line.slope == 1.0);
  BOOST_TEST(line.intercept == 1.05);
  BOOST_TEST(line.interval.low == 0.9090909090909091);
  BOOST_TEST(line.interval.high == 1.0666666666666667);
}

BOOST_AUTO_TEST_CASE(ties_narrow_the_variance) {
  const std::vector<double> x = {0, 0, 1, 1, 2, 2, 3, 5}, y = {1, 2, 2, 3, 5, 4, 4, 9};
  const TheilSen line = theil_sen(x, y, 0.90);
  BOOST_TEST(line.slope == 1.4);
  BOOST_TEST(line.intercept == 1.4);
  BOOST_TEST(line.interval.low == 1.0);
  BOOST_TEST(line.interval.high == 2.0);
}

BOOST_AUTO_TEST_CASE(sixty_points_at_99_percent) {
  std::vector<double> x, y;
  for (int i = 0; i < 60; ++i) {
    x.push_back((i * 37) % 101 / 7.0);
    y.push_back(0.3 * x.back() + (i * i * 17) % 29 / 10.0);
  }
  const TheilSen line = theil_sen(x, y, 0.99);
  BOOST_TEST(line.slope == 0.3);
  BOOST_TEST(line.intercept == 1.4);
  BOOST_TEST(line.interval.low == 0.2363636363636363);
  BOOST_TEST(line.interval.high == 0.37446808510638296);
}

BOOST_AUTO_TEST_CASE(few_points_leave_the_interval_open) {
  const TheilSen three = theil_sen(std::vector<double>{0, 1, 2}, std::vector<double>{1, 3, 2});
  BOOST_TEST(three.slope == 0.5);
  BOOST_TEST(std::isinf(three.interval.low));
  BOOST_TEST(std::isinf(three.interval.high));
  for (const auto& x : {std::vector<double>{}, std::vector<double>{4}, std::vector<double>{4, 4}})
    BOOST_TEST(std::isnan(theil_sen(x, x).slope));
}

BOOST_AUTO_TEST_SUITE_END()
