#include "standards/stats.h"

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

// Computed with R 4 (qbeta).
struct Share {
  std::int64_t x, n;
  double low, high;
};
std::ostream& operator<<(std::ostream& out, const Share& s) { return out << s.x << "/" << s.n; }
const std::array share_rows = {
    Share{0, 60, 0, 0.059629},           Share{95, 100, 0.887165, 0.983568},
    Share{98, 100, 0.929616, 0.997569},  Share{190, 200, 0.909972, 0.975766},
    Share{570, 600, 0.929389, 0.966014}, Share{594, 600, 0.978362, 0.996322},
    Share{60, 60, 0.940371, 1},
};

// Smallest n with `failures` whose one-sided 95 % lower bound reaches p (R 4).
struct Plan {
  double p;
  std::int64_t failures, n;
};
std::ostream& operator<<(std::ostream& out, const Plan& p) {
  return out << p.p << " with " << p.failures << " failures";
}
const std::array plan_rows = {
    Plan{0.80, 0, 14},  Plan{0.85, 0, 19},  Plan{0.90, 0, 29},   Plan{0.95, 0, 59},
    Plan{0.98, 0, 149}, Plan{0.99, 0, 299}, Plan{0.995, 0, 598}, Plan{0.999, 0, 2995},
    Plan{0.90, 1, 46},  Plan{0.90, 2, 61},  Plan{0.90, 3, 76},   Plan{0.90, 4, 89},
    Plan{0.90, 5, 103}, Plan{0.95, 1, 93},  Plan{0.95, 2, 124},  Plan{0.95, 3, 153},
    Plan{0.95, 4, 181}, Plan{0.95, 5, 208},
};

// Garwood's limits for a Poisson mean.
struct Events {
  std::int64_t k;
  double low, high;
};
std::ostream& operator<<(std::ostream& out, const Events& e) { return out << e.k << " events"; }
const std::array event_rows = {
    Events{0, 0, 3.688879},         Events{1, 0.025318, 5.571643},   Events{2, 0.242209, 7.224688},
    Events{5, 1.623486, 11.668332}, Events{10, 4.795389, 18.390356},
};

double lower_bound(std::int64_t passes, std::int64_t n) {
  return stats::clopper_pearson(passes, n, 0.90).low;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats)

BOOST_DATA_TEST_CASE(order_statistics, rank_rows, row) {
  const stats::OrderRanks ranks = stats::order_ranks(row.n, row.p);
  BOOST_TEST(ranks.low == row.low);
  BOOST_TEST(ranks.high == row.high);
  BOOST_TEST(std::abs(ranks.coverage - row.coverage) < 5e-5);
}

BOOST_DATA_TEST_CASE(clopper_pearson_vectors, share_rows, row) {
  const Interval interval = stats::clopper_pearson(row.x, row.n);
  BOOST_TEST(std::abs(interval.low - row.low) < 5.1e-7);
  BOOST_TEST(std::abs(interval.high - row.high) < 5.1e-7);
  BOOST_TEST(interval.method == "Clopper-Pearson");
}

BOOST_DATA_TEST_CASE(smallest_sample, plan_rows, row) {
  BOOST_TEST(lower_bound(row.n - row.failures, row.n) >= row.p);
  BOOST_TEST(lower_bound(row.n - 1 - row.failures, row.n - 1) < row.p);
}

BOOST_DATA_TEST_CASE(poisson_vectors, event_rows, row) {
  const Interval once = stats::poisson_rate(row.k, 1);
  BOOST_TEST(std::abs(once.low - row.low) < 5.1e-7);
  BOOST_TEST(std::abs(once.high - row.high) < 5.1e-7);
  BOOST_TEST(stats::poisson_rate(row.k, 24).high == once.high / 24, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(no_event_at_all) {
  BOOST_TEST(std::abs(stats::poisson_rate(0, 1, 0.90).high - 2.9957) < 5e-5);  // one-sided 95 %
  BOOST_TEST(stats::poisson_rate(0, 1).low == 0);
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

BOOST_AUTO_TEST_CASE(normal_distribution) {
  BOOST_TEST(stats::normal_cdf(0) == 0.5);
  BOOST_TEST(stats::normal_cdf(-2) == 0.022750131948179, tt::tolerance(1e-12));
  BOOST_TEST(stats::normal_cdf(1.959963984540054) == 0.975, tt::tolerance(1e-12));
  BOOST_TEST(stats::normal_cdf(-40) >= 0);
  BOOST_TEST(stats::normal_cdf(infinity) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
