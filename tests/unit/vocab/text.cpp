#include "standards/vocab/text.h"

#include <cmath>
#include <limits>
#include <ostream>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Number {
  double value;
  int digits;
  std::string text;
};
std::ostream& operator<<(std::ostream& out, const Number& n) { return out << n.text; }

const std::vector<Number> numbers = {
    {0, 12, "0"},
    {-0.0, 12, "0"},
    {3, 12, "3"},
    {-2.5, 12, "-2.5"},
    {100000, 12, "100000"},
    {0.1 + 0.2, 12, "0.3"},
    {1.0 / 3, 12, "0.333333333333"},
    {1.0 / 3, 3, "0.333"},
    {2.0 / 3, 4, "0.6667"},
    {99.99999999999999, 12, "100"},
    {123456789012345, 12, "123456789012000"},
    {0.000001, 12, "0.000001"},
    {1.5e-7, 12, "1.5e-7"},
    {1e20, 12, "100000000000000000000"},
    {1.25e21, 12, "1.25e21"},
    {5e-324, 17, "5e-324"},
    {std::numeric_limits<double>::max(), 17, "1.7976931348623157e308"},
    {NAN, 12, "nan"},
    {INFINITY, 12, "inf"},
    {-INFINITY, 12, "-inf"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vocab_text)

BOOST_DATA_TEST_CASE(number_text, boost::unit_test::data::make(numbers), row) {
  BOOST_TEST(number(row.value, row.digits) == row.text);
  if (std::isfinite(row.value))
    BOOST_TEST(*parse_double(row.text) == round_significant(row.value, row.digits));
}

BOOST_AUTO_TEST_CASE(cat_joins_everything) {
  BOOST_TEST(cat("step ", 3, ": ", 1.5, ' ', true, std::string("!")) == "step 3: 1.5 true!");
}

BOOST_AUTO_TEST_CASE(parse_numbers) {
  BOOST_TEST(*parse_double("-1.5e3") == -1500);
  for (const char* text :
       {"", "-", "+1", " 1", "1 ", "0x10", "inf", "nan", "-inf", "1,5", "1e999", "1.5x"})
    BOOST_TEST(!parse_double(text), text);
  BOOST_TEST(*parse_int("-12") == -12);
  BOOST_TEST(*parse_int("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const char* text : {"", "-", "+1", " 1", "1.0", "0x1", "9223372036854775808"})
    BOOST_TEST(!parse_int(text), text);
}

BOOST_AUTO_TEST_CASE(pieces) {
  BOOST_TEST(join({"a", "b"}, ", ") == "a, b");
  BOOST_TEST(join({}, ", ").empty());
  BOOST_TEST(split("a,,b", ',').size() == 3);
  BOOST_TEST(split("", ',').size() == 1);
  BOOST_TEST(trim(" \t a b \n") == "a b");
  BOOST_TEST(trim("  ").empty());
  BOOST_TEST(lower("AbC心") == "abc心");
  BOOST_TEST(starts_with_icase("BLE:aa", "ble:"));
  BOOST_TEST(!starts_with_icase("bl", "ble"));
}

BOOST_AUTO_TEST_CASE(widths) {
  BOOST_TEST(display_width("abc") == 3);
  BOOST_TEST(display_width("心率 60") == 7);
  BOOST_TEST(display_width("（，）") == 6);
  BOOST_TEST(display_width("e\u0301") == 1);
  BOOST_TEST(display_width("±℃µ") == 3);
  BOOST_TEST(display_width("한") == 2);
  BOOST_TEST(display_width("\U0001F600") == 2);
  BOOST_TEST(pad("心", 4) == "心  ");
  BOOST_TEST(pad("abcde", 4) == "abcde");
}

BOOST_AUTO_TEST_CASE(utf8) {
  for (const char* good : {"", "abc", "心率", "\U0010FFFF", "\xC2\x80", "\xEF\xBF\xBF"})
    BOOST_TEST(valid_utf8(good));
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE5\xBF", "\xFF"})
    BOOST_TEST(!valid_utf8(bad));
  BOOST_TEST(printable("a\xFF心\x1B\n\tb\xE5\xBF") == "a\uFFFD心\uFFFD\n\tb\uFFFD");
  BOOST_TEST(printable("\xC2\x9B") == "\uFFFD");
  std::size_t at = 0;
  const std::string text = "é心\U0001F600";
  BOOST_TEST((next_character(text, at) == U'é' && at == 2));
  BOOST_TEST((next_character(text, at) == U'心' && at == 5));
  BOOST_TEST((next_character(text, at) == U'\U0001F600' && at == 9));
}

BOOST_AUTO_TEST_CASE(every_character_survives) {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append_character(text, c);
    std::size_t at = 0;
    if (next_character(text, at) != c || at != text.size())
      BOOST_FAIL("character " << static_cast<unsigned>(c));
  }
}

BOOST_AUTO_TEST_CASE(excerpts) {
  BOOST_TEST(excerpt("one\ntwo 心 x\nthree", 8) == "two 心 x\n    ^");
  BOOST_TEST(excerpt("one\ntwo 心 x\r\nthree", 12) == "two 心 x\n       ^");
  BOOST_TEST(excerpt("a\tb", 2) == "a b\n  ^");
  BOOST_TEST(excerpt("", 0) == "\n^");
  BOOST_TEST(excerpt("abc", 99) == "abc\n   ^");
  const std::string cut = excerpt(std::string(1000, 'x'), 500);
  BOOST_TEST(cut == "…" + std::string(100, 'x') + "…\n" + std::string(51, ' ') + "^");
  BOOST_TEST((line_and_column("a\n心b", 5) == std::pair{2, 2}));
  BOOST_TEST((line_and_column("", 5) == std::pair{1, 1}));
}

BOOST_AUTO_TEST_CASE(near_misses) {
  const std::vector<std::string> keys = {"title", "steps", "requirement", "检查项目"};
  BOOST_TEST(suggestion("tittle", keys) == ", did you mean \"title\"?");
  BOOST_TEST(suggestion("tilte", keys) == ", did you mean \"title\"?");
  BOOST_TEST(suggestion("STEPS", keys) == ", did you mean \"steps\"?");
  BOOST_TEST(suggestion("检查项日", keys) == ", did you mean \"检查项目\"?");
  BOOST_TEST(suggestion("x", keys).empty());
  BOOST_TEST(suggestion("banana", keys).empty());
  BOOST_TEST(suggestion(std::string(100000, 'a'), keys).empty());
}

BOOST_AUTO_TEST_SUITE_END()
