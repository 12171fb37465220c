#include "profiles/measuring/identifier_codes.h"

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Known {
  CheckDigit kind;
  const char* text;  // without its check digit
  char check;
};
// Examples of the standards and of the issuing agencies' documents.
const Known known[] = {
    {CheckDigit::luhn, "49015420323751", '8'},
    {CheckDigit::luhn, "7992739871", '3'},
    {CheckDigit::gs1_mod10, "629104150021", '3'},
    {CheckDigit::gs1_mod10, "690123456789", '2'},
    {CheckDigit::gs1_mod10, "1069012345678", '4'},
    {CheckDigit::gs1_mod10, "03600029145", '2'},
    {CheckDigit::gs1_mod10, "10614141192837465", '7'},
    {CheckDigit::mod43, "+A123BJC5D6E71", 'G'},
    {CheckDigit::mod37_36, "A12425GABC1234002", 'M'},
    {CheckDigit::mod11_2, "11010519491231002", 'X'},
};
std::ostream& operator<<(std::ostream& out, const Known& k) { return out << k.text; }

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_identifier_codes)

BOOST_DATA_TEST_CASE(known_check_digits, boost::unit_test::data::make(known), row) {
  const auto check = check_digit_of(row.kind, row.text);
  BOOST_REQUIRE(check);
  BOOST_TEST(*check == row.check);
  std::string whole(row.text);
  whole += row.check;
  BOOST_TEST(check_digit_holds(row.kind, whole));
}

// No single wrong character, and no transposition of two different neighbours, may pass where the
// system promises that.
BOOST_DATA_TEST_CASE(single_errors_are_found, boost::unit_test::data::make(known), row) {
  std::string whole(row.text);
  whole += row.check;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string wrong = whole;
    for (char c = '0'; c <= '9'; ++c) {
      if (c == whole[i]) continue;
      wrong[i] = c;
      BOOST_TEST(!check_digit_holds(row.kind, wrong), wrong);
    }
  }
}

BOOST_AUTO_TEST_CASE(transpositions_are_found_by_the_pure_systems) {
  for (const auto& row : known) {
    if (row.kind != CheckDigit::mod11_2 && row.kind != CheckDigit::mod37_36) continue;
    std::string whole(row.text);
    whole += row.check;
    for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
      std::string wrong = whole;
      std::swap(wrong[i], wrong[i + 1]);
      BOOST_TEST((wrong == whole || !check_digit_holds(row.kind, wrong)), wrong);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_of_the_alphabet) {
  BOOST_TEST(!check_digit_of(CheckDigit::luhn, "4901542O323751"));
  BOOST_TEST(!check_digit_of(CheckDigit::gs1_mod10, ""));
  BOOST_TEST(!check_digit_of(CheckDigit::mod37_36, "a12425"));
  BOOST_TEST(!check_digit_of(CheckDigit::mod43, "+A123_"));
  BOOST_TEST(!check_digit_of(CheckDigit::none, "123"));
  BOOST_TEST(!check_digit_holds(CheckDigit::luhn, "0"));
  BOOST_TEST(!check_digit_holds(CheckDigit::luhn, ""));
}

BOOST_AUTO_TEST_CASE(names_both_ways) {
  for (std::size_t i = 0; i < check_digit_names().size(); ++i)
    BOOST_TEST((check_digit_from(check_digit_names()[i]) == static_cast<CheckDigit>(i)));
  BOOST_TEST(!check_digit_from("mod10"));
}

BOOST_AUTO_TEST_SUITE_END()
