#include "standards/vocab/yaml.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using yaml::Document;
using yaml::Kind;
using yaml::MapReader;
using yaml::Node;

namespace {

std::shared_ptr<const Document> good(std::string text) {
  auto document = Document::parse("f.yaml", std::move(text));
  BOOST_REQUIRE_MESSAGE(document, (document ? "" : document.error().text()));
  return *document;
}

std::string times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

struct Refusal {
  std::string text;
  int line, column;
  std::string message;  // a part of it
};
std::ostream& operator<<(std::ostream& out, const Refusal& r) {
  return out << printable(r.text.substr(0, 40));
}

const std::vector<Refusal> refusals = {
    {"", 1, 1, "the file is empty"},
    {"# only a comment\n", 1, 1, "the file is empty"},
    {"...\n", 1, 1, "the file is empty"},
    {"---\n", 2, 1, "the file is empty"},
    {"a: 1\nb: 2\na: 3\n", 3, 1, "the key \"a\" stands twice in this map, first in line 1"},
    {"\xEF\xBB\xBF{a: 1, a: 2}", 1, 8, "stands twice"},
    {"步骤:\n  - {id: a, 检查: b, id: c}\n", 2, 20, "the key \"id\" stands twice"},
    {"a: 1\n\"a\": 2\n", 2, 1, "stands twice"},
    {"a: &x 1\n", 1, 4, "anchors (&) and aliases (*) are not allowed"},
    {"a: &x [y, y]\nb: &z [*x, *x]\n", 1, 4, "anchors"},
    {"pattern: *.txt\n", 1, 10, "put a text that begins so in quotes"},
    {"a: *x\n", 1, 4, "anchors"},
    {"a:\n  <<: {b: 1}\n", 2, 3, "merge keys (<<) are not allowed"},
    {"a: !!int \"5\"\n", 1, 4, "tags (!) are not allowed"},
    {"a: ! 5\n", 1, 4, "tags (!)"},
    {"a: !local [1]\n", 1, 4, "tags (!)"},
    {"a: 1\n---\nb: 2\n", 2, 1, "one file holds one document"},
    {"[1, 2] x\n", 1, 8, "text after the end of the document"},
    {"- a\nb: 1\n", 2, 1, "text after the end of the document"},
    {"[1, 2]\n]\n", 2, 1, "a closing bracket without an opening one"},
    {std::string("a: b\0c\n", 7), 1, 5, "U+0000 is not allowed"},
    {"a: \x1B[31mred\n", 1, 4, "U+001B is not allowed"},
    {"心: \xFF\n", 1, 4, "this is no UTF-8"},
    {"心: \xED\xA0\x80\n", 1, 4, "this is no UTF-8"},
    {std::string("\xFF\xFE"
                 "a\0:\0",
                 6),
     1, 1, "UTF-16: save it as UTF-8"},
    {"a:\n\tb: 1\n", 2, 1, "a tab in the indentation"},
    {"a:\n  \tb: 1\n", 2, 3, "a tab in the indentation"},
    {"safe: a\n%  - b\n", 2, 1, "a line cannot begin with %"},
    {"unit: %\n", 1, 7, "a value cannot begin with %: put the text in quotes"},
    {"a: @b\n", 1, 4, "a value cannot begin with @"},
    {"a: \"open\nb: 2\n", 1, 4, "this quote is never closed"},
    {"a: 'it''s\nb: 2\n", 1, 4, "this quote is never closed"},
    {"a: \"open", 1, 4, "this quote is never closed"},
    {"a: \"\\q\"\n", 1, 7, "unknown escape in double quotes"},
    {"title: a: b\n", 1, 9, "put a text that holds \": \" in quotes"},
    {"标题： 心率\n名: x\n", 2, 2, "the full-width \"：\" is no \":\""},
    {"a:\n    b: 1\n  c: 2\n", 3, 3, "this does not belong to the map above"},
    {"a: [1, 2\nb: 3\n", 2, 2, "a \"]\" or a comma is missing"},
    {"a: {x: 1\nb: 3\n", 2, 2, "a \"}\" or a comma is missing"},
    {"a: 1\nlast", 2, 1, "a \":\" is missing after this key"},
    {"a:\n- b\nc\n", 3, 1, "a \":\" is missing after this key"},
    {"{a: 1, b}\n", 1, 8, "a \":\" is missing after this key"},
    {"{zh:\"x\", en: y}", 1, 2, "a \":\" is missing after this key"},
    {"{on:dut}", 1, 2, "(a blank must follow the \":\")"},
    {"? a\n", 1, 3, "a \":\" is missing after this key"},
    {"a: 1\n: 2\n", 2, 1, "a key is missing before this \":\""},
    {"? [a]\n: 2\n", 1, 3, "a list or a map cannot be a key"},
    {"[60, , 80]", 1, 6, "a value is missing before this comma"},
    {times(33, "[") + times(33, "]"), 1, 33, "nested deeper than 32 levels"},
    {times(20000, "- "), 1, 65, "nested deeper than 32 levels"},
    {times(200001, "- a\n"), 200000, 3, "more than 200000 values"},
    {"[" + times(150000, "1,") + "]", 1, 1, "too long: 256 KiB is the most"},
    {"a: " + times(300000, "x"), 1, 1, "too long: 256 KiB is the most"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vocab_yaml)

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(refusals), row) {
  const auto document = Document::parse("f.yaml", row.text);
  BOOST_REQUIRE(!document);
  const Error& error = document.error();
  BOOST_TEST(error.at.file == "f.yaml");
  BOOST_TEST(error.at.line == row.line);
  BOOST_TEST(error.at.column == row.column);
  BOOST_TEST(error.message.find(row.message) != std::string::npos, error.message);
  BOOST_TEST((error.code == Errc::bad_input && error.blame == Blame::profile));
  BOOST_TEST(error.excerpt.ends_with('^'));
  BOOST_TEST(error.text().size() < 1000);
}

BOOST_AUTO_TEST_CASE(reads_a_tree) {
  const auto document = good(
      "\xEF\xBB\xBFtitle: 心率\r\n"
      "\"on\": {zh: '甲''乙', n: 010}\r\n"
      "list:\r\n"
      "- a\r\n"
      "-\r\n"
      "- ~\r\n"
      "text: |\r\n"
      "  one\r\n"
      "  two");
  const Node root = document->root();
  BOOST_TEST((root.kind() == Kind::map));
  BOOST_TEST(document->source().starts_with("\xEF\xBB\xBF"));
  BOOST_TEST(root.find("title").text() == "心率");
  BOOST_TEST(!root.find("title").quoted());
  const Node on = root.find("on");
  BOOST_TEST(on.find("zh").text() == "甲'乙");
  BOOST_TEST(on.find("zh").quoted());
  BOOST_TEST(on.find("n").text() == "010");
  BOOST_TEST(on.find("n").at().line == 2);
  BOOST_TEST(on.find("n").at().column == 23);
  const std::vector<Node> items = root.find("list").items();
  BOOST_REQUIRE(items.size() == 3);
  BOOST_TEST(!items[0].is_null());
  BOOST_TEST(items[1].is_null());
  BOOST_TEST(items[2].is_null());
  BOOST_TEST(root.find("text").text() == "one\ntwo\n");
  BOOST_TEST(root.entries().size() == 4);
  BOOST_TEST(root.entries()[2].first.text() == "list");
  BOOST_TEST(!root.find("none"));
  BOOST_TEST(root.items().empty());
}

BOOST_AUTO_TEST_CASE(a_missing_value_stands_at_its_key) {
  const auto document = good("a: 1\nb:\nc: {d: , e: 2}\n");
  BOOST_TEST(document->root().find("b").is_null());
  BOOST_TEST(document->root().find("b").at().line == 2);
  BOOST_TEST(document->root().find("c").find("d").is_null());
  BOOST_TEST(good("last:")->root().find("last").is_null());
}

BOOST_AUTO_TEST_CASE(plain_words_stay_text) {
  const auto document = good("a: yes\nb: no\nc: on\nd: 12:30\ne: 1e3\n");
  for (const auto& [key, value] : document->root().entries()) BOOST_TEST(!value.text().empty());
  BOOST_TEST(document->root().find("b").text() == "no");
  BOOST_TEST(document->root().find("d").text() == "12:30");
}

BOOST_AUTO_TEST_CASE(ten_thousand_steps) {
  std::string text = "steps:\n";
  for (int i = 0; i < 10000; ++i)
    text +=
        cat("  - id: S", i, "\n    check: a/b\n    title: {zh: 步, en: step}\n    n: ", i, "\n");
  const auto document = good(text);
  Problems problems;
  std::int64_t sum = 0;
  for (const Node& step : document->root().find("steps").items()) {
    MapReader reader(step, problems);
    reader.text("id");
    reader.text("check");
    reader.text2("title");
    sum += reader.integer("n", 0, 10000);
  }
  BOOST_TEST(problems.empty());
  BOOST_TEST(sum == 49995000);
}

BOOST_AUTO_TEST_CASE(a_wide_map_is_searched_quickly) {
  std::string text;
  for (int i = 0; i < 90000; ++i) text += cat("k", i, ": ", i, "\n");
  const auto document = good(text);
  for (int i = 0; i < 90000; ++i)
    if (document->root().find(cat("k", i)).text() != cat(i)) BOOST_FAIL("key " << i);
}

BOOST_AUTO_TEST_CASE(excerpt_points_at_the_character) {
  const auto document = Document::parse("f.yaml", "标题: {键: 1, 键: 2}\n");
  BOOST_REQUIRE(!document);
  BOOST_TEST(document.error().text() ==
             "f.yaml:1:12: the key \"键\" stands twice in this map, first in line 1\n"
             "  标题: {键: 1, 键: 2}\n"
             "                ^");
}

BOOST_AUTO_TEST_CASE(reads_only_files) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / cat("carebench-yaml-", ::getpid());
  fs::create_directories(folder);
  const auto refused = [](const std::string& path, const std::string& why) {
    const auto document = Document::read(path);
    BOOST_REQUIRE(!document);
    BOOST_TEST((document.error().code == Errc::bad_input));
    BOOST_TEST(document.error().text() == path + ": " + why);
  };
  refused(folder, "this is a directory, not a file");
  refused("/dev/zero", "this is a device, not a file");
  refused(folder / "none.yaml", "there is no such file");
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  refused(folder / "pipe", "this is a pipe, not a file");
  const std::string huge = folder / "huge.yaml";
  std::ofstream(huge).close();
  fs::resize_file(huge, 100 << 20);
  refused(huge, "the file is too large: 100 MiB, and 4 MiB is the most a YAML file may have");
  const std::string fine = folder / "好.yaml";
  std::ofstream(fine) << "a: 1\n";
  const auto document = Document::read(fine);
  BOOST_REQUIRE(document);
  BOOST_TEST((*document)->name() == fine);
  BOOST_TEST((*document)->source() == "a: 1\n");
  fs::remove_all(folder);
}

BOOST_AUTO_TEST_SUITE_END()
