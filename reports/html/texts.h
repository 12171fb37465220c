// The words of the report in one language, read from all reports/html/*.<language>.yaml: maps of
// maps, found as "section.word". Both languages hold the same keys, none twice; a section may go on
// in another file.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/renderer.h"
#include "standards/vocab/error.h"
#include "standards/vocab/yaml.h"

namespace carebench {

class Texts {
 public:
  static Result<Texts> load(Language language);

  // The text; "[?key]" where there is none, which a test looks for.
  std::string operator()(std::string_view key) const;
  // The text with each {name} replaced.
  std::string operator()(
      std::string_view key,
      std::initializer_list<std::pair<std::string_view, std::string>> replacements) const;
  // The text of "<table>.<word>"; the word itself where the table does not know it.
  std::string word(std::string_view table, std::string_view word) const;
  bool has(std::string_view key) const;

  // What the record says in this language, or in the other where it says nothing in this one.
  const std::string& pick(const Text2& text) const;
  Language language() const { return language_; }
  const std::vector<std::pair<std::string, std::string>>& all() const { return rows_; }

 private:
  const std::string* find(std::string_view key) const;
  std::vector<std::pair<std::string, std::string>> rows_;  // sorted by key
  Language language_ = Language::zh_cn;
};

}  // namespace carebench
