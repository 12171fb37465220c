#include "reports/html/job.h"

#include "tests/support/boost_test.h"

using namespace carebench;
using html::job_at;
using html::told;

BOOST_AUTO_TEST_SUITE(reports_job)

namespace {

std::string in_english(std::string_view json) {
  const Result<Json> value = parse_json(json);
  const Result<Texts> texts = Texts::load(Language::en);
  BOOST_REQUIRE((value.has_value() && texts.has_value()));
  return told(*value, *texts);
}

}  // namespace

BOOST_AUTO_TEST_CASE(tells_whatever_shape_a_job_has) {
  BOOST_TEST(in_english("null") == "");
  BOOST_TEST(in_english("\"plain\"") == "plain");
  BOOST_TEST(in_english("[1, 2.5, true, \"x\"]") == "1; 2.5; yes; x");
  BOOST_TEST(in_english("{\"name\": \"Lab\", \"address\": \"1 Road\", \"odd_key\": 3}") ==
             "Lab; address: 1 Road; odd key: 3");
  BOOST_TEST(in_english("{\"value\": 23.1, \"unit\": \"Cel\"}") == "23.1\u00A0°C");
  BOOST_TEST(in_english("{\"value\": 2, \"unit\": \"odd\"}") == "2\u00A0odd");
  BOOST_TEST(in_english("{\"zh\": \"中\", \"en\": \"e\"}") == "e");
  BOOST_TEST(in_english("{\"contact\": {\"phone\": \"1\"}, \"note\": \"\"}") ==
             "contact: (telephone: 1)");
}

BOOST_AUTO_TEST_CASE(finds_the_first_place_that_holds_something) {
  const Result<Json> job = parse_json("{\"order\": {\"received\": \"\"}, \"received\": \"today\"}");
  BOOST_REQUIRE(job.has_value());
  BOOST_TEST(job_at(*job, {"order.received", "received"}).string() == "today");
  BOOST_TEST(job_at(*job, {"order.number", "", "a.b.c"}).is_null());
  BOOST_TEST(job_at(Json("text"), {"order"}).is_null());
}

BOOST_AUTO_TEST_SUITE_END()
