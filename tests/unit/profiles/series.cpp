// Series of pairs from tables: what is taken, what is refused and where, and what limits define.
#include <array>
#include <cmath>

#include "profiles/series/asked_statistic.h"
#include "profiles/series/pairs_table.h"
#include "profiles/series/sample_check.h"
#include "standards/limit_library.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

namespace bdata = boost::unit_test::data;

PairsOptions in_unit(std::string_view code) {
  PairsOptions options;
  options.unit = *Unit::parse(code);
  options.glucose = code == "mg/dL" || code == "mmol/L";
  return options;
}

PairsTable read(std::string_view text, std::string_view unit = "mm[Hg]") {
  auto table = read_pairs(text, "pairs.csv", in_unit(unit));
  BOOST_REQUIRE_MESSAGE(table.has_value(), (table ? std::string() : table.error().text()));
  return std::move(*table);
}

struct Taken {
  const char *name, *text, *note;
  double device, reference;
};
std::ostream& operator<<(std::ostream& out, const Taken& taken) { return out << taken.name; }

const std::array<Taken, 8> taken = {{
    {"plain", "subject,device,reference\nA,120,118\n", "", 120, 118},
    {"CRLF and no last line end", "subject,device,reference\r\nA,120,118", "", 120, 118},
    {"byte order mark", "\xEF\xBB\xBFsubject,device,reference\nA,120,118\n", "byte order mark", 120,
     118},
    {"semicolons and decimal commas", "subject;device;reference\nA;120,5;118,25\n", "decimal comma",
     120.5, 118.25},
    {"unit in the header", "subject,device (kPa),reference [kPa]\nA,16,15\n", "kPa", 120.0098,
     112.5092},
    {"a column of units", "subject,device,reference,unit\nA,16,15,kPa\n", "kPa", 120.0098,
     112.5092},
    {"Chinese names", "受试者,设备,参考值\n甲,120,118\n", "", 120, 118},
    {"quotes", "\"subject\",\"device\",\"reference\"\n\"A\",\"120\",\"118\"\n", "", 120, 118},
}};

struct Refused {
  const char *name, *text, *says;
  int line, column;
};
std::ostream& operator<<(std::ostream& out, const Refused& r) { return out << r.name; }

const std::array<Refused, 13> refused = {{
    {"empty", "", "empty", 0, 1},
    {"no subject column", "device,reference\n1,2\n", "subject, device, reference", 1, 1},
    {"a column twice", "subject,device,device,reference\nA,1,2,3\n", "there twice", 1, 16},
    {"too few cells", "subject,device,reference\nA,1\n", "2 cells", 2, 3},
    {"no subject", "subject,device,reference\n,1,2\n", "no subject", 2, 1},
    {"negative", "subject,device,reference\nA,-1,2\n", "below zero", 2, 3},
    {"impossible", "subject,device,reference\nA,1e30,2\n", "no possible value", 2, 3},
    {"unknown unit", "subject,device (furlong),reference\nA,1,2\n", "no unit known", 1, 9},
    {"foreign unit", "subject,device (kg),reference\nA,1,2\n", "cannot be taken", 2, 3},
    {"thousands or decimals", "subject;device;reference\nA;1,234;1,235\n", "may be a thousand", 2,
     1},
    {"open quote", "subject,device,reference\n\"A,1,2\n", "not closed", 2, 1},
    {"a time twice", "subject,device,reference,time\nA,1,2,10:00\nA,1,2,10:00\n",
     "second line at this time", 3, 7},
    {"no pair at all", "subject,device,reference\nA,HI,2\n", "holds no pair", 2, 1},
}};

Limit limit_named(std::string_view id) {
  const auto limit = LimitLibrary().find(id);
  BOOST_REQUIRE_MESSAGE(limit.has_value(), (limit ? std::string() : limit.error().text()));
  return *limit;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_series)

