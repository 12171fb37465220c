#include "profiles/measuring/identifier_pattern.h"

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

bool fits(const char* pattern, std::string_view text) {
  const auto parsed = IdentifierPattern::parse(pattern);
  BOOST_REQUIRE_MESSAGE(parsed, pattern);
  return parsed->matches(text);
}

struct Row {
  const char* pattern;
  const char* fits;
  const char* differs;
};
const Row rows[] = {
    {"RM", "RM", "RMA"},
    {"RM[0-9A-F]{8}", "RM0012CDEF", "RM0012CDEG"},
    {"SM302-\\d{9}", "SM302-261100001", "SM302-26110000"},
    {"A?B", "AB", "AAB"},
    {"A*B", "AAAAB", "AAAA"},
    {"A+B", "AAB", "B"},
    {"A{2,3}", "AAA", "AAAA"},
    {"A{2,}Z", "AAAAAZ", "AZ"},
    {"[^0-9]+", "abc-", "ab1"},
    {"[a-z-]+", "a-b", "a_b"},
    {".{3}", "x y", "xy"},
    {"\\[\\d\\]", "[7]", "7"},
    {"[A-Z]{2}\\d*", "XY", "X1"},
    {"A{0}B", "B", "AB"},
    {"[\\]]", "]", "["},
};
std::ostream& operator<<(std::ostream& out, const Row& r) { return out << r.pattern; }

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_identifier_pattern)

BOOST_DATA_TEST_CASE(what_fits_and_what_does_not, boost::unit_test::data::make(rows), row) {
  BOOST_TEST(fits(row.pattern, row.fits));
  BOOST_TEST(!fits(row.pattern, row.differs));
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
  for (const char* wrong : {"", "[A-Z", "[]", "A{", "A{x}", "A{3,2}", "A{2000}", "(A|B)", "A|B",
                            "*A", "\\", "\\w", "[Z-A]", "a$", "^a", "A{1000}B{1000}"}) {
    const auto parsed = IdentifierPattern::parse(wrong);
    BOOST_TEST_REQUIRE(!parsed.has_value(), wrong);
    BOOST_TEST((parsed.error().code == Errc::bad_input));
    BOOST_TEST((parsed.error().blame == Blame::profile));
  }
}

// Patterns that take backtracking engines longer than the universe lasts.
BOOST_AUTO_TEST_CASE(hostile_patterns_cost_no_time) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  BOOST_TEST(!fits((pattern + "b").c_str(), std::string(4096, 'a')));
  BOOST_TEST(!fits("a+a+a+a+a+a+a+a+b", std::string(4096, 'a')));
  BOOST_TEST(!fits("a+", std::string(5000, 'a')));  // no identifier is that long
}

BOOST_AUTO_TEST_SUITE_END()
