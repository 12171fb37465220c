#include "reports/html/numbers.h"

#include <cmath>

#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

std::string shown(double value, int digits) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  return number(value, digits);
}

std::string unit_text(Unit unit) {
  std::string_view symbol = unit.symbol();
  if (symbol.starts_with("1/")) symbol.remove_prefix(1);
  return std::string(symbol);
}

std::string with_unit(double value, Unit unit, int digits) {
  const std::string text = std::isnan(value) ? "" : unit_text(unit);
  return cat(shown(value, digits), text.empty() ? "" : " ", text);
}

std::string limit_text(std::string text) {
  const std::size_t blank = text.rfind(' ');
  if (blank != text.npos)
    if (const auto unit = Unit::parse(std::string_view(text).substr(blank + 1)))
      if (*unit != Unit()) text.replace(blank + 1, text.npos, unit_text(*unit));
  replace_all(text, "<=", "≤");
  replace_all(text, ">=", "≥");
  return text;
}

std::string span(Stamp from, Stamp to) {
  return cat(shown(from.seconds()), " s – ", shown(to.seconds()), " s");
}

}  // namespace carebench::html
