#include "profiles/measuring/identifier_formats.h"

#include "profiles/measuring/identifier_gs1.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using Structure = FormatFinding::Structure;

namespace {

struct Row {
  IdentifierFormat format;
  const char* text;
  Structure structure;
  int check;  // 1 fits, 0 does not, -1 there is none
};
constexpr auto sound = Structure::sound, unsound = Structure::unsound,
               undecided = Structure::undecided;

const Row rows[] = {
    {IdentifierFormat::imei, "490154203237518", sound, 1},
    {IdentifierFormat::imei, "49-015420-323751-8", sound, 1},
    {IdentifierFormat::imei, " 490154203237518 ", sound, 1},
    {IdentifierFormat::imei, "490154203237517", sound, 0},
    {IdentifierFormat::imei, "4901542032375180", unsound, -1},  // IMEISV
    {IdentifierFormat::imei, "49015420323751", unsound, -1},
    {IdentifierFormat::imei, "49015420323751A", unsound, -1},
    {IdentifierFormat::imei, "000000003237510", unsound, -1},
    {IdentifierFormat::gs1, "6291041500213", sound, 1},
    {IdentifierFormat::gs1, "6901234567892", sound, 1},
    {IdentifierFormat::gs1, "10690123456784", sound, 1},
    {IdentifierFormat::gs1, "036000291452", sound, 1},
    {IdentifierFormat::gs1, "106141411928374657", sound, 1},
    {IdentifierFormat::gs1, "6291041500214", sound, 0},
    {IdentifierFormat::gs1, "629104150021", sound, 0},  // a GTIN-12 by its length
    {IdentifierFormat::gs1, "(01)06291041500213(21)12345", sound, 1},
    {IdentifierFormat::gs1, "(01)06291041500214(21)12345", sound, 0},
    {IdentifierFormat::gs1, "(21)12345", sound, -1},
    {IdentifierFormat::gs1, "(21)A(B)C", sound, -1},
    {IdentifierFormat::gs1, "(01)06291041500213(17)261300", unsound, -1},  // month 13
    {IdentifierFormat::gs1, "(01)06291041500213(17)260200", sound, 1},     // end of February
    {IdentifierFormat::gs1, "(01)0629104150021", unsound, -1},
    {IdentifierFormat::gs1, "(01)06291041500213(21)", unsound, -1},
    {IdentifierFormat::gs1, "(01)06291041500213(21)123456789012345678901", unsound, -1},
    {IdentifierFormat::gs1, "(1)06291041500213", unsound, -1},
    {IdentifierFormat::gs1,
     "]C1010629104150021310LOT1\x1D"
     "21SER1",
     sound, 1},
    {IdentifierFormat::gs1, "]d20106291041500213172612312112345", sound, 1},
    {IdentifierFormat::gs1,
     "0106291041500213"
     "9912345",
     undecided, -1},
    {IdentifierFormat::gs1, "(01)06291041500213(99)X", sound, 1},
    {IdentifierFormat::gs1, "SN12345", unsound, -1},
    {IdentifierFormat::udi, "(01)06291041500213(21)12345", sound, 1},
    {IdentifierFormat::udi, "(01)06291041500213", sound, 1},
    {IdentifierFormat::udi, "+A123BJC5D6E71G", sound, 1},
    {IdentifierFormat::udi, "+A123BJC5D6E71H", sound, 0},
    {IdentifierFormat::udi, "MA.156.M0.100221.12345678.M260301.S0001", sound, -1},
    {IdentifierFormat::udi, "6291041500213", unsound, -1},
    {IdentifierFormat::udi, "(21)12345", unsound, -1},
    {IdentifierFormat::udi, "SM302-261100001", unsound, -1},
    {IdentifierFormat::hibc, "+A123BJC5D6E71G", sound, 1},
    {IdentifierFormat::hibc, "A123BJC5D6E71G", unsound, -1},
    {IdentifierFormat::hibc, "+1123BJC5D6E71G", unsound, -1},
    {IdentifierFormat::hibc, "+a123bjc5d6e71G", unsound, -1},
    {IdentifierFormat::mod37_36, "A12425GABC1234002M", sound, 1},
    {IdentifierFormat::mod37_36, "A12425GABC1234002N", sound, 0},
    {IdentifierFormat::mod37_36, "A124-5", unsound, -1},
    {IdentifierFormat::ma_code, "MA.156.M0.100221.12345678.S0001", sound, -1},
    {IdentifierFormat::ma_code, "MA.156.M0.100221.12345678.M20260301.V280301", sound, -1},
    {IdentifierFormat::ma_code, "MA.156.M0.100221.12345678.M261301", unsound, -1},
    {IdentifierFormat::ma_code, "MA.156.M0.100221.12345678.S", unsound, -1},
    {IdentifierFormat::ma_code, "MA.156.M0", unsound, -1},
    {IdentifierFormat::ma_code, "MA.156..100221", unsound, -1},
    {IdentifierFormat::ma_code, "MB.156.M0.100221", unsound, -1},
    {IdentifierFormat::eui48, "00:1B:C5:00:00:07", sound, -1},
    {IdentifierFormat::eui48, "001bc5000007", sound, -1},
    {IdentifierFormat::eui48, "01:1B:C5:00:00:07", unsound, -1},  // group
    {IdentifierFormat::eui48, "02:1B:C5:00:00:07", unsound, -1},  // local
    {IdentifierFormat::eui48, "00:00:00:00:00:00", unsound, -1},
    {IdentifierFormat::eui48, "FF:FF:FF:FF:FF:FF", unsound, -1},
    {IdentifierFormat::eui48, "00:1B:C5:00:00", unsound, -1},
    {IdentifierFormat::eui48, "00:1B:C5:00:00:0G", unsound, -1},
    {IdentifierFormat::eui64, "00-1B-C5-00-00-00-00-07", sound, -1},
    {IdentifierFormat::eui64, "001BC5FFFE000007", sound, -1},
    {IdentifierFormat::eui64, "021BC5FFFE000007", sound, -1},  // modified EUI-64
    {IdentifierFormat::eui64, "021BC50000000007", unsound, -1},
    {IdentifierFormat::eui64, "001BC5000007", unsound, -1},
    {IdentifierFormat::imei, "", unsound, -1},
};
std::ostream& operator<<(std::ostream& out, const Row& r) { return out << r.text; }

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_identifier_formats)

