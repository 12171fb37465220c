// MapReader of yaml.h: one map, key by key.
#include <algorithm>
#include <utility>

#include "standards/vocab/text.h"
#include "standards/vocab/yaml_data.h"

namespace carebench::yaml {
namespace {

std::vector<Node> to_list(const Node& node, std::string_view key, Problems& problems) {
  if (!node || node.kind() == Kind::list) return node.items();
  node.problem(problems, cat("\"", key,
                             "\" must be a list: write [a, b], or one \"- \" line for "
                             "each item"));
  return {};
}

std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (std::string_view word : words) out += cat(out.empty() ? "" : ", ", word);
  return out;
}

std::size_t to_choice(const Node& node, std::span<const std::string_view> allowed,
                      std::size_t fallback, Problems& problems) {
  if (!node) return fallback;
  if (node.kind() != Kind::scalar || node.is_null()) {
    node.problem(problems, cat("this must be one of ", listed(allowed)));
    return fallback;
  }
  const auto found = std::find(allowed.begin(), allowed.end(), node.text());
  if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
  node.problem(problems, cat(shown(node.text()), " is not one of ", listed(allowed),
                             suggestion(node.text(), allowed)));
  return fallback;
}

}  // namespace

MapReader::MapReader(Node node, Problems& problems) : node_(node), problems_(problems) {
  if (node_ && node_.kind() != Kind::map)
    problem(cat("this must be a map of \"key: value\" entries", colon_hint(node_.text())));
}

MapReader::~MapReader() { finish(); }

void MapReader::know(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
}

bool MapReader::has(std::string_view key) { return static_cast<bool>(optional(key)); }

Node MapReader::optional(std::string_view key) {
  know(key);
  return node_.find(key);
}

Node MapReader::required(std::string_view key) {
  const Node value = optional(key);
  // Of what is no map, or not there, one problem was reported already.
  if (!value && node_ && node_.kind() == Kind::map)
    problem(cat("the key \"", key, "\" is missing in this map"));
  return value;
}

std::string MapReader::text(std::string_view key) { return to_text(required(key), problems_); }

std::string MapReader::text_or(std::string_view key, std::string fallback) {
  const Node value = optional(key);
  return value ? to_text(value, problems_) : std::move(fallback);
}

double MapReader::number(std::string_view key) { return to_number(required(key), problems_); }

double MapReader::number_or(std::string_view key, double fallback) {
  const Node value = optional(key);
  return value ? to_number(value, problems_) : fallback;
}

std::int64_t MapReader::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  return to_integer(required(key), problems_, low, high);
}

std::int64_t MapReader::integer_or(std::string_view key, std::int64_t low, std::int64_t high,
                                   std::int64_t fallback) {
  const Node value = optional(key);
  return value ? to_integer(value, problems_, low, high) : fallback;
}

bool MapReader::boolean_or(std::string_view key, bool fallback) {
  const Node value = optional(key);
  return value ? to_boolean(value, problems_) : fallback;
}

Duration MapReader::duration(std::string_view key) { return to_duration(required(key), problems_); }

Duration MapReader::duration_or(std::string_view key, Duration fallback) {
  const Node value = optional(key);
  return value ? to_duration(value, problems_) : fallback;
}

Unit MapReader::unit_or(std::string_view key, Unit fallback) {
  const Node value = optional(key);
  return value ? to_unit(value, problems_) : fallback;
}

Text2 MapReader::text2(std::string_view key) { return to_text2(required(key), problems_); }

Text2 MapReader::text2_or_empty(std::string_view key) { return to_text2(optional(key), problems_); }

std::size_t MapReader::choice(std::string_view key, std::span<const std::string_view> allowed) {
  return to_choice(required(key), allowed, 0, problems_);
}

std::size_t MapReader::choice_or(std::string_view key, std::span<const std::string_view> allowed,
                                 std::size_t fallback) {
  const Node value = optional(key);
  return value ? to_choice(value, allowed, 0, problems_) : fallback;
}

std::vector<Node> MapReader::list(std::string_view key) {
  return to_list(required(key), key, problems_);
}

std::vector<Node> MapReader::list_or_empty(std::string_view key) {
  return to_list(optional(key), key, problems_);
}

std::vector<std::string> MapReader::texts_or_empty(std::string_view key) {
  std::vector<std::string> texts;
  for (const Node& item : list_or_empty(key)) texts.push_back(to_text(item, problems_));
  return texts;
}

void MapReader::problem(std::string message) { node_.problem(problems_, std::move(message)); }

void MapReader::finish() {
  if (std::exchange(finished_, true)) return;
  for (const auto& [key, value] : node_.entries()) {
    if (std::find(known_.begin(), known_.end(), key.text()) != known_.end()) continue;
    key.problem(problems_, cat("unknown key ", shown(key.text()), suggestion(key.text(), known_)));
  }
}

}  // namespace carebench::yaml
