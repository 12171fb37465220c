#include "standards/stats/proportions.h"

#include <array>
#include <cmath>
#include <ostream>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

// Computed with R 4: Clopper-Pearson (qbeta) and Wilson.
struct Share {
  std::int64_t x, n;
  double low, high, wilson_low, wilson_high;
};
std::ostream& operator<<(std::ostream& out, const Share& s) { return out << s.x << "/" << s.n; }
const std::array share_rows = {
    Share{0, 60, 0, 0.059629, 0, 0.060172},
    Share{95, 100, 0.887165, 0.983568, 0.888250, 0.978456},
    Share{98, 100, 0.929616, 0.997569, 0.929988, 0.994498},
    Share{190, 200, 0.909972, 0.975766, 0.910422, 0.972617},
    Share{570, 600, 0.929389, 0.966014, 0.929520, 0.964755},
    Share{594, 600, 0.978362, 0.996322, 0.978356, 0.995409},
    Share{60, 60, 0.940371, 1, 0.939828, 1},
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

double lower_bound(std::int64_t passes, std::int64_t n) {
  return stats::clopper_pearson(passes, n, 0.90).low;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_proportions)

BOOST_DATA_TEST_CASE(clopper_pearson_vectors, share_rows, row) {
  const Interval interval = stats::clopper_pearson(row.x, row.n);
  BOOST_TEST(std::abs(interval.low - row.low) < 5.1e-7);
  BOOST_TEST(std::abs(interval.high - row.high) < 5.1e-7);
  BOOST_TEST(interval.method == "Clopper-Pearson");
}

BOOST_DATA_TEST_CASE(wilson_vectors, share_rows, row) {
  const Interval interval = stats::wilson(row.x, row.n);
  BOOST_TEST(std::abs(interval.low - row.wilson_low) < 5.1e-7);
  BOOST_TEST(std::abs(interval.high - row.wilson_high) < 5.1e-7);
  BOOST_TEST(interval.method == "Wilson");
}

BOOST_AUTO_TEST_CASE(nothing_tried_says_nothing) {
  for (const Interval& interval : {stats::clopper_pearson(0, 0), stats::wilson(0, 0)}) {
    BOOST_TEST(interval.low == 0);
    BOOST_TEST(interval.high == 1);
  }
}

BOOST_AUTO_TEST_CASE(one_sided_bounds) {
  BOOST_TEST(stats::clopper_pearson_lower(59, 59) == std::pow(0.05, 1.0 / 59),
             tt::tolerance(1e-13));
  BOOST_TEST(stats::clopper_pearson_upper(0, 60) == 1 - std::pow(0.05, 1.0 / 60),
             tt::tolerance(1e-12));
  BOOST_TEST(stats::clopper_pearson_upper(7, 7) == 1);
  BOOST_TEST(stats::clopper_pearson_lower(0, 7) == 0);
  BOOST_TEST(stats::clopper_pearson_lower(95, 100, 0.975) == stats::clopper_pearson(95, 100).low);
}

BOOST_DATA_TEST_CASE(smallest_sample, plan_rows, row) {
  BOOST_TEST(lower_bound(row.n - row.failures, row.n) >= row.p);
  BOOST_TEST(lower_bound(row.n - 1 - row.failures, row.n - 1) < row.p);
  BOOST_TEST(stats::sample_for_lower_bound(row.p, row.failures) == row.n);
  if (row.failures == 0) BOOST_TEST(stats::zero_failure_sample(row.p) == row.n);
}

BOOST_AUTO_TEST_CASE(counts_and_not_percentages) {
  BOOST_TEST(stats::required_count(0.95, 100) == 95);
  BOOST_TEST(stats::required_count(0.95, 200) == 190);
  BOOST_TEST(stats::required_count(0.95, 600) == 570);
  BOOST_TEST(stats::required_count(0.99, 100) == 99);
  BOOST_TEST(stats::required_count(0.99, 600) == 594);
  BOOST_TEST(stats::required_count(0.95, 119) == 114);  // 113 of 119 are 94.96 %
  BOOST_TEST(stats::required_count(0.95, 101) == 96);
  BOOST_TEST(stats::required_count(0.3, 85) == 26);
  BOOST_TEST(stats::required_count(0.07, 100) == 7);
  BOOST_TEST(stats::required_count(0, 10) == 0);
  BOOST_TEST(stats::required_count(1, 10) == 10);
}

BOOST_AUTO_TEST_SUITE_END()
