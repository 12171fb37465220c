#include "standards/stats/percentiles.h"

#include <array>
#include <cmath>
#include <limits>
#include <ostream>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Computed with R 4 (qbinom, pbinom).
struct Ranks {
  std::int64_t n;
  double p;
  std::int64_t low, high;
  double coverage;
};
std::ostream& operator<<(std::ostream& out, const Ranks& r) { return out << r.n << " P" << r.p; }
const std::array rank_rows = {
    Ranks{20, 0.50, 6, 15, 0.9586},     Ranks{60, 0.95, 53, 61, 0.9902},
    Ranks{73, 0.95, 65, 73, 0.9659},    Ranks{100, 0.50, 40, 61, 0.9648},
    Ranks{100, 0.95, 90, 100, 0.9826},  Ranks{200, 0.95, 184, 197, 0.9672},
    Ranks{500, 0.99, 490, 500, 0.9802},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_percentiles)

BOOST_DATA_TEST_CASE(order_statistics, rank_rows, row) {
  const stats::OrderRanks ranks = stats::order_ranks(row.n, row.p);
  BOOST_TEST(ranks.low == row.low);
  BOOST_TEST(ranks.high == row.high);
  BOOST_TEST(std::abs(ranks.coverage - row.coverage) < 5e-5);
}

// With fewer than 29, 59, 299 values not even the largest bounds P90, P95, P99 from above.
BOOST_AUTO_TEST_CASE(largest_value_as_upper_bound) {
  const std::array<std::pair<double, std::int64_t>, 3> rows = {
      {{0.90, 29}, {0.95, 59}, {0.99, 299}}};
  for (const auto& [p, n] : rows) {
    BOOST_TEST(stats::order_ranks(n, p, 0.90).high == n);
    BOOST_TEST(stats::order_ranks(n - 1, p, 0.90).high == n);  // n - 1 values, rank n: none
  }
}

BOOST_AUTO_TEST_CASE(samples_for_bounds_without_a_law) {
  BOOST_TEST(stats::sample_for_upper_bound(0.90) == 29);
  BOOST_TEST(stats::sample_for_upper_bound(0.95) == 59);
  BOOST_TEST(stats::sample_for_upper_bound(0.99) == 299);
  BOOST_TEST(stats::sample_for_range(0.90) == 46);
  BOOST_TEST(stats::sample_for_range(0.95) == 93);
  BOOST_TEST(stats::sample_for_range(0.99) == 473);
}

BOOST_AUTO_TEST_CASE(nearest_rank) {
  std::vector<double> values;
  for (int i = 1; i <= 100; ++i) values.push_back(i);
  for (int i = 1; i <= 100; ++i) BOOST_TEST(stats::percentile_sorted(values, i / 100.0) == i);
  BOOST_TEST(stats::percentile_sorted(values, 0.001) == 1);
  BOOST_TEST(stats::percentile_sorted(values, 0.9501) == 96);
  const std::vector<double> three = {1, 2, infinity};
  BOOST_TEST(stats::percentile_sorted(three, 0.5) == 2);
  BOOST_TEST(stats::percentile_sorted(three, 0.95) == infinity);
  BOOST_TEST(std::isnan(stats::percentile_sorted({}, 0.5)));
}

BOOST_AUTO_TEST_CASE(percentile_intervals) {
  std::vector<double> values;
  for (int i = 1; i <= 100; ++i) values.push_back(i);
  const Interval median = stats::percentile_interval(values, 0.5);
  BOOST_TEST(median.low == 40);
  BOOST_TEST(median.high == 61);
  BOOST_TEST(median.method == "order statistics");
  const std::vector<double> sixty(values.begin(), values.begin() + 60);
  const Interval open = stats::percentile_interval(sixty, 0.95);
  BOOST_TEST(open.low == 53);
  BOOST_TEST(open.high == infinity);
  const Interval nothing = stats::percentile_interval({}, 0.5);
  BOOST_TEST(nothing.low == -infinity);
  BOOST_TEST(nothing.high == infinity);
}

BOOST_AUTO_TEST_SUITE_END()