BOOST_DATA_TEST_CASE(what_is_unambiguous_is_taken_and_said_so, bdata::make(taken), example) {
  const PairsTable table = read(example.text);
  BOOST_REQUIRE(table.n() == 1);
  BOOST_TEST(table.device[0] == example.device, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(table.reference[0] == example.reference, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(join(table.notes, "; ").find(example.note) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(gb_18030_is_read_and_said_so) {
  // 受试者,设备,参考值
  const PairsTable table =
      read("\xCA\xDC\xCA\xD4\xD5\xDF,\xC9\xE8\xB1\xB8,\xB2\xCE\xBF\xBC\xD6\xB5\nA,120,118\n");
  BOOST_TEST(table.n() == 1);
  BOOST_TEST(join(table.notes, ";").find("GB 18030") != std::string::npos);
}

BOOST_DATA_TEST_CASE(all_else_is_refused_with_line_and_column, bdata::make(refused), r) {
  const auto table = read_pairs(r.text, "pairs.csv", in_unit("mm[Hg]"));
  const bool accepted = table.has_value();
  BOOST_REQUIRE(!accepted);
  BOOST_TEST(table.error().message.find(r.says) != std::string::npos);
  BOOST_TEST((table.error().code == Errc::bad_input));
  BOOST_TEST(table.error().at.line == r.line);
  BOOST_TEST(table.error().at.column == r.column);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_counted_and_named_never_used) {
  const PairsTable table = read(
      "subject,device,reference,exclude\nA,120,118,\nB,HI,119,\nC,,119,\nD,121,119,arrhythmia\n"
      "E,nan,100,\nF,inf,100,\n");
  BOOST_TEST(table.n() == 1);
  BOOST_TEST(table.left_out == 5);
  const std::string notes = join(table.notes, "; ");
  for (const std::string_view why : {"HI", "arrhythmia", "no reading of the device"})
    BOOST_TEST(notes.find(why) != std::string::npos, notes);
}

BOOST_AUTO_TEST_CASE(glucose_converts_between_amount_and_mass) {
  const PairsTable table = read("subject,device,reference,unit\nA,5.55,100,mmol/L\n", "mg/dL");
  BOOST_TEST(table.device[0] == 5.55 * 18.0182, boost::test_tools::tolerance(1e-12));
}

// Cholesterol, for one, has another factor.
BOOST_AUTO_TEST_CASE(what_is_no_glucose_is_not_converted_with_the_factor_of_glucose) {
  PairsOptions options = in_unit("mmol/L");
  options.glucose = false;
  const auto table = read_pairs("subject,device,reference\nA,5.55,5\n", "pairs.csv", options);
  BOOST_REQUIRE(table.has_value());
  Limit band = limit_named("iso-15197/system-accuracy");
  std::erase_if(band.band, [](const Bound& one) { return one.unit.code() == "mmol/L"; });
  for (const Limit& limit : {band, limit_named("iso-15197/consensus-grid")}) {
    const auto asked = asked_statistic(*table, limit);
    BOOST_REQUIRE(!asked.has_value());
    BOOST_TEST((asked.error().code == Errc::unsupported));
  }
  const auto mixed =
      read_pairs("subject,device,reference,unit\nA,100,5,mg/dL\n", "pairs.csv", options);
  BOOST_TEST(!mixed.has_value());
}

BOOST_AUTO_TEST_CASE(the_table_tells_its_unit) {
  BOOST_TEST(unit_of_table("subject,device (mmol/L),reference\n")->code() == "mmol/L");
  BOOST_TEST(unit_of_table("subject,device,reference,unit\nA,1,2,mmHg\n")->code() == "mm[Hg]");
  BOOST_TEST(!unit_of_table("subject,device,reference\nA,1,2\n").has_value());
}

BOOST_AUTO_TEST_CASE(each_lot_is_judged_by_itself_and_the_worst_speaks) {
  // Lot 1: 2 of 2 inside +-15 mg/dL; lot 2: 1 of 2.
  const PairsTable table = read(
      "subject,device,reference,lot\nA,90,80,1\nB,110,100,1\nA,96,80,2\nB,110,100,2\n", "mg/dL");
  const auto share = asked_statistic(table, limit_named("iso-15197/system-accuracy"));
  BOOST_REQUIRE(share.has_value());
  BOOST_TEST(share->value == 0.5);
  BOOST_TEST(share->n == 2);
  BOOST_TEST(share->note.find("1: 1 (n = 2), 2: 0.5 (n = 2)") != std::string::npos, share->note);
}

BOOST_AUTO_TEST_CASE(the_ends_of_a_band_belong_to_it) {
  // 5.83 - 5.0 is 0.83 but for its last binary digit; 15 % of 100 is 15.
  const PairsTable amount = read("subject,device,reference\nA,5.83,5.0\n", "mmol/L");
  const PairsTable mass = read("subject,device,reference\nA,115,100\nB,85,100\n", "mg/dL");
  const Limit limit = limit_named("iso-15197/system-accuracy");
  BOOST_TEST(asked_statistic(amount, limit)->value == 1);
  BOOST_TEST(asked_statistic(mass, limit)->value == 1);
}

BOOST_AUTO_TEST_CASE(sm_is_about_the_pooled_mean) {
  const PairsTable table =
      read("subject,device,reference\nA,104,100\nA,102,100\nB,98,100\nB,100,100\n");
  const auto sm = asked_statistic(table, limit_named("iso-81060-2/criterion-2"));
  BOOST_REQUIRE(sm.has_value());
  // Means of the subjects 3 and -1, pooled mean 1: sqrt((4 + 4) / 1).
  BOOST_TEST(sm->value == std::sqrt(8.0), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(sm->n == 2);
}

BOOST_AUTO_TEST_CASE(pairs_outside_the_domain_are_counted_not_used) {
  const PairsTable table = read("subject,device,reference\nA,92,90\nB,50,60\n", "%");
  const auto arms = asked_statistic(table, limit_named("iso-80601-2-61/arms"));
  BOOST_REQUIRE(arms.has_value());
  BOOST_TEST(arms->value == 2);
  BOOST_TEST(arms->note.find("1 pairs outside") != std::string::npos, arms->note);
}

BOOST_AUTO_TEST_CASE(a_sample_plan_tells_what_is_missing_and_what_is_not_shown) {
  const PairsTable table = read("subject,device,reference,sex\nA,120,118,m\nB,130,131,m\n");
  const SampleCheck check =
      check_sample(limit_named("iso-81060-2/criterion-2").plan, table, "systolic");
  std::string short_of, unshown;
  for (const Text2& text : check.shortfalls) short_of += text.en + "; ";
  for (const Text2& text : check.unshown) unshown += text.en + "; ";
  for (const std::string_view what :
       {"2 subjects of 85", "2 pairs of 255", "fewer than 3 pairs", "0 women", "reference values"})
    BOOST_TEST(short_of.find(what) != std::string::npos, short_of);
  for (const std::string_view what : {"age", "cuff"})
    BOOST_TEST(unshown.find(what) != std::string::npos, unshown);
}

BOOST_AUTO_TEST_CASE(a_limit_about_something_else_is_refused) {
  const PairsTable table = read("subject,device,reference\nA,92,90\n");
  Limit limit;
  limit.id = "inline";
  limit.statistic = "sensitivity";
  const auto asked = asked_statistic(table, limit);
  BOOST_REQUIRE(!asked.has_value());
  BOOST_TEST((asked.error().code == Errc::unsupported));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
