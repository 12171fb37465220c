#include "standards/vocab/time.h"

#include <cmath>
#include <ostream>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Spelling {
  std::string text;
  std::int64_t ns;
  std::string printed;
};
std::ostream& operator<<(std::ostream& out, const Spelling& s) { return out << s.text; }

const std::vector<Spelling> spellings = {
    {"20 s", 20'000'000'000, "20 s"},
    {"20s", 20'000'000'000, "20 s"},
    {"1.5 s", 1'500'000'000, "1.5 s"},
    {"0.1 s", 100'000'000, "100 ms"},
    {"60 s", 60'000'000'000, "60 s"},
    {"90 s", 90'000'000'000, "90 s"},
    {"10 min", 600'000'000'000, "10 min"},
    {"1 h", 3'600'000'000'000, "60 min"},
    {"48 h", 172'800'000'000'000, "48 h"},
    {"2 d", 172'800'000'000'000, "48 h"},
    {"250 ms", 250'000'000, "250 ms"},
    {"50 us", 50'000, "50 us"},
    {"10 ns", 10, "10 ns"},
    {"0 s", 0, "0 s"},
    {"-2 s", -2'000'000'000, "-2 s"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vocab_time)

BOOST_DATA_TEST_CASE(durations, boost::unit_test::data::make(spellings), row) {
  const auto duration = parse_duration(row.text);
  BOOST_REQUIRE(duration);
  BOOST_TEST(duration->ns == row.ns);
  BOOST_TEST(to_string(*duration) == row.printed);
  BOOST_TEST(parse_duration(to_string(*duration))->ns == row.ns);
}

BOOST_AUTO_TEST_CASE(no_durations) {
  for (const char* text : {"", "s", "20", " 20 s", "20  s", "20 s ", "20 sec", "20 S", "1,5 s",
                           "1:30", "inf s", "nan s", "1e99 h", "20 s 5", "20秒"})
    BOOST_TEST(!parse_duration(text), text);
}

BOOST_AUTO_TEST_CASE(from_seconds_saturates) {
  BOOST_TEST(from_seconds(1.5).ns == 1'500'000'000);
  BOOST_TEST(from_seconds(-1e-9).ns == -1);
  BOOST_TEST(from_seconds(1e300).ns == never.ns);
  BOOST_TEST(from_seconds(-INFINITY).ns == -never.ns);
  BOOST_TEST(from_seconds(NAN).ns == 0);
  BOOST_TEST((Stamp{never.ns - 1} + seconds(1)).ns == never.ns);
}

BOOST_AUTO_TEST_CASE(utc) {
  BOOST_TEST(utc_text(0) == "1970-01-01T00:00:00Z");
  BOOST_TEST(utc_text(1795296799) == "2026-11-21T21:33:19Z");
  BOOST_TEST(utc_text(-1) == "1969-12-31T23:59:59Z");
  BOOST_TEST(utc_text(INT64_MAX) == "9999-12-31T23:59:59Z");
  for (std::int64_t t : {std::int64_t{0}, std::int64_t{951'782'400}, std::int64_t{4'102'444'800}})
    BOOST_TEST(*parse_utc(utc_text(t)) == t);
  for (const char* text : {"", "2026-11-21 21:33:19Z", "2026-11-21T21:33:19",
                           "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z",
                           "2026-11-21T23:59:60Z", "2026-11-21T2a:33:19Z"})
    BOOST_TEST(!parse_utc(text), text);
}

BOOST_AUTO_TEST_CASE(dates) {
  BOOST_TEST(*parse_date("1970-01-02") == 1);
  BOOST_TEST(*parse_date("2024-02-29") == 19782);
  BOOST_TEST(*parse_date("1969-12-31") == -1);
  for (const char* text : {"", "2026-2-1", "2026-02-30", "2026-00-01", "2026/01/01", "+026-01-01"})
    BOOST_TEST(!parse_date(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
