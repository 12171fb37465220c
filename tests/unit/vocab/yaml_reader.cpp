#include <functional>
#include <ostream>

#include "standards/vocab/text.h"
#include "standards/vocab/yaml.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using yaml::Document;
using yaml::MapReader;
using yaml::Node;

namespace {

std::shared_ptr<const Document> good(std::string text) {
  auto document = Document::parse("f.yaml", std::move(text));
  BOOST_REQUIRE_MESSAGE(document, (document ? "" : document.error().text()));
  return *document;
}

constexpr std::string_view scopes[] = {"each", "all"};

// Reads the value of "v" as one type; the text is what came of it.
using Read = std::function<std::string(const Node&, Problems&)>;
const Read number_of = [](const Node& n, Problems& p) { return number(yaml::to_number(n, p)); };
const Read octet_of = [](const Node& n, Problems& p) {
  return cat(yaml::to_integer(n, p, 0, 255));
};
const Read boolean_of = [](const Node& n, Problems& p) { return cat(yaml::to_boolean(n, p)); };
const Read text_of = [](const Node& n, Problems& p) { return yaml::to_text(n, p); };
const Read duration_of = [](const Node& n, Problems& p) {
  return to_string(yaml::to_duration(n, p));
};
const Read unit_of = [](const Node& n, Problems& p) {
  return std::string(yaml::to_unit(n, p).code());
};
const Read text2_of = [](const Node& n, Problems& p) {
  const Text2 text = yaml::to_text2(n, p);
  return text.zh + "|" + text.en;
};

struct Row {
  Read read;
  std::string value, result;
  std::string message;  // the whole of it; "" where the value is fine
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.value; }

const std::vector<Row> rows = {
    {number_of, "0", "0", ""},
    {number_of, "-0.5", "-0.5", ""},
    {number_of, "1.5e3", "1500", ""},
    {number_of, "1E-3", "0.001", ""},
    {number_of, "010", "0",
     "a number with a leading zero is ambiguous (octal or decimal?), write 10"},
    {number_of, "-007.5", "0",
     "a number with a leading zero is ambiguous (octal or decimal?), write -7.5"},
    {number_of, "0x1F", "0", "\"0x1F\" is hexadecimal: write a decimal number here"},
    {number_of, "0o17", "0", "\"0o17\" is no number"},
    {number_of, ".inf", "0", "a number must be finite, and this is \".inf\""},
    {number_of, "-.INF", "0", "a number must be finite, and this is \"-.INF\""},
    {number_of, "nan", "0", "a number must be finite, and this is \"nan\""},
    {number_of, "1e999", "0", "\"1e999\" is too large or too small to hold"},
    {number_of, ".5", "0", "write 0.5"},
    {number_of, "5.", "0", "\"5.\" is no number"},
    {number_of, "+5", "0", "a number has no leading \"+\", write 5"},
    {number_of, "1_000", "0", "\"1_000\" is no number"},
    {number_of, "12 mm", "0", "\"12 mm\" is no number"},
    {number_of, "１２", "0", "\"１２\" is no number"},
    {number_of, "\"5\"", "0", "\"5\" is a text: a number stands without quotes"},
    {number_of, "[5]", "0", "this must be a number, and is a list"},
    {number_of, "", "0", "this must be a number, and is empty"},
    {octet_of, "255", "255", ""},
    {octet_of, "0x1F", "31", ""},
    {octet_of, "256", "0", "\"256\" is out of range: 0 to 255"},
    {octet_of, "-1", "0", "\"-1\" is out of range: 0 to 255"},
    {octet_of, "0x1FF", "0", "\"0x1FF\" is out of range: 0 to 255"},
    {octet_of, "0x", "0", "\"0x\" is no number"},
    {octet_of, "0x-5", "0", "\"0x-5\" is no number"},
    {octet_of, "99999999999999999999", "0", "\"99999999999999999999\" is out of range: 0 to 255"},
    {octet_of, "1.0", "0", "\"1.0\" is no whole number"},
    {octet_of, "010", "0",
     "a number with a leading zero is ambiguous (octal or decimal?), write 10"},
    {boolean_of, "true", "true", ""},
    {boolean_of, "false", "false", ""},
    {boolean_of, "yes", "false", "this must be true or false (without quotes), and is \"yes\""},
    {boolean_of, "\"true\"", "false",
     "this must be true or false (without quotes), and is \"true\""},
    {text_of, "心率", "心率", ""},
    {text_of, "1.0", "1.0", ""},
    {text_of, "\"\"", "", ""},
    {text_of, "~", "", "this must be a text, and is empty"},
    {text_of, "{a: b}", "", "this must be a text, and is a map"},
    {duration_of, "20 s", "20 s", ""},
    {duration_of, "\"1.5 s\"", "1.5 s", ""},
    {duration_of, "250ms", "250 ms", ""},
    {duration_of, "0 s", "0 s", ""},
    {duration_of, "20", "0 s", "the unit is missing: write \"20 s\" or \"20 ms\""},
    {duration_of, "-3 s", "0 s", "a duration cannot be negative, and this is \"-3 s\""},
    {duration_of, "20 sec", "0 s",
     "\"20 sec\" is no duration: write a number and one of ns, us, ms, s, min, h, d, such as \"20 "
     "s\""},
    {unit_of, "mm[Hg]", "mm[Hg]", ""},
    {unit_of, "\"%\"", "%", ""},
    {unit_of, "1/min", "/min", ""},
    {unit_of, "mmHg", "1", "the unit \"mmHg\" is unknown, write \"mm[Hg]\""},
    {unit_of, "bpm", "1", "the unit \"bpm\" is unknown, write \"/min\""},
    {unit_of, "°C", "1", "the unit \"°C\" is unknown, write \"Cel\""},
    {unit_of, "mmol/l", "1", "the unit \"mmol/l\" is unknown, did you mean \"mmol/L\"?"},
    {unit_of, "[degF]", "1",
     "this must be a unit: put a code with brackets or braces in quotes, such as \"[degF]\" or "
     "\"{beat}\""},
    {text2_of, "{zh: 甲, en: a}", "甲|a", ""},
    {text2_of, "{zh: 甲}", "甲|", "the key \"en\" is missing in this map"},
    {text2_of, "{zh: 甲, en: \" \"}", "甲| ", "this text must not be blank"},
    {text2_of, "甲", "|",
     "this must be a text in both languages, {zh: \"…\", en: \"…\"}, and is \"甲\""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vocab_yaml_reader)

BOOST_DATA_TEST_CASE(scalars, boost::unit_test::data::make(rows), row) {
  const auto document = good("v: " + row.value + "\n");
  Problems problems;
  BOOST_TEST(row.read(document->root().find("v"), problems) == row.result);
  BOOST_TEST(problems.empty() == row.message.empty());
  if (problems.empty()) return;
  BOOST_TEST(problems.list().size() == 1);
  const Error& error = problems.list()[0];
  BOOST_TEST(error.message == row.message);
  BOOST_TEST(error.at.line == 1);
  BOOST_TEST(error.at.column >= 1);
  BOOST_TEST(!error.excerpt.empty());
}

BOOST_AUTO_TEST_CASE(a_map_key_by_key) {
  const auto document = good(
      "id: S1\nlevels: [60, 80]\nsettle: 20 s\nscope: all\nopen: true\nn: 3\nx: 2.5\n"
      "unit: kPa\ntitle: {zh: 甲, en: a}\n");
  Problems problems;
  {
    MapReader reader(document->root(), problems);
    BOOST_TEST(reader.text("id") == "S1");
    BOOST_TEST(reader.text_or("note", "none") == "none");
    BOOST_TEST(reader.list("levels").size() == 2);
    BOOST_TEST(reader.list_or_empty("other").empty());
    BOOST_TEST(reader.texts_or_empty("levels")[1] == "80");
    BOOST_TEST(reader.duration("settle").ns == seconds(20).ns);
    BOOST_TEST(reader.duration_or("timeout", seconds(5)).ns == seconds(5).ns);
    BOOST_TEST(reader.choice("scope", scopes) == 1);
    BOOST_TEST(reader.choice_or("mode", scopes, 1) == 1);
    BOOST_TEST(reader.boolean_or("open", false));
    BOOST_TEST(reader.boolean_or("shut", true));
    BOOST_TEST(reader.integer("n", 1, 5) == 3);
    BOOST_TEST(reader.integer_or("m", 1, 5, 4) == 4);
    BOOST_TEST(reader.number("x") == 2.5);
    BOOST_TEST(reader.number_or("y", 7) == 7);
    BOOST_TEST(reader.unit_or("unit", {}).code() == "kPa");
    BOOST_TEST(reader.text2("title").en == "a");
    BOOST_TEST(reader.text2_or_empty("subtitle").empty());
    BOOST_TEST(reader.has("id"));
    BOOST_TEST(!reader.has("note"));
  }
  BOOST_TEST(problems.empty());
}

BOOST_AUTO_TEST_CASE(unknown_missing_and_wrong_keys) {
  const auto document = good("tittle: x\nscope: eech\n心率: 1\nlist: a\n");
  Problems problems;
  {
    MapReader reader(document->root(), problems);
    reader.text("title");
    reader.choice("scope", scopes);
    reader.list_or_empty("list");
  }
  std::string all;
  for (const Error& error : problems.list()) all += cat(error.at.line, ": ", error.message, "\n");
  BOOST_TEST(all ==
             "1: the key \"title\" is missing in this map\n"
             "2: \"eech\" is not one of each, all, did you mean \"each\"?\n"
             "4: \"list\" must be a list: write [a, b], or one \"- \" line for each item\n"
             "1: unknown key \"tittle\", did you mean \"title\"?\n"
             "3: unknown key \"心率\"\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_map_is_one_problem) {
  for (const char* text : {"- a\n", "just text\n", "标题：心率\n"}) {
    const auto document = good(text);
    Problems problems;
    MapReader reader(document->root(), problems);
    reader.text("title");
    reader.integer("n", 0, 1);
    reader.finish();
    BOOST_TEST(problems.list().size() == 1);
    BOOST_TEST(problems.list()[0].message.starts_with("this must be a map"));
  }
}

BOOST_AUTO_TEST_CASE(a_node_that_is_not_there_is_silent) {
  Problems problems;
  MapReader reader(Node(), problems);
  BOOST_TEST(reader.text("a").empty());
  BOOST_TEST(yaml::to_integer(Node(), problems, 3, 5) == 3);
  reader.finish();
  BOOST_TEST(problems.empty());
}

BOOST_AUTO_TEST_CASE(a_long_value_is_not_repeated_in_full) {
  const auto document = good("v: " + std::string(5000, 'x') + "\n");
  Problems problems;
  yaml::to_number(document->root().find("v"), problems);
  BOOST_TEST(problems.as_error().text().size() < 400);
}

BOOST_AUTO_TEST_SUITE_END()
