#include "standards/stats/distributions.h"

#include <cmath>
#include <limits>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_distributions)

BOOST_AUTO_TEST_CASE(normal_distribution) {
  BOOST_TEST(stats::normal_cdf(0) == 0.5);
  BOOST_TEST(stats::normal_cdf(-2) == 0.022750131948179, tt::tolerance(1e-12));
  BOOST_TEST(stats::normal_cdf(1.959963984540054) == 0.975, tt::tolerance(1e-12));
  BOOST_TEST(stats::normal_cdf(-40) >= 0);
  BOOST_TEST(stats::normal_cdf(infinity) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
