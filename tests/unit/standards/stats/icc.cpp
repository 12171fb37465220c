#include "standards/stats/icc.h"

#include <cmath>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

// Shrout and Fleiss 1979: six subjects, four judges.
const std::vector<double> judged = {9, 2, 5, 8, 6,  1, 3, 2, 8, 4, 6, 8,
                                    7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7};

void near(double found, double wanted, double within) {
  BOOST_TEST(std::abs(found - wanted) < within, found << " is not " << wanted);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_icc)

BOOST_AUTO_TEST_CASE(shrout_and_fleiss) {
  const stats::Icc icc = stats::intraclass(judged, 4);
  BOOST_TEST(icc.subjects == 6);
  BOOST_TEST(icc.raters == 4);
  near(icc.ms_rows, 11.24167, 6e-6);
  near(icc.ms_columns, 32.48611, 6e-6);
  near(icc.ms_error, 1.019444, 6e-7);
  near(icc.ms_within, 6.263889, 6e-7);
  near(icc.single[0].value, 0.165742, 6e-7);
  near(icc.single[1].value, 0.289764, 6e-7);
  near(icc.single[2].value, 0.714841, 6e-7);
  near(icc.average[0].value, 0.442797, 6e-7);
  near(icc.average[1].value, 0.620051, 6e-7);
  near(icc.average[2].value, 0.909316, 6e-7);
}

// As the documentation of R's psych::ICC prints them for the same data.
BOOST_AUTO_TEST_CASE(intervals) {
  const stats::Icc icc = stats::intraclass(judged, 4);
  near(icc.single[0].interval.low, -0.133, 6e-4);
  near(icc.single[0].interval.high, 0.723, 6e-3);
  near(icc.single[1].interval.low, 0.019, 6e-4);
  near(icc.single[1].interval.high, 0.761, 6e-3);
  near(icc.single[2].interval.low, 0.342, 6e-4);
  near(icc.single[2].interval.high, 0.946, 6e-3);
  near(icc.average[0].interval.low, -0.884, 6e-4);
  near(icc.average[0].interval.high, 0.912, 6e-3);
  near(icc.average[1].interval.low, 0.071, 6e-4);
  near(icc.average[1].interval.high, 0.927, 6e-3);
  near(icc.average[2].interval.low, 0.676, 6e-4);
  near(icc.average[2].interval.high, 0.986, 6e-3);
}

BOOST_AUTO_TEST_CASE(raters_who_agree_wholly) {
  const std::vector<double> alike = {1, 1, 2, 2, 4, 4};
  const stats::Icc icc = stats::intraclass(alike, 2);
  for (const stats::Estimate& one : icc.single) {
    BOOST_TEST(one.value == 1);
    BOOST_TEST(one.interval.low == 1);
    BOOST_TEST(one.interval.high == 1);
  }
  for (const stats::Estimate& one : icc.average) BOOST_TEST(one.value == 1);
}

// A rater who always reads 3 higher: consistent, not in absolute agreement.
BOOST_AUTO_TEST_CASE(an_offset_between_raters) {
  const stats::Icc icc = stats::intraclass(std::vector<double>{1, 4, 2, 5, 4, 7}, 2);
  BOOST_TEST(icc.single[2].value == 1);
  near(icc.single[1].value, 2 * 7.0 / 3 / (2 * 7.0 / 3 + 9), 1e-12);
}

BOOST_AUTO_TEST_CASE(too_few) {
  for (const auto& [values, raters] : {std::pair{std::vector<double>{1, 2, 3}, 3},
                                       {std::vector<double>{1, 2, 3}, 1},
                                       {std::vector<double>{}, 2},
                                       {std::vector<double>{5, 5, 5, 5}, 2}}) {
    const stats::Icc icc = stats::intraclass(values, raters);
    for (const stats::Estimate& one : icc.single) {
      BOOST_TEST(std::isnan(one.value));
      BOOST_TEST(one.interval.low == -1);
      BOOST_TEST(one.interval.high == 1);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
