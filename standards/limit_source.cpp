#include "standards/limit_source.h"

#include <array>

#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 4> kinds = {"standard", "claim", "laboratory", "catalogue"};
constexpr std::array<std::string_view, 4> confidences = {"V", "V2", "W", "U"};

void read_date(yaml::MapReader& map, std::string_view key, std::string& date, Problems& problems) {
  if (!map.has(key)) return;
  date = map.text(key);
  if (!date.empty() && !parse_date(date))
    map.optional(key).problem(
        problems, cat('"', printable(date), "\" is no date: write it as ", "\"2026-03-01\""));
}

void read_details(yaml::MapReader& map, LimitSource& source, Problems& problems) {
  source.clause = map.text_or("clause", source.clause);
  source.edition = map.text_or("edition", source.edition);
  source.successor = map.text_or("successor", source.successor);
  read_date(map, "valid_from", source.valid_from, problems);
  read_date(map, "valid_to", source.valid_to, problems);
  if (!source.valid_to.empty() && source.valid_from > source.valid_to)
    map.problem(cat("in force from ", source.valid_from, " to ", source.valid_to,
                    ": the dates are upside down"));
  if (map.has("confidence")) source.confidence = confidences[map.choice("confidence", confidences)];
}

}  // namespace

LimitSource read_document_source(const yaml::Node& node, Problems& problems) {
  LimitSource source;
  if (!node) return source;
  yaml::MapReader map(node, problems);
  source.kind = static_cast<SourceKind>(map.choice("kind", kinds));
  source.document = map.text("id");
  source.title = map.text2_or_empty("title");
  read_details(map, source, problems);
  if (source.kind == SourceKind::standard && source.confidence.empty())
    map.problem("the document needs a \"confidence\": V, V2, W or U");
  return source;
}

LimitSource read_entry_source(const yaml::Node& node, Problems& problems, const LimitSource* file) {
  LimitSource source = file ? *file : LimitSource{};
  if (!node) return source;
  yaml::MapReader map(node, problems);
  const bool other = map.has("document");
  if (other && file) {  // the edition and the dates of the file are another document's
    source = {};
    source.kind = file->kind;
    if (!map.has("kind") || map.optional("kind").text() == to_string(file->kind))
      source.confidence = file->confidence;
  }
  if (!file || map.has("kind")) source.kind = static_cast<SourceKind>(map.choice("kind", kinds));
  if (!file || other) source.document = map.text("document");
  source.title = map.has("title") ? map.text2("title") : source.title;
  read_details(map, source, problems);
  return source;
}

}  // namespace carebench
