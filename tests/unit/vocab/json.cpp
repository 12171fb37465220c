#include "standards/vocab/json.h"

#include <cmath>
#include <limits>
#include <ostream>

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Refusal {
  std::string text;
  int line, column;
  std::string message;
};
std::ostream& operator<<(std::ostream& out, const Refusal& r) {
  return out << printable(r.text.substr(0, 40));
}

const std::vector<Refusal> refusals = {
    {"", 1, 1, "this is no JSON: unexpected end of input"},
    {"[1,2", 1, 4, "this is no JSON: unexpected end of input"},
    {"[1,]", 1, 4, "this is no JSON: unexpected ']'"},
    {"[1] x", 1, 5, "this is no JSON: invalid literal"},
    {"{'a':1}", 1, 2, "this is no JSON: invalid literal"},
    {"[1e999]", 1, 6, "number overflow"},
    {"[NaN]", 1, 2, "invalid literal"},
    {"{\"a\":\"\xFF\"}", 1, 7, "ill-formed UTF-8"},
    {"{\"a\": 1,\n \"心\": 2, \"a\": 3}", 2, 12, "the key \"a\" stands twice"},
    {std::string(100000, '['), 1, 65, "nested deeper than 64 levels"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vocab_json)

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(refusals), row) {
  const auto json = parse_json(row.text, "f.json");
  BOOST_REQUIRE(!json);
  const Error& error = json.error();
  BOOST_TEST(error.at.file == "f.json");
  BOOST_TEST(error.at.line == row.line);
  BOOST_TEST(error.at.column == row.column);
  BOOST_TEST(error.message.find(row.message) != std::string::npos, error.message);
  BOOST_TEST((error.code == Errc::bad_input));
  BOOST_TEST(valid_utf8(error.text()));
}

BOOST_AUTO_TEST_CASE(written_and_read_again) {
  Json json;
  json.set("int", 42).set("big", std::numeric_limits<std::int64_t>::min()).set("real", 0.1 + 0.2);
  json.set("whole", 3.0).set("small", 1e-9).set("null", nullptr).set("yes", true);
  json.set("text", "a\"\\\n\t\r\x01/心").set("list", Json::array()).set("map", Json::object());
  const std::string text = json.dump();
  BOOST_TEST(
      text ==
      R"({"int":42,"big":-9223372036854775808,"real":0.3,"whole":3,"small":1e-9,"null":null,)"
      R"("yes":true,"text":"a\"\\\n\t\r\u0001/心","list":[],"map":{}})");
  const auto again = parse_json(text);
  BOOST_REQUIRE(again);
  BOOST_TEST(again->dump() == text);
  BOOST_TEST((*again)["text"].string() == json["text"].string());
  BOOST_TEST((*again)["big"].integer() == std::numeric_limits<std::int64_t>::min());
}

BOOST_AUTO_TEST_CASE(special_numbers_and_bad_text) {
  Json json;
  for (double value : {static_cast<double>(NAN), static_cast<double>(INFINITY), -0.0})
    json.push(value);
  json.push("\xFFx\xE5\xBF");
  BOOST_TEST(json.dump() == "[null,\"inf\",0,\"\uFFFDx\uFFFD\"]");
  BOOST_TEST(parse_json(json.dump())->items()[1].number() == INFINITY);
  BOOST_TEST(Json("-inf").number() == -INFINITY);
  BOOST_TEST(Json("text").number(7) == 7);
}

BOOST_AUTO_TEST_CASE(pretty) {
  Json json;
  json.set("a", 1);
  Json list;
  list.push(1);
  list.push(Json::object());
  json.set("b", list);
  BOOST_TEST(json.dump(2) == "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    {}\n  ]\n}");
}

BOOST_AUTO_TEST_CASE(access) {
  const Json json = *parse_json(R"({"a": {"b": [1, 2.5, "x", true]}, "n": 12345678901234567890})");
  BOOST_TEST(json["a"]["b"].items()[1].number() == 2.5);
  BOOST_TEST(json["a"]["b"].items()[1].integer(-1) == -1);
  BOOST_TEST(json["a"]["b"].items()[0].integer() == 1);
  BOOST_TEST(json["a"]["b"].items()[3].boolean());
  BOOST_TEST(json["none"]["deeper"].is_null());
  BOOST_TEST(json.has("a"));
  BOOST_TEST(!json.has("b"));
  BOOST_TEST(json["n"].number() == 12345678901234567890.0);
  BOOST_TEST(json.size() == 2);
  BOOST_TEST(json["a"].string().empty());
}

BOOST_AUTO_TEST_CASE(set_replaces_and_set_if_skips) {
  Json json;
  json.set("a", 1).set("b", 2).set("a", 3);
  BOOST_TEST(json.dump() == "{\"a\":3,\"b\":2}");
  json.set_if("c", "").set_if("d", nullptr).set_if("e", Json::array()).set_if("f", Json::object());
  BOOST_TEST(json.size() == 2);
  json.set_if("g", 0).set_if("h", false);
  BOOST_TEST(json.size() == 4);
}

BOOST_AUTO_TEST_CASE(many_members) {
  std::string text = "{\"k\":0";
  for (int i = 0; i < 50000; ++i) text += cat(",\"k", i, "\":", i);
  BOOST_TEST(parse_json(text + "}")->size() == 50001);
  BOOST_TEST(!parse_json(text + ",\"k7\":1}"));
}

BOOST_AUTO_TEST_SUITE_END()
