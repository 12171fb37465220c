#include "standards/stats/tolerance.h"

#include <array>
#include <cmath>
#include <ostream>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

// Content 95 %, confidence 95 %: one-sided, two-sided exact, two-sided by Howe.
struct Factors {
  std::int64_t n;
  double one_sided, two_sided, howe;
};
std::ostream& operator<<(std::ostream& out, const Factors& f) { return out << "n = " << f.n; }
const std::array rows = {
    Factors{10, 2.9110, 3.3934, 3.3819},  Factors{15, 2.5660, 2.9649, 2.9548},
    Factors{20, 2.3960, 2.7603, 2.7523},  Factors{30, 2.2198, 2.5549, 2.5496},
    Factors{60, 2.0222, 2.3351, 2.3329},  Factors{85, 1.9536, 2.2621, 2.2608},
    Factors{100, 1.9265, 2.2339, 2.2328}, Factors{200, 1.8372, 2.1429, 2.1425},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_tolerance)

BOOST_DATA_TEST_CASE(content_95_confidence_95, rows, row) {
  BOOST_TEST(std::abs(stats::tolerance_factor_one_sided(row.n) - row.one_sided) < 6e-5);
  BOOST_TEST(std::abs(stats::tolerance_factor_two_sided(row.n) - row.two_sided) < 6e-5);
  BOOST_TEST(std::abs(stats::tolerance_factor_howe(row.n) - row.howe) < 6e-5);
}

// Of one normal value no factor is known; of ever more the factor becomes the quantile.
BOOST_AUTO_TEST_CASE(extremes) {
  BOOST_TEST(std::isinf(stats::tolerance_factor_one_sided(1)));
  BOOST_TEST(std::isinf(stats::tolerance_factor_two_sided(1)));
  BOOST_TEST(std::isinf(stats::tolerance_factor_howe(0)));
  BOOST_TEST(std::abs(stats::tolerance_factor_one_sided(100'000'000) - 1.644854) < 1e-3);
  BOOST_TEST(std::abs(stats::tolerance_factor_two_sided(100'000'000) - 1.959964) < 1e-3);
  BOOST_TEST(stats::tolerance_factor_two_sided(2) > 30);
  BOOST_TEST(stats::tolerance_factor_two_sided(10, 0.99, 0.90) >
             stats::tolerance_factor_two_sided(10, 0.90, 0.90));
}

BOOST_AUTO_TEST_SUITE_END()
