#include "standards/stats/heart_rate_variability.h"

#include <cmath>

#include "tests/support/boost_test.h"

using namespace carebench::stats;

BOOST_AUTO_TEST_SUITE(standards_stats_heart_rate_variability, *boost::unit_test::tolerance(1e-12))

BOOST_AUTO_TEST_CASE(measures_of_a_short_series) {
  HeartRateVariability rr;
  for (const double one : {800, 810, 790, 860, 800}) rr.add(one);
  BOOST_TEST(rr.n() == 5);
  BOOST_TEST(rr.differences() == 4);
  BOOST_TEST(rr.mean_rr() == 812.0);
  BOOST_TEST(rr.heart_rate() == 60000 / 812.0);
  BOOST_TEST(rr.sdnn() == 27.748873851023216);
  BOOST_TEST(rr.rmssd() == 47.4341649025257);
  BOOST_TEST(rr.pnn50() == 50.0);
}

BOOST_AUTO_TEST_CASE(no_difference_across_an_interruption) {
  HeartRateVariability rr;
  rr.add(800);
  rr.interrupt();
  rr.add(1000);
  BOOST_TEST(rr.n() == 2);
  BOOST_TEST(rr.differences() == 0);
  BOOST_TEST(std::isnan(rr.rmssd()));
  rr.add(1000);
  BOOST_TEST(rr.rmssd() == 0);
}

BOOST_AUTO_TEST_CASE(exactly_50_ms_is_not_more_than_50_ms) {
  HeartRateVariability rr;
  for (const double one : {800, 850, 800, 851}) rr.add(one);
  BOOST_TEST(rr.pnn50() == 100.0 / 3);
}

BOOST_AUTO_TEST_CASE(too_few_give_no_numbers) {
  HeartRateVariability rr;
  for (const double one : {rr.mean_rr(), rr.heart_rate(), rr.sdnn(), rr.rmssd(), rr.pnn50()})
    BOOST_TEST(std::isnan(one));
  rr.add(700);
  BOOST_TEST(rr.mean_rr() == 700);
  BOOST_TEST(std::isnan(rr.sdnn()));
}

BOOST_AUTO_TEST_SUITE_END()
