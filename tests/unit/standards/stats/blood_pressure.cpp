#include "standards/stats/blood_pressure.h"

#include <array>
#include <cmath>
#include <limits>
#include <ostream>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

// ISO 81060-2:2018 Table 1, ten values a row from 0.0, 1.0 … mmHg.
const std::vector<std::vector<double>> table = {
    {6.95, 6.95, 6.95, 6.95, 6.93, 6.92, 6.91, 6.90, 6.89, 6.88},
    {6.87, 6.86, 6.84, 6.82, 6.80, 6.78, 6.76, 6.73, 6.71, 6.68},
    {6.65, 6.62, 6.58, 6.55, 6.51, 6.47, 6.43, 6.39, 6.34, 6.30},
    {6.25, 6.20, 6.14, 6.09, 6.03, 5.97, 5.89, 5.83, 5.77, 5.70},
    {5.64, 5.56, 5.49, 5.41, 5.33, 5.25, 5.16, 5.08, 5.01, 4.90},
    {4.79}};

struct Index {
  double mean, index, limit, rounded_index, rounded_limit;
};
std::ostream& operator<<(std::ostream& out, const Index& i) { return out << i.mean; }
const std::array index_rows = {
    Index{4.2, 4.2, 5.49, 4.2, 5.49},         Index{-4.2, 4.2, 5.49, 4.2, 5.49},
    Index{4.21, 4.3, 5.41, 4.2, 5.49},        Index{-4.2500001, 4.3, 5.41, 4.3, 5.41},
    Index{4.25, 4.3, 5.41, 4.3, 5.41},        Index{0.04, 0.1, 6.95, 0.0, 6.95},
    Index{4.96, 5.0, 4.79, 5.0, 4.79},        Index{4.901, 5.0, 4.79, 4.9, 4.90},
    Index{0.1 + 0.2, 0.3, 6.95, 0.3, 6.95},   Index{4.2 + 1e-13, 4.2, 5.49, 4.2, 5.49},
    Index{5.0 + 1e-12, 5.0, 4.79, 5.0, 4.79},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_blood_pressure)

BOOST_AUTO_TEST_CASE(criterion_2_table) {
  int values = 0;
  for (std::size_t row = 0; row < table.size(); ++row)
    for (std::size_t column = 0; column < table[row].size(); ++column, ++values) {
      const double mean = static_cast<double>(10 * row + column) / 10;
      const auto limit = stats::subject_mean_limit(mean);
      BOOST_REQUIRE(limit.has_value());
      BOOST_TEST(limit->limit == table[row][column], "at " << mean);
      BOOST_TEST(limit->rounded_limit == table[row][column], "at " << mean);
      BOOST_TEST(limit->index == mean);
    }
  BOOST_TEST(values == 51);
}

BOOST_DATA_TEST_CASE(next_higher_index, index_rows, row) {
  const auto limit = stats::subject_mean_limit(row.mean);
  BOOST_REQUIRE(limit.has_value());
  BOOST_TEST(limit->index == row.index);
  BOOST_TEST(limit->limit == row.limit);
  BOOST_TEST(limit->rounded_index == row.rounded_index);
  BOOST_TEST(limit->rounded_limit == row.rounded_limit);
}

BOOST_AUTO_TEST_CASE(no_limit_above_5_mmhg) {
  for (const double mean :
       {5.001, -5.001, 5.04, 80.0, std::nan(""), std::numeric_limits<double>::infinity()})
    BOOST_TEST(!stats::subject_mean_limit(mean).has_value());
}

// The table is the theory to within 0.024 mmHg, and not the theory itself.
BOOST_AUTO_TEST_CASE(theory_behind_the_table) {
  for (std::size_t tenths = 0; tenths <= 50; ++tenths) {
    const double mean = static_cast<double>(tenths) / 10;
    const double sd = stats::subject_mean_limit(mean)->limit;
    BOOST_TEST(stats::probability_within(mean, sd + 0.025) < 0.85);
    BOOST_TEST(stats::probability_within(mean, sd - 0.025) > 0.85);
  }
  BOOST_TEST(stats::probability_within(4, 0) == 1);
  BOOST_TEST(stats::probability_within(12, 0) == 0);
  BOOST_TEST(std::isnan(stats::probability_within(0, -1)));
}

