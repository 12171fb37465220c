#include "reports/html/markup.h"

#include "tests/support/boost_test.h"
#include "tests/support/markup_check.h"
#include "tests/support/sample_record.h"

namespace data = boost::unit_test::data;
using namespace carebench;

BOOST_AUTO_TEST_SUITE(reports_markup)

struct Escaped {
  std::string in, out;
};
std::ostream& operator<<(std::ostream& out, const Escaped& e) { return out << e.out; }
const Escaped cases[] = {
    {"plain 文字 °C", "plain 文字 °C"},
    {"<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"},
    {std::string("\0\x07\x7f", 3), "[U+0000][U+0007][U+007F]"},
    {"a\nb\tc", "a\nb\tc"},
    {"\u202Eexe\u2066\u200B\uFEFF", "[U+202E]exe[U+2066][U+200B][U+FEFF]"},
    {"\u0085\u2028\u00AD", "[U+0085][U+2028][U+00AD]"},
    {"\U000E0041", "[U+0E0041]"},
    {"\xff\xc0", "\uFFFD\uFFFD"},
};

BOOST_DATA_TEST_CASE(escapes_data, data::make(cases), sample) {
  Markup out;
  out.text(sample.in);
  BOOST_TEST(out.take() == sample.out);
}

BOOST_AUTO_TEST_CASE(elements_close_where_their_scope_ends) {
  Markup out;
  {
    const auto list = out.in("ul", {{"class", "a\"b"}, {"id", ""}});
    out.leaf("li", {}, "<1>");
    const auto item = out.in("li");
    out.lone("br");
  }
  BOOST_TEST(out.take() == "<ul class=\"a&quot;b\"><li>&lt;1&gt;</li><li><br></li></ul>");
}

BOOST_AUTO_TEST_CASE(hostile_texts_stay_inside_their_element) {
  Markup out;
  {
    const auto root = out.in("div");
    for (const std::string& text : test::hostile_texts()) out.leaf("p", {{"title", text}}, text);
  }
  BOOST_TEST(test::markup_problem(out.take()) == "");
}

BOOST_AUTO_TEST_CASE(the_check_notices_markup_that_broke_out) {
  for (const char* text : {"<p>", "<p></b>", "<p a=b></p>", "a & b", "a > b", "<p a=\"<\"></p>"})
    BOOST_TEST(test::markup_problem(text) != "");
  BOOST_TEST(test::markup_problem("<p a=\"&lt;\">1 &amp; 2<br></p>", {"br"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
