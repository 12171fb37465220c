#include "profiles/params.h"

#include <algorithm>
#include <cassert>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::int64_t any_integer = std::int64_t{1} << 53;

bool in_range(const ParamSpec& spec, double value, const yaml::Node& node, Problems& problems) {
  if (value >= spec.low && value <= spec.high) return true;
  node.problem(problems, cat(spec.name, " is out of range: ", value, " is not within ", spec.low,
                             " … ", spec.high));
  return false;
}

}  // namespace

Params Params::read(const yaml::Node& with, std::span<const ParamSpec> specs, Problems& problems,
                    const yaml::Node& step) {
  Params params;
  std::vector<std::string_view> names;
  for (const auto& spec : specs) names.push_back(spec.name);
  if (with && with.kind() != yaml::Kind::map) {
    with.problem(problems, "with: must be a map of parameters");
    return params;
  }
  if (with)
    for (const auto& [key, value] : with.entries())
      if (std::find(names.begin(), names.end(), key.text()) == names.end())
        key.problem(problems, cat("the check has no parameter \"", key.text(), "\"",
                                  suggestion(key.text(), names)));
  for (const auto& spec : specs) {
    yaml::Node node = with ? with.find(spec.name) : yaml::Node();
    Value value;
    value.kind = spec.kind;
    std::shared_ptr<const yaml::Document> fallback;
    if (!node) {
      if (spec.required)
        (with ? with : step)
            .problem(problems,
                     cat("the check needs the parameter \"", spec.name, "\": ", spec.summary));
      if (spec.fallback.empty()) {
        params.values_.emplace(spec.name, std::move(value));
        continue;
      }
      auto document = yaml::Document::parse("fallback", cat("value: ", spec.fallback));
      assert(document && "a fallback is sound YAML");
      fallback = *document;
      node = fallback->root().find("value");
    } else {
      value.given = node;
    }
    value.set = true;
    switch (spec.kind) {
      case ParamKind::text:
      case ParamKind::file:
        value.text = yaml::to_text(node, problems);
        break;
      case ParamKind::number:
        value.number = yaml::to_number(node, problems);
        in_range(spec, value.number, node, problems);
        break;
      case ParamKind::integer:
        value.integer = yaml::to_integer(node, problems, -any_integer, any_integer);
        in_range(spec, static_cast<double>(value.integer), node, problems);
        break;
      case ParamKind::duration:
        value.integer = yaml::to_duration(node, problems).ns;
        break;
      case ParamKind::boolean:
        value.integer = yaml::to_boolean(node, problems);
        break;
      case ParamKind::unit:
        value.unit = yaml::to_unit(node, problems);
        break;
      case ParamKind::texts:
      case ParamKind::numbers:
      case ParamKind::durations: {
        std::vector<yaml::Node> items;
        if (node.kind() == yaml::Kind::list)
          items = node.items();
        else
          items.push_back(node);
        for (const auto& item : items) {
          if (spec.kind == ParamKind::texts) value.texts.push_back(yaml::to_text(item, problems));
          if (spec.kind == ParamKind::numbers)
            value.numbers.push_back(yaml::to_number(item, problems));
          if (spec.kind == ParamKind::durations)
            value.numbers.push_back(yaml::to_duration(item, problems).seconds());
        }
        break;
      }
      case ParamKind::tree:
        value.tree = node;
        break;
    }
    params.values_.emplace(spec.name, std::move(value));
  }
  return params;
}

const Params::Value& Params::find(std::string_view name) const {
  const auto it = values_.find(name);
  assert(it != values_.end() && "a check asks for its declared parameters only");
  return it->second;
}

bool Params::has(std::string_view name) const { return find(name).set; }
const std::string& Params::text(std::string_view name) const { return find(name).text; }
double Params::number(std::string_view name) const { return find(name).number; }
std::int64_t Params::integer(std::string_view name) const { return find(name).integer; }
Duration Params::duration(std::string_view name) const { return {find(name).integer}; }
bool Params::boolean(std::string_view name) const { return find(name).integer != 0; }
Unit Params::unit(std::string_view name) const { return find(name).unit; }
const std::vector<std::string>& Params::texts(std::string_view name) const {
  return find(name).texts;
}
const std::vector<double>& Params::numbers(std::string_view name) const {
  return find(name).numbers;
}
yaml::Node Params::tree(std::string_view name) const { return find(name).tree; }
Origin Params::at(std::string_view name) const {
  const auto& value = find(name);
  return value.given ? value.given.at() : Origin{};
}
void Params::problem(std::string_view name, const Origin& step, std::string message,
                     Problems& problems) const {
  if (const auto& value = find(name); value.given)
    value.given.problem(problems, message);
  else
    problems.add(step, std::move(message));
}

}  // namespace carebench
