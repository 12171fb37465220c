#include "standards/stats/anova.h"

#include <cmath>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(standards_stats_anova)

// By hand: SSB 19.2 with 1, SSW 10 with 3 degrees of freedom, m0 = 5 - 13/5 = 2.4.
BOOST_AUTO_TEST_CASE(groups_of_unequal_size) {
  const std::vector<double> values = {2, 5, 4, 7, 9};
  const std::vector<std::uint32_t> group = {0, 4, 0, 4, 4};
  const stats::OneWay table = stats::one_way(values, group);
  BOOST_TEST(table.n == 5);
  BOOST_TEST(table.groups == 2);
  BOOST_TEST(table.mean == 5.4, tt::tolerance(1e-14));
  BOOST_TEST(table.ms_between == 19.2, tt::tolerance(1e-14));
  BOOST_TEST(table.ms_within == 10.0 / 3, tt::tolerance(1e-14));
  BOOST_TEST(table.group_size == 2.4, tt::tolerance(1e-14));
  const double between = (19.2 - 10.0 / 3) / 2.4, rho = between / (between + 10.0 / 3);
  BOOST_TEST(table.between_variance() == between, tt::tolerance(1e-14));
  BOOST_TEST(table.correlation() == rho, tt::tolerance(1e-14));
  BOOST_TEST(table.effective_count() == 5 / (1 + 1.5 * rho), tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(precision_of_replicates) {
  const std::vector<double> values = {2, 5, 4, 7, 9};
  const std::vector<std::uint32_t> group = {0, 1, 0, 1, 1};
  const stats::Precision found = stats::precision(stats::one_way(values, group));
  BOOST_TEST(found.repeatability_sd == std::sqrt(10.0 / 3), tt::tolerance(1e-14));
  BOOST_TEST(found.repeatability_limit() == 2.8 * std::sqrt(10.0 / 3), tt::tolerance(1e-14));
  const double total = 10.0 / 3 + (19.2 - 10.0 / 3) / 2.4;
  BOOST_TEST(found.intermediate_sd == std::sqrt(total), tt::tolerance(1e-14));
  // chi squared with 3 degrees of freedom: 0.2157953, 9.3484036.
  BOOST_TEST(found.repeatability_interval.low == std::sqrt(10 / 9.3484036), tt::tolerance(1e-7));
  BOOST_TEST(found.repeatability_interval.high == std::sqrt(10 / 0.2157953), tt::tolerance(1e-6));
}

// Days that agree better than replicates do: the variance between is 0, not negative.
BOOST_AUTO_TEST_CASE(nothing_between_the_groups) {
  const std::vector<double> values = {1, 5, 1, 5, 1, 5};
  const std::vector<std::uint32_t> group = {0, 0, 1, 1, 2, 2};
  const stats::OneWay table = stats::one_way(values, group);
  BOOST_TEST(table.between_variance() == 0);
  BOOST_TEST(table.correlation() == 0);
  BOOST_TEST(table.effective_count() == 6);
  BOOST_TEST(stats::precision(table).intermediate_sd == std::sqrt(8.0), tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(too_few) {
  const stats::OneWay none = stats::one_way({}, {});
  BOOST_TEST(none.n == 0);
  BOOST_TEST(std::isnan(none.mean));
  BOOST_TEST(std::isnan(none.total_variance()));
  const std::vector<double> values = {1, 2};
  const stats::OneWay one_group = stats::one_way(values, std::vector<std::uint32_t>{7, 7});
  BOOST_TEST(one_group.ms_within == 0.5);
  BOOST_TEST(std::isnan(one_group.ms_between));
  BOOST_TEST(std::isnan(one_group.correlation()));
  const stats::OneWay singles = stats::one_way(values, std::vector<std::uint32_t>{0, 1});
  BOOST_TEST(singles.ms_between == 0.5);
  BOOST_TEST(std::isnan(singles.ms_within));
  BOOST_TEST(std::isinf(stats::precision(singles).repeatability_interval.high));
}

BOOST_AUTO_TEST_SUITE_END()
