#include "reports/html/job.h"

#include "reports/html/numbers.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

const Json& member_at(const Json& job, std::string_view path) {
  const Json* value = &job;
  for (const std::string_view key : split(path, '.')) value = &(*value)[key];
  return *value;
}

bool says_nothing(const Json& value) {
  return value.is_null() || (value.is_string() && value.string().empty()) ||
         ((value.is_array() || value.is_object()) && value.size() == 0);
}

std::string quantity_text(const Json& value, const Texts& text) {
  const std::optional<Unit> unit = Unit::parse(value["unit"].string());
  const std::string symbol = unit ? unit_text(*unit) : value["unit"].string();
  std::string out = cat(told(value["value"], text), symbol.empty() ? "" : "\u00A0", symbol);
  for (const Json::Member& member : value.members())
    if (member.first != "value" && member.first != "unit")
      out += cat(" (", field_name(member.first, text), " ", told(member.second, text), ")");
  return out;
}

}  // namespace

const Json& job_at(const Json& job, std::initializer_list<std::string_view> paths) {
  static const Json nothing;
  for (const std::string_view path : paths)
    if (const Json& value = member_at(job, path); !says_nothing(value)) return value;
  return nothing;
}

std::string field_name(std::string_view key, const Texts& text) {
  if (text.has(cat("field.", key))) return text(cat("field.", key));
  std::string name(key);
  for (char& c : name)
    if (c == '_') c = ' ';
  return name;
}

std::string told(const Json& value, const Texts& text) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.string();
  if (value.is_bool()) return text(value.boolean() ? "value.yes" : "value.no");
  std::string out;
  const std::string separator = text("report.separator");
  for (const Json& item : value.items()) {
    if (!out.empty()) out += separator;
    out += told(item, text);
  }
  if (value.is_array()) return out;
  if (!value.is_object()) return value.dump();
  if (value.has("value") && value.has("unit")) return quantity_text(value, text);
  if (value.has("zh") && value.has("en"))
    return text.pick({value["zh"].string(), value["en"].string()});
  for (const Json::Member& member : value.members()) {
    if (says_nothing(member.second)) continue;
    if (!out.empty()) out += separator;
    if (member.first != "name") out += field_name(member.first, text) + text("report.colon");
    const bool nested = member.second.is_object() && !member.second.has("value");
    out += nested ? cat("(", told(member.second, text), ")") : told(member.second, text);
  }
  return out;
}

}  // namespace carebench::html
