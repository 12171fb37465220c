#include "standards/stats/concordance.h"

#include <cmath>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(standards_stats_concordance)

BOOST_AUTO_TEST_CASE(an_offset_lowers_concordance_and_not_correlation) {
  const std::vector<double> x = {1, 2, 3, 4, 5}, y = {2, 3, 4, 5, 6};
  BOOST_TEST(stats::correlation(x, y).value == 1, tt::tolerance(1e-15));
  BOOST_TEST(stats::concordance(x, y).value == 20.0 / 25, tt::tolerance(1e-15));
  BOOST_TEST(stats::concordance(x, y, stats::Denominator::sample).value == 5.0 / 6,
             tt::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(readings_that_are_the_same) {
  const std::vector<double> x = {1, 2, 3, 5};
  const stats::Estimate found = stats::concordance(x, x);
  BOOST_TEST(found.value == 1);
  BOOST_TEST(found.interval.low == 1);
  BOOST_TEST(found.interval.high == 1);
}

BOOST_AUTO_TEST_CASE(interval_of_a_correlation) {
  // r = 0.5 of n = 4: tanh(atanh 0.5 -+ 1.959964)
  const std::vector<double> x = {-1, 1, -1, 1}, y = {-2, 1, 1, 1};
  const stats::Estimate found = stats::correlation(x, y);
  BOOST_TEST(found.value == 1 / std::sqrt(3.0), tt::tolerance(1e-14));
  const double z = std::atanh(1 / std::sqrt(3.0));
  BOOST_TEST(found.interval.low == std::tanh(z - 1.959963984540054), tt::tolerance(1e-13));
  BOOST_TEST(found.interval.high == std::tanh(z + 1.959963984540054), tt::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(too_few) {
  const std::vector<double> two = {1, 2}, flat = {3, 3, 3, 3}, four = {1, 2, 3, 4};
  BOOST_TEST(std::isnan(stats::correlation(two, two).value));
  BOOST_TEST(std::isnan(stats::correlation(four, flat).value));
  BOOST_TEST(std::isnan(stats::concordance(flat, four).value));
  BOOST_TEST(stats::concordance(flat, four).interval.low == -1);
  BOOST_TEST(std::isnan(stats::concordance({}, {}).value));
}

BOOST_AUTO_TEST_SUITE_END()