// Subject means 3 and 7 about the mean of all pairs, 5.4, not about 5.
BOOST_AUTO_TEST_CASE(sd_of_the_subject_means) {
  const std::vector<double> errors = {2, 5, 4, 7, 9};
  const std::vector<std::uint32_t> subject = {0, 1, 0, 1, 1};
  BOOST_TEST(stats::subject_mean_sd(errors, subject) == std::sqrt(2.4 * 2.4 + 1.6 * 1.6),
             tt::tolerance(1e-14));
  BOOST_TEST(std::isnan(stats::subject_mean_sd(errors, std::vector<std::uint32_t>(5, 3))));
  BOOST_TEST(std::isnan(stats::subject_mean_sd({}, {})));
}

BOOST_AUTO_TEST_CASE(dead_band_of_an_invasive_reference) {
  BOOST_TEST(stats::dead_band_error(123, 120, 3) == 0);
  BOOST_TEST(stats::dead_band_error(117, 120, 3) == 0);
  BOOST_TEST(stats::dead_band_error(125, 120, 3) == 2);
  BOOST_TEST(stats::dead_band_error(114, 120, 3) == -3);
  BOOST_TEST(stats::dead_band_error(121, 120, 0) == 1);
}

BOOST_AUTO_TEST_CASE(shares_and_the_bhs_grade) {
  std::vector<double> errors;
  const auto add = [&](int n, double error) {
    errors.insert(errors.end(), static_cast<std::size_t>(n), error);
  };
  add(59, -5);
  add(26, 10);
  add(10, 15);
  add(5, 15.1);
  stats::SharesWithin shares = stats::shares_within(errors);
  BOOST_TEST(shares.within_5 == 59);
  BOOST_TEST(shares.within_10 == 85);
  BOOST_TEST(shares.within_15 == 95);
  BOOST_TEST(stats::bhs_grade(shares).value() == 'B');
  shares.within_5 = 60;
  BOOST_TEST(stats::bhs_grade(shares).value() == 'A');
  shares.within_15 = 85;
  BOOST_TEST(stats::bhs_grade(shares).value() == 'C');
  shares.within_15 = 84;
  BOOST_TEST(stats::bhs_grade(shares).value() == 'D');
  BOOST_TEST(!stats::bhs_grade({}).has_value());
}

BOOST_AUTO_TEST_CASE(esh_part_2) {
  const std::vector<double> errors = {1, 5, 9, 6, -6, 7, 5, -5, 0, 1, 2};
  const std::vector<std::uint32_t> subject = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3};
  const stats::EshSubjects found = stats::esh_subjects(errors, subject);
  BOOST_TEST(found.subjects == 3);
  BOOST_TEST(found.two_of_three == 2);
  BOOST_TEST(found.none_of_three == 1);
  BOOST_TEST(found.other_counts == 1);
}

BOOST_AUTO_TEST_CASE(ieee_1708_grades) {
  BOOST_TEST(stats::ieee_1708_grade(5, 6).value() == 'A');
  BOOST_TEST(stats::ieee_1708_grade(5.01, -5).value() == 'B');
  BOOST_TEST(stats::ieee_1708_grade(5.01, 5.1).value() == 'D');
  BOOST_TEST(stats::ieee_1708_grade(7, 0).value() == 'C');
  BOOST_TEST(stats::ieee_1708_grade(7.01, 0).value() == 'D');
  BOOST_TEST(!stats::ieee_1708_grade(std::nan(""), 0).has_value());
}

// Two events of subject 0: 25 % and 50 %; one of subject 2: 100 * 40/20 = 200 %.
BOOST_AUTO_TEST_CASE(tracking_of_changes) {
  const std::vector<double> device = {15, -10, 3, -20}, reference = {20, -20, 14.9, 20};
  const std::vector<std::uint32_t> subject = {0, 0, 1, 2};
  const stats::ChangeTracking found = stats::change_tracking(device, reference, subject, 15);
  BOOST_TEST(found.events == 3);
  BOOST_TEST(found.subjects == 2);
  BOOST_TEST(found.p50 == (25 + 200) / 2.0);
  BOOST_TEST(found.p85 == (50 + 200) / 2.0);
  BOOST_TEST(std::isnan(stats::change_tracking({}, {}, {}, 15).p50));
}

BOOST_AUTO_TEST_SUITE_END()
