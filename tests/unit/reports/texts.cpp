#include "reports/html/texts.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "standards/vocab/verdict.h"
#include "tests/support/boost_test.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(reports_texts)

namespace {

Texts load(Language language) {
  Result<Texts> texts = Texts::load(language);
  BOOST_REQUIRE_MESSAGE(texts.has_value(), (texts ? "" : texts.error().text()));
  return *texts;
}

std::vector<std::string> keys(const Texts& texts) {
  std::vector<std::string> out;
  for (const auto& [key, text] : texts.all()) out.push_back(key);
  return out;
}

// The names in braces that a text asks for.
std::vector<std::string> placeholders(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at)
    out.push_back(text.substr(at, text.find('}', at) - at + 1));
  std::sort(out.begin(), out.end());
  return out;
}

std::string source_of_reports() {
  std::ostringstream all;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(CAREBENCH_SOURCE_DIR "/reports"))
    if (entry.path().extension() == ".cpp") all << std::ifstream(entry.path()).rdbuf();
  return all.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(both_languages_hold_the_same_keys) {
  const std::vector<std::string> zh = keys(load(Language::zh_cn)), en = keys(load(Language::en));
  BOOST_TEST(zh.size() > 200u);
  BOOST_CHECK_EQUAL_COLLECTIONS(zh.begin(), zh.end(), en.begin(), en.end());
}

BOOST_AUTO_TEST_CASE(both_languages_ask_for_the_same_replacements) {
  const Texts zh = load(Language::zh_cn), en = load(Language::en);
  for (const auto& [key, text] : zh.all()) {
    const auto a = placeholders(text), b = placeholders(en(key));
    BOOST_TEST_CONTEXT(key) BOOST_CHECK_EQUAL_COLLECTIONS(a.begin(), a.end(), b.begin(), b.end());
  }
}

BOOST_AUTO_TEST_CASE(keys_are_unique) {
  const std::vector<std::string> zh = keys(load(Language::zh_cn));
  BOOST_TEST((std::adjacent_find(zh.begin(), zh.end()) == zh.end()));
}

BOOST_AUTO_TEST_CASE(every_key_the_code_names_exists) {
  const Texts texts = load(Language::en);
  const std::string source = source_of_reports();
  std::size_t found = 0;
  for (std::size_t at = 0; (at = source.find("text(\"", at)) != source.npos;) {
    at += 6;
    const std::string key = source.substr(at, source.find('"', at) - at);
    if (key.find('.') == key.npos || key.ends_with('.')) continue;
    BOOST_TEST(texts.has(key), "no text for " << key);
    ++found;
  }
  BOOST_TEST(found > 50u);
}

BOOST_AUTO_TEST_CASE(every_finding_has_its_words) {
  for (const Language language : {Language::zh_cn, Language::en}) {
    const Texts texts = load(language);
    for (const char* name :
         {"pass", "conditional_pass", "inconclusive", "conditional_fail", "fail", "not_applicable",
          "not_tested", "report_only", "limit_todo", "no_rule", "reference_not_fit", "error"}) {
      BOOST_TEST(finding_from(name).has_value());
      for (const char* table : {"finding.", "finding_text.", "sign."})
        BOOST_TEST(texts.has(std::string(table) + name));
    }
  }
}

BOOST_AUTO_TEST_CASE(replaces_what_it_knows_and_leaves_the_rest) {
  const Texts texts = load(Language::en);
  BOOST_TEST(texts("attempt.number", {{"number", "2"}, {"of", "{number}"}}) ==
             "Attempt 2 of {number}");
  BOOST_TEST(texts("attempt.number", {}) == "Attempt {number} of {of}");
  BOOST_TEST(texts("no.such") == "[?no.such]");
  BOOST_TEST(texts.word("input", "job") == "Job file");
  BOOST_TEST(texts.word("input", "<other>") == "<other>");
}

BOOST_AUTO_TEST_CASE(picks_the_other_language_rather_than_nothing) {
  BOOST_TEST(load(Language::en).pick({"中", "e"}) == "e");
  BOOST_TEST(load(Language::en).pick({"中", ""}) == "中");
  BOOST_TEST(load(Language::zh_cn).pick({"", "e"}) == "e");
}

BOOST_AUTO_TEST_SUITE_END()
