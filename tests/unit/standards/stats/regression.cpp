#include "standards/stats/regression.h"

#include <cmath>
#include <vector>

#include "standards/stats/bootstrap.h"
#include "standards/stats/distributions.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using stats::Line;
namespace tt = boost::test_tools;

namespace {

// Anscombe 1973, the first of four: intercept 3.000091, slope 0.5000909.
const std::vector<double> anscombe_x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
const std::vector<double> anscombe_y = {8.04, 6.95, 7.58,  8.81, 8.33, 9.96,
                                        7.24, 4.26, 10.84, 4.82, 5.68};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_regression)

BOOST_AUTO_TEST_CASE(least_squares_of_anscombe) {
  const Line line = stats::least_squares(anscombe_x, anscombe_y);
  BOOST_TEST(line.n == 11);
  BOOST_TEST(line.slope.value == 0.5000909090909091, tt::tolerance(1e-13));
  BOOST_TEST(line.intercept.value == 3.000090909090909, tt::tolerance(1e-13));
  // standard errors 0.1179055, 1.124747; t(0.975, 9) = 2.262157
  BOOST_TEST(line.slope.interval.high - line.slope.value == 0.1179055 * 2.2621572,
             tt::tolerance(1e-6));
  BOOST_TEST(line.intercept.value - line.intercept.interval.low == 1.124747 * 2.2621572,
             tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(proportional_bias_of_a_device_that_reads_a_tenth_high) {
  std::vector<double> device, reference;
  for (int i = 1; i <= 20; ++i) {
    reference.push_back(i);
    device.push_back(1.1 * i);
  }
  const Line line = stats::proportional_bias(device, reference);
  BOOST_TEST(line.slope.value == 0.1 / 1.05, tt::tolerance(1e-12));
  BOOST_TEST(std::abs(line.intercept.value) < 1e-12);
}

BOOST_AUTO_TEST_CASE(deming_slope_by_hand) {
  // sxx = syy = 2, sxy = 1
  const std::vector<double> x = {1, 2, 3}, y = {1, 3, 2};
  BOOST_TEST(stats::deming(y, x).slope.value == 1, tt::tolerance(1e-15));
  BOOST_TEST(stats::deming(y, x).intercept.value == 0, tt::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(deming_treats_both_alike) {
  for (const double lambda : {0.25, 1.0, 3.0}) {
    const Line there = stats::deming(anscombe_y, anscombe_x, lambda);
    const Line back = stats::deming(anscombe_x, anscombe_y, 1 / lambda);
    BOOST_TEST(there.slope.value == 1 / back.slope.value, tt::tolerance(1e-12));
  }
  // Without error in x it is least squares.
  BOOST_TEST(stats::deming(anscombe_y, anscombe_x, 1e-12).slope.value == 0.5000909090909091,
             tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(deming_interval_is_the_jackknife) {
  const std::size_t n = anscombe_x.size();
  std::vector<double> slopes;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> x = anscombe_x, y = anscombe_y;
    x.erase(x.begin() + static_cast<std::ptrdiff_t>(i));
    y.erase(y.begin() + static_cast<std::ptrdiff_t>(i));
    slopes.push_back(stats::deming(y, x, 2).slope.value);
  }
  double mean = 0, squares = 0;
  for (const double slope : slopes) mean += slope / static_cast<double>(n);
  for (const double slope : slopes) squares += (slope - mean) * (slope - mean);
  const Line line = stats::deming(anscombe_y, anscombe_x, 2);
  const double half = stats::t_quantile(0.975, 9) * std::sqrt(squares * 10 / 11);
  BOOST_TEST(line.slope.interval.high - line.slope.value == half, tt::tolerance(1e-10));
  BOOST_TEST(line.slope.interval.method == "jackknife t");
}

BOOST_AUTO_TEST_CASE(too_few) {
  const std::vector<double> two = {1, 2}, flat = {3, 3, 3}, three = {1, 2, 3};
  for (const Line& line :
       {stats::least_squares(two, two), stats::least_squares(flat, three), stats::deming(two, two),
        stats::deming(three, flat), stats::deming({}, {}), stats::proportional_bias(two, two)}) {
    BOOST_TEST(std::isnan(line.slope.value));
    BOOST_TEST(std::isinf(line.slope.interval.low));
    BOOST_TEST(std::isinf(line.intercept.interval.high));
  }
}

BOOST_AUTO_TEST_SUITE_END()
