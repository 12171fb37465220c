#include "standards/stats/moments.h"

#include <cmath>
#include <limits>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_moments)

BOOST_AUTO_TEST_CASE(moments) {
  stats::Moments m;
  BOOST_TEST(m.n() == 0);
  BOOST_TEST(m.sd() == 0);
  BOOST_TEST(m.rms() == 0);
  for (double x : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) m.add(x);
  BOOST_TEST(m.n() == 8);
  BOOST_TEST(m.mean() == 5, tt::tolerance(1e-15));
  BOOST_TEST(m.sd() == std::sqrt(32.0 / 7), tt::tolerance(1e-15));
  BOOST_TEST(m.rms() == std::sqrt(29.0), tt::tolerance(1e-15));
  BOOST_TEST(m.min() == 2);
  BOOST_TEST(m.max() == 9);
  stats::Moments one;
  one.add(-3);
  BOOST_TEST(one.sd() == 0);
  BOOST_TEST(one.max() == -3);
  BOOST_TEST(stats::mean_interval(one).high == infinity);
}

// Far from zero the naive sum of squares loses every digit.
BOOST_AUTO_TEST_CASE(moments_far_from_zero) {
  stats::Moments m;
  for (double x : {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) m.add(x);
  BOOST_TEST(m.sd() == std::sqrt(30.0), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(interval_of_a_mean) {
  stats::Moments m;
  for (int i = 1; i <= 10; ++i) m.add(i);
  const Interval interval = stats::mean_interval(m);
  const double half = 2.2621571627 * m.sd() / std::sqrt(10.0);  // t(0.975, 9)
  BOOST_TEST(interval.low == 5.5 - half, tt::tolerance(1e-9));
  BOOST_TEST(interval.high == 5.5 + half, tt::tolerance(1e-9));
}

// chi squared with 9 degrees of freedom: 2.7003895, 19.0227678.
BOOST_AUTO_TEST_CASE(interval_of_a_standard_deviation) {
  const Interval interval = stats::sd_interval(10, 2);
  BOOST_TEST(interval.low == 2 * std::sqrt(9 / 19.0227678), tt::tolerance(1e-8));
  BOOST_TEST(interval.high == 2 * std::sqrt(9 / 2.7003895), tt::tolerance(1e-8));
  BOOST_TEST(stats::sd_interval(1, 0).high == infinity);
}

BOOST_AUTO_TEST_CASE(upper_factor_of_a_root_mean_square) {
  BOOST_TEST(std::abs(stats::rms_upper_factor(200) - 1.0902) < 5e-5);
  BOOST_TEST(stats::rms_upper_factor(0) == infinity);
}

// rms^2 = b^2 + s^2 (n - 1)/n
BOOST_AUTO_TEST_CASE(root_mean_square_of_bias_and_sd) {
  stats::Moments m;
  for (double x : {1.5, -2.0, 3.25, 0.5, 4.0}) m.add(x);
  const double wanted = m.mean() * m.mean() + m.sd() * m.sd() * 4 / 5;
  BOOST_TEST(m.rms() * m.rms() == wanted, tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_SUITE_END()
