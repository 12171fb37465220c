#include "standards/vocab/quantity.h"

#include <ostream>
#include <set>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

Unit unit(std::string_view code) {
  const auto found = Unit::parse(code);
  BOOST_REQUIRE_MESSAGE(found, code);
  return *found;
}

struct Conversion {
  double value;
  std::string from;
  double result;
  std::string to;
  double difference;  // the result for an interval of the same size
};
std::ostream& operator<<(std::ostream& out, const Conversion& c) {
  return out << c.value << ' ' << c.from << " in " << c.to;
}

const std::vector<Conversion> conversions = {
    {37, "Cel", 98.6, "[degF]", 66.6},
    {98.6, "[degF]", 37, "Cel", 54.777777777777779},
    {0, "Cel", 273.15, "K", 0},
    {300, "K", 26.85, "Cel", 300},
    {32, "[degF]", 273.15, "K", 17.777777777777779},
    {120, "mm[Hg]", 15.9986864898, "kPa", 15.9986864898},
    {16, "kPa", 120.00985210, "mm[Hg]", 120.00985210},
    {1.25, "Hz", 75, "/min", 75},
    {75, "/min", 1.25, "/s", 1.25},
    {1, "/d", 1.0 / 24, "/h", 1.0 / 24},
    {250, "ms", 0.25, "s", 0.25},
    {90, "min", 1.5, "h", 1.5},
    {5, "%", 0.05, "1", 0.05},
    {150, "[lb_av]", 68.0388555, "kg", 68.0388555},
    {1, "[kn_i]", 1.852, "km/h", 1.852},
    {10, "m/s", 36, "km/h", 36},
    {500, "uV", 0.5, "mV", 0.5},
    {1, "By/s", 8, "bit/s", 8},
    {400, "umol/L", 0.4, "mmol/L", 0.4},
    {100, "{beat}", 100, "1", 100},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vocab_quantity)

BOOST_DATA_TEST_CASE(converts, boost::unit_test::data::make(conversions), row) {
  const Unit from = unit(row.from), to = unit(row.to);
  BOOST_TEST(from.same_dimension(to));
  BOOST_TEST(*from.convert(row.value, to) == row.result, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(*to.convert(*from.convert(row.value, to), from) == row.value,
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(*from.convert_difference(row.value, to) == row.difference,
             boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(what_does_not_convert) {
  const std::pair<const char*, const char*> pairs[] = {
      {"mg/dL", "mmol/L"}, {"s", "Hz"}, {"dB", "1"}, {"dB", "dB[mW]"}, {"By", "1"}, {"m", "kg"}};
  for (const auto& [a, b] : pairs) {
    BOOST_TEST(!unit(a).same_dimension(unit(b)));
    BOOST_TEST(!unit(a).convert(1, unit(b)));
    BOOST_TEST(!unit(a).convert_difference(1, unit(b)));
  }
}

BOOST_AUTO_TEST_CASE(the_table) {
  std::set<std::string_view> seen;
  for (std::string_view code : Unit::codes()) {
    BOOST_TEST(seen.insert(code).second, code);
    BOOST_TEST(unit(code).code() == code);
    BOOST_TEST(*unit(code).convert(12.5, unit(code)) == 12.5);
  }
  BOOST_TEST(Unit().code() == "1");
  BOOST_TEST((Unit() == unit("1")));
  BOOST_TEST((unit("1/min") == unit("/min")));
  for (const char* code : {"", "mmHg", "bpm", "sec", "1/", "CEL"}) BOOST_TEST(!Unit::parse(code));
}

BOOST_AUTO_TEST_CASE(symbols) {
  BOOST_TEST(unit("mm[Hg]").symbol() == "mmHg");
  BOOST_TEST(unit("Cel").symbol() == "°C");
  BOOST_TEST(unit("/min").symbol() == "1/min");
  BOOST_TEST(unit("1").symbol().empty());
  BOOST_TEST(unit("dB[mW]").symbol() == "dBm");
}

BOOST_AUTO_TEST_CASE(measured_values_as_text) {
  Measurement m;
  m.value = Quantity{1.25, unit("/min"), 0, 2};
  BOOST_TEST(value_text(m) == "1.25 1/min");
  m.value = Quantity{3, {}, 0, 2};
  BOOST_TEST(value_text(m) == "3");
  m.value = std::string("SN123");
  BOOST_TEST(value_text(m) == "\"SN123\"");
  m.value = true;
  BOOST_TEST(value_text(m) == "true");
}

BOOST_AUTO_TEST_CASE(a_range_of_evidence_grows) {
  SeqRange range;
  for (std::uint64_t seq : {7u, 3u, 9u}) range.extend(seq);
  BOOST_TEST(range.first == 3);
  BOOST_TEST(range.last == 9);
}

BOOST_AUTO_TEST_SUITE_END()
