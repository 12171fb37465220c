#include "reports/html/texts.h"

#include <algorithm>

#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench {

Result<Texts> Texts::load(Language language) {
  const std::string_view ending = language == Language::zh_cn ? ".zh-CN.yaml" : ".en.yaml";
  Texts texts;
  texts.language_ = language;
  Problems problems;
  for (const ShippedFile& file : shipped_files("reports/html/")) {
    if (!file.path.ends_with(ending)) continue;
    const auto document = yaml::Document::parse(std::string(file.path), std::string(file.text));
    if (!document) return tl::unexpected(document.error());
    for (const auto& [section, words] : (*document)->root().entries())
      for (const auto& [word, text] : words.entries())
        texts.rows_.emplace_back(cat(section.text(), ".", word.text()),
                                 yaml::to_text(text, problems));
  }
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  std::sort(texts.rows_.begin(), texts.rows_.end());
  const auto twice =
      std::adjacent_find(texts.rows_.begin(), texts.rows_.end(),
                         [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice != texts.rows_.end())
    return fail(Errc::internal, Blame::tool, cat("the text ", twice->first, " stands twice"));
  if (texts.rows_.empty())
    return fail(Errc::internal, Blame::tool, "no texts of the report are in this program");
  return texts;
}

const std::string* Texts::find(std::string_view key) const {
  const auto at =
      std::lower_bound(rows_.begin(), rows_.end(), key,
                       [](const auto& row, std::string_view k) { return row.first < k; });
  return at != rows_.end() && at->first == key ? &at->second : nullptr;
}

std::string Texts::operator()(std::string_view key) const {
  const std::string* text = find(key);
  return text ? *text : cat("[?", key, "]");
}

std::string Texts::operator()(
    std::string_view key,
    std::initializer_list<std::pair<std::string_view, std::string>> replacements) const {
  const std::string text = (*this)(key);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '{' ? text.find('}', at) : text.npos;
    const auto* found = replacements.end();
    if (end != text.npos) {
      const std::string_view name = std::string_view(text).substr(at + 1, end - at - 1);
      found = std::find_if(replacements.begin(), replacements.end(),
                           [&](const auto& pair) { return pair.first == name; });
    }
    if (found != replacements.end()) {
      out += found->second;
      at = end + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string Texts::word(std::string_view table, std::string_view word) const {
  const std::string* text = find(cat(table, ".", word));
  return text ? *text : std::string(word);
}

bool Texts::has(std::string_view key) const { return find(key) != nullptr; }

const std::string& Texts::pick(const Text2& text) const {
  const bool chinese = language_ == Language::zh_cn;
  const std::string& mine = chinese ? text.zh : text.en;
  return mine.empty() ? (chinese ? text.en : text.zh) : mine;
}

}  // namespace carebench
