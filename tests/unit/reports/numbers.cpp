#include "reports/html/numbers.h"

#include <cmath>
#include <limits>

#include "tests/support/boost_test.h"

using namespace carebench;
using namespace carebench::html;

BOOST_AUTO_TEST_SUITE(reports_numbers)

BOOST_AUTO_TEST_CASE(numbers_are_rounded_for_reading) {
  BOOST_TEST(shown(1.23456789) == "1.23457");
  BOOST_TEST(shown(0.765942, uncertainty_digits) == "0.77");
  BOOST_TEST(shown(std::numeric_limits<double>::infinity()) == "∞");
  BOOST_TEST(shown(-std::numeric_limits<double>::infinity()) == "-∞");
}

BOOST_AUTO_TEST_CASE(units_follow_their_number) {
  BOOST_TEST(with_unit(72, *Unit::parse("/min")) == "72 /min");
  BOOST_TEST(with_unit(120, *Unit::parse("mm[Hg]")) == "120 mmHg");
  BOOST_TEST(with_unit(3, Unit()) == "3");
  BOOST_TEST(with_unit(std::nan(""), *Unit::parse("/min")) == "–");
}

BOOST_AUTO_TEST_CASE(limits_are_written_as_people_do) {
  BOOST_TEST(limit_text("<= 3 mm[Hg]") == "≤ 3 mmHg");
  BOOST_TEST(limit_text("|x| <= 3 /min") == "|x| ≤ 3 /min");
  BOOST_TEST(limit_text("within [36, 42] Cel") == "within [36, 42] °C");
  BOOST_TEST(limit_text(">= 0.99") == "≥ 0.99");
  BOOST_TEST(limit_text("= 1") == "= 1");
  BOOST_TEST(limit_text("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
