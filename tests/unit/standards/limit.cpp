#include "standards/limit.h"

#include <set>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

Limit limit(Comparison comparison, double value, std::string_view code) {
  Limit out;
  out.comparison = comparison;
  out.value = value;
  out.unit = *Unit::parse(code);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_limit)

BOOST_AUTO_TEST_CASE(as_text) {
  BOOST_TEST(limit(Comparison::le, 10, "%").text() == "<= 10 %");
  BOOST_TEST(limit(Comparison::lt, 0.5, "s").text() == "< 0.5 s");
  BOOST_TEST(limit(Comparison::ge, 48, "h").text() == ">= 48 h");
  BOOST_TEST(limit(Comparison::gt, 200, "%").text() == "> 200 %");
  BOOST_TEST(limit(Comparison::abs_le, 5, "/min").text() == "|x| <= 5 /min");
  BOOST_TEST(limit(Comparison::equals, 8, "1").text() == "= 8");
  Limit within = limit(Comparison::within, 0, "Cel");
  within.low = 36;
  within.high = 42;
  BOOST_TEST(within.text() == "within [36, 42] Cel");
  Limit bound = limit(Comparison::ge, 85, "%");
  bound.on = Limit::On::interval_low;
  BOOST_TEST(bound.text() == "lower bound >= 85 %");
  bound.on = Limit::On::interval_high;
  BOOST_TEST(bound.text() == "upper bound >= 85 %");
  Limit text = limit(Comparison::equals, 0, "1");
  text.equals = Limit::Equals::text;
  text.text_value = "SN1";
  BOOST_TEST(text.text() == "= \"SN1\"");
  text.equals = Limit::Equals::truth;
  text.truth = false;
  BOOST_TEST(text.text() == "= false");
  text.status = LimitStatus::todo;
  BOOST_TEST(text.text() == "not established");
  text.status = LimitStatus::none;
  BOOST_TEST(text.text() == "no limit");
  text.status = LimitStatus::declared;
  BOOST_TEST(text.text() == "as claimed");
}

BOOST_AUTO_TEST_CASE(source_as_text) {
  LimitSource source;
  source.document = "ISO 1";
  BOOST_TEST(source.text() == "ISO 1");
  source.edition = "2018";
  source.clause = "5.2";
  source.valid_from = "2018-11-01";
  BOOST_TEST(source.text() == "ISO 1 (2018), 5.2, in force from 2018-11-01");
  source.valid_to = "2026-01-15";
  BOOST_TEST(source.text() == "ISO 1 (2018), 5.2, in force from 2018-11-01 to 2026-01-15");
  source.valid_from.clear();
  BOOST_TEST(source.text() == "ISO 1 (2018), 5.2, in force to 2026-01-15");
}

BOOST_AUTO_TEST_SUITE_END()
