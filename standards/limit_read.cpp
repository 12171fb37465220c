// From YAML to a Limit: inline in a profile, or an entry of the limits library.
#include <array>

#include "standards/limit.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench {
namespace {

constexpr std::string_view folder = "standards/limits/", extension = ".yaml";
constexpr std::array<std::string_view, 7> ops = {"<=", "<", ">=", ">", "abs<=", "within", "=="};
constexpr std::array<std::string_view, 4> kinds = {"standard", "claim", "laboratory", "catalogue"};
constexpr std::array<std::string_view, 4> confidences = {"V", "V2", "W", "U"};
constexpr std::array<std::string_view, 3> statuses = {"todo", "none", "declared"};
constexpr std::array<std::string_view, 3> ons = {"estimate", "interval_low", "interval_high"};
constexpr std::int64_t most_samples = 1'000'000'000;

std::string date_or_empty(yaml::MapReader& map, std::string_view key, Problems& problems) {
  std::string text = map.text_or(key, "");
  if (!text.empty() && !parse_date(text))
    map.optional(key).problem(
        problems, cat('"', printable(text), "\" is no date: write it as ", "\"2026-03-01\""));
  return text;
}

void read_details(yaml::MapReader& map, LimitSource& source, Problems& problems) {
  source.clause = map.text_or("clause", source.clause);
  source.edition = map.text_or("edition", source.edition);
  if (map.has("valid_from")) source.valid_from = date_or_empty(map, "valid_from", problems);
  if (map.has("valid_to")) source.valid_to = date_or_empty(map, "valid_to", problems);
  if (map.has("confidence")) source.confidence = confidences[map.choice("confidence", confidences)];
}

LimitSource read_document(yaml::Node node, Problems& problems) {
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

// What an entry's source does not say stands in the file's `document`.
LimitSource read_source(yaml::Node node, Problems& problems, const LimitSource* file) {
  LimitSource source = file ? *file : LimitSource{};
  if (!node) return source;
  yaml::MapReader map(node, problems);
  if (!file || map.has("kind")) source.kind = static_cast<SourceKind>(map.choice("kind", kinds));
  if (!file || map.has("document")) source.document = map.text("document");
  read_details(map, source, problems);
  return source;
}

bool is_not_finite(std::string_view text) {
  std::string word = lower(text);
  std::erase_if(word, [](char c) { return c == '.' || c == '+' || c == '-'; });
  return word == "nan" || word == "inf" || word == "infinity";
}

void read_equals(yaml::MapReader& map, Limit& limit, Problems& problems) {
  const yaml::Node value = map.required("value");
  if (!value) return;
  const bool scalar = value.kind() == yaml::Kind::scalar && !value.is_null();
  if (scalar && !value.quoted() && (value.text() == "true" || value.text() == "false")) {
    limit.equals = Limit::Equals::truth;
    limit.truth = value.text() == "true";
  } else if (scalar && !value.quoted() &&
             (parse_double(value.text()) || is_not_finite(value.text()))) {
    limit.value = yaml::to_number(value, problems);
  } else {
    limit.equals = Limit::Equals::text;
    limit.text_value = yaml::to_text(value, problems);
  }
  if (limit.equals != Limit::Equals::number && map.has("unit"))
    map.optional("unit").problem(problems, "a limit that is no number has no unit");
}

void read_bound(yaml::MapReader& map, Limit& limit, Problems& problems) {
  limit.comparison = static_cast<Comparison>(map.choice("op", ops));
  if (limit.comparison == Comparison::equals) return read_equals(map, limit, problems);
  if (limit.comparison != Comparison::within) {
    limit.value = map.number("value");
    if (limit.comparison == Comparison::abs_le && limit.value < 0)
      map.optional("value").problem(problems, "nothing has an absolute value below zero");
    return;
  }
  limit.low = map.number("low");
  limit.high = map.number("high");
  if (limit.low > limit.high)
    map.optional("low").problem(
        problems, cat("low (", limit.low, ") is above high (", limit.high, "): swap them"));
}

void read_rule(yaml::MapReader& map, Limit& limit, Problems& problems) {
  if (!map.has("rule")) return;
  const std::vector<std::string_view> ids = decision_rule_ids();
  limit.rule = decision_rule_from(ids[map.choice("rule", ids)]);
  if (limit.rule == DecisionRule::inherent && limit.source.kind != SourceKind::standard)
    map.optional("rule").problem(problems,
                                 "only a standard has an inherent rule: name another rule, or "
                                 "leave it to the job");
}

void read_status(yaml::MapReader& map, Limit& limit, Problems& problems) {
  constexpr std::array values = {LimitStatus::todo, LimitStatus::none, LimitStatus::declared};
  limit.status = values[map.choice("status", statuses)];
  for (std::string_view key : {"op", "value", "low", "high"})
    if (map.has(key))
      map.optional(key).problem(
          problems, cat("a limit with \"status: ", to_string(limit.status), "\" carries no \"", key,
                        "\": leave out one of the two"));
}

Limit read(const yaml::Node& node, Problems& problems, std::string id, const LimitSource* file) {
  yaml::MapReader map(node, problems);
  Limit limit;
  limit.id = std::move(id);
  if (file) map.optional("id");
  const yaml::Node source = map.optional("source");
  if (!source && !file)
    map.problem(
        "the limit names no source: add \"source: {kind: standard, claim or laboratory, "
        "document: …}\"");
  limit.source = read_source(source, problems, file);
  limit.quantity = map.text_or("quantity", "");
  limit.statistic = map.text_or("statistic", "");
  limit.range = map.text_or("range", "");
  limit.sample = map.text_or("sample", "");
  limit.note = map.text_or("note", "");
  limit.unit = map.unit_or("unit", Unit());
  if (map.has("status"))
    read_status(map, limit, problems);
  else
    read_bound(map, limit, problems);
  if (limit.source.confidence == "U" && limit.status == LimitStatus::established)
    map.problem(
        "a number of confidence U is not established and cannot be a limit: write "
        "\"status: todo\"");
  read_rule(map, limit, problems);
  limit.on = static_cast<Limit::On>(map.choice_or("on", ons, 0));
  limit.min_samples = map.integer_or("min_samples", 1, most_samples, 0);
  const bool one_sided = limit.comparison <= Comparison::gt;
  if (limit.on != Limit::On::estimate && limit.status == LimitStatus::established && !one_sided)
    map.optional("on").problem(problems,
                               "one end of an interval meets a one-sided limit only: <=, <, >=, >");
  if (limit.equals != Limit::Equals::number && map.has("min_samples"))
    map.optional("min_samples").problem(problems, "a sample plan is for numbers");
  return limit;
}

std::string file_id(std::string_view path) {
  path.remove_prefix(folder.size());
  path.remove_suffix(extension.size());
  return std::string(path);
}

tl::unexpected<Error> not_found(std::string_view what, std::string_view id,
                                const std::vector<std::string>& candidates) {
  return fail(Errc::not_found, Blame::profile,
              cat("the limits library has no ", what, " \"", printable(id), '"',
                  suggestion(id, candidates)));
}

}  // namespace

Limit read_limit(const yaml::Node& node, Problems& problems, std::string id) {
  return read(node, problems, std::move(id), nullptr);
}

Result<std::vector<Limit>> LimitLibrary::read_all(const yaml::Document& document) {
  Problems problems;
  std::vector<Limit> limits;
  yaml::MapReader file(document.root(), problems);
  const std::string id = file.text("limits");
  const LimitSource source = read_document(file.required("document"), problems);
  for (const yaml::Node& entry : file.list("entries")) {
    const yaml::Node name = entry.find("id");
    if (!name) {
      entry.problem(problems, "the entry has no \"id\"");
      continue;
    }
    Limit limit = read(entry, problems, cat(id, "/", yaml::to_text(name, problems)), &source);
    for (const Limit& earlier : limits)
      if (earlier.id == limit.id)
        name.problem(problems, cat("the id \"", limit.id, "\" stands twice in this file"));
    limits.push_back(std::move(limit));
  }
  file.finish();
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return limits;
}

std::vector<std::string> LimitLibrary::files() {
  std::vector<std::string> ids;
  for (const ShippedFile& file : shipped_files(folder)) ids.push_back(file_id(file.path));
  return ids;
}

Result<Limit> LimitLibrary::find(std::string_view id) const {
  const std::string_view name = id.substr(0, id.find('/'));
  auto known = read_.find(name);
  if (known == read_.end()) {
    const auto file = shipped_file(cat(folder, name, extension));
    if (!file) return not_found("file", name, files());
    const auto document = yaml::Document::parse(std::string(file->path), std::string(file->text));
    if (!document) return tl::unexpected(document.error());
    Result<std::vector<Limit>> limits = read_all(**document);
    if (!limits) return tl::unexpected(limits.error());
    known = read_.emplace(name, std::move(*limits)).first;
  }
  std::vector<std::string> ids;
  for (const Limit& limit : known->second) {
    if (limit.id == id) return limit;
    ids.push_back(limit.id);
  }
  return not_found("limit", id, ids);
}

}  // namespace carebench
