#include "standards/stats/limits_of_agreement.h"

#include <array>
#include <cmath>
#include <ostream>
#include <vector>

#include "standards/stats/distributions.h"
#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

// Factors of the exact interval of the upper limit (Carkeet), computed with R 4.
struct Factors {
  std::int64_t n;
  double low, high;
};
std::ostream& operator<<(std::ostream& out, const Factors& f) { return out << "n = " << f.n; }
const std::array factor_rows = {Factors{30, 1.4503, 2.7566}, Factors{85, 1.6363, 2.3794},
                                Factors{200, 1.7409, 2.2191}};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_limits_of_agreement)

BOOST_DATA_TEST_CASE(exact_factors, factor_rows, row) {
  BOOST_TEST(std::abs(stats::carkeet_factor(row.n, 0.025) - row.low) < 6e-5);
  BOOST_TEST(std::abs(stats::carkeet_factor(row.n, 0.975) - row.high) < 6e-5);
}

BOOST_DATA_TEST_CASE(exact_intervals_mirror_each_other, factor_rows, row) {
  const stats::LimitsOfAgreement loa = stats::limits_of_agreement(row.n, 10, 2);
  BOOST_TEST(loa.high == 10 + 2 * 1.959963984540054, tt::tolerance(1e-14));
  BOOST_TEST(loa.low == 10 - 2 * 1.959963984540054, tt::tolerance(1e-14));
  BOOST_TEST(std::abs(loa.high_interval.low - (10 + 2 * row.low)) < 1.2e-4);
  BOOST_TEST(std::abs(loa.high_interval.high - (10 + 2 * row.high)) < 1.2e-4);
  BOOST_TEST(loa.low_interval.low == 20 - loa.high_interval.high, tt::tolerance(1e-13));
  BOOST_TEST(loa.low_interval.high == 20 - loa.high_interval.low, tt::tolerance(1e-13));
  BOOST_TEST(loa.high_interval.method == "Carkeet");
}

BOOST_AUTO_TEST_CASE(approximate_standard_error) {
  const double wanted = 2 * std::sqrt(1.0 / 200 + 1.96 * 1.96 / (2 * 199));
  BOOST_TEST(stats::limits_of_agreement(200, 0, 2).standard_error == wanted, tt::tolerance(3e-5));
}

// The interval shrinks about z as pairs grow in number, also where a series of the noncentral t
// gives up.
BOOST_AUTO_TEST_CASE(ten_million_pairs) {
  const double z = 1.959963984540054, n = 1e7;
  const double about = z * std::sqrt((1 / n + z * z / (2 * n)));
  BOOST_TEST(std::abs(stats::carkeet_factor(10'000'000, 0.975) - z - about) < 2e-6);
  BOOST_TEST(std::abs(stats::carkeet_factor(10'000'000, 0.025) - z + about) < 2e-6);
}

BOOST_AUTO_TEST_CASE(one_pair_has_no_limits) {
  const stats::LimitsOfAgreement loa = stats::limits_of_agreement(1, 3, 0);
  BOOST_TEST(std::isnan(loa.low));
  BOOST_TEST(std::isnan(loa.high));
  BOOST_TEST(std::isinf(loa.low_interval.low));
  BOOST_TEST(std::isinf(loa.high_interval.high));
  BOOST_TEST(std::isnan(stats::carkeet_factor(1, 0.975)));
}

// MSB 19.2, MSW 10/3, m0 2.4 (by hand).
BOOST_AUTO_TEST_CASE(several_pairs_of_a_subject) {
  const std::vector<double> errors = {2, 5, 4, 7, 9};
  const std::vector<std::uint32_t> subject = {0, 1, 0, 1, 1};
  const stats::RepeatedAgreement found = stats::limits_of_agreement_repeated(errors, subject);
  const double sd = std::sqrt(10.0 / 3 + (19.2 - 10.0 / 3) / 2.4);
  BOOST_TEST(found.bias == 5.4, tt::tolerance(1e-14));
  BOOST_TEST(found.sd == sd, tt::tolerance(1e-14));
  BOOST_TEST(found.high == 5.4 + 1.959963984540054 * sd, tt::tolerance(1e-14));
  BOOST_TEST(found.low == 5.4 - 1.959963984540054 * sd, tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(one_pair_of_each_subject) {
  const std::vector<double> errors = {1, 2, 3, 4};
  const std::vector<std::uint32_t> subject = {3, 1, 0, 2};
  const stats::RepeatedAgreement found = stats::limits_of_agreement_repeated(errors, subject);
  BOOST_TEST(found.sd == std::sqrt(5.0 / 3), tt::tolerance(1e-14));
  const std::vector<std::uint32_t> same = {0, 0, 0, 0};
  BOOST_TEST(std::isnan(stats::limits_of_agreement_repeated(errors, same).sd));
}

BOOST_AUTO_TEST_SUITE_END()