BOOST_DATA_TEST_CASE(known_texts, boost::unit_test::data::make(rows), row) {
  const auto finding = check_format(row.format, row.text);
  BOOST_TEST((finding.structure == row.structure), finding.note);
  const int check = finding.check_digit ? *finding.check_digit : -1;
  BOOST_TEST(check == row.check, finding.note);
  BOOST_TEST((row.structure == sound || !finding.note.empty()));
}

BOOST_AUTO_TEST_CASE(what_is_not_established_is_said) {
  const auto ma = check_format(IdentifierFormat::ma_code, "MA.156.M0.100221.1");
  BOOST_TEST(ma.note.find("not established") != std::string::npos);
  const auto ahm = check_format(IdentifierFormat::udi, "83500000000000000001");
  BOOST_TEST(ahm.note.find("AHM") != std::string::npos);
  const auto model = check_format(IdentifierFormat::udi, "(01)06291041500213");
  BOOST_TEST(model.note.find("not the unit") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_eui64_tells_the_eui48_it_was_made_from) {
  for (const char* text : {"001BC5FFFE000007", "021BC5FFFE000007"})
    BOOST_TEST(check_format(IdentifierFormat::eui64, text).note.find("001bc5000007") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(elements_are_taken_apart) {
  const auto elements = parse_gs1_elements(
      "0106291041500213"
      "21SER-1\x1D"
      "10LOT7");
  BOOST_TEST(elements.problem == "");
  BOOST_TEST(elements.value_of("01") == "06291041500213");
  BOOST_TEST(elements.value_of("21") == "SER-1");
  BOOST_TEST(elements.value_of("10") == "LOT7");
  BOOST_TEST(elements.value_of("17") == "");
}

// Whatever a device sends is taken apart without harm.
BOOST_AUTO_TEST_CASE(hostile_texts) {
  for (const char* text : {"(", "()", "(01", "(01)", "((((", ")(", "]", "]C1", "]C101", "01", "0",
                           "+", "+A", "MA", "MA.", "MA....", "\x1D\x1D", "(0101010101)1", "-"})
    for (std::size_t i = 0; i < identifier_format_names().size(); ++i) {
      const auto format = static_cast<IdentifierFormat>(i);
      if (format == IdentifierFormat::mod37_36) continue;  // two characters may be sound there
      BOOST_TEST((check_format(format, text).structure != sound), text);
    }
}

BOOST_AUTO_TEST_CASE(names_both_ways) {
  for (std::size_t i = 0; i < identifier_format_names().size(); ++i)
    BOOST_TEST(
        (identifier_format_from(identifier_format_names()[i]) == static_cast<IdentifierFormat>(i)));
  BOOST_TEST(!identifier_format_from("ahm"));
}

BOOST_AUTO_TEST_SUITE_END()
