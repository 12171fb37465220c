// The typed scalars of yaml.h.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "standards/vocab/text.h"
#include "standards/vocab/yaml_data.h"

namespace carebench::yaml {
namespace {

std::string shown(const Node& node) { return yaml::shown(node.text()); }

std::string found(const Node& node) {
  if (node.kind() == Kind::list) return "a list";
  if (node.kind() == Kind::map) return "a map";
  if (node.is_null()) return "empty";
  return shown(node);
}

// A missing node was already reported by whoever looked for it.
bool is_value(const Node& node, std::string_view wanted, Problems& problems) {
  if (!node) return false;
  if (node.kind() == Kind::scalar && !node.is_null()) return true;
  node.problem(problems, cat("this must be ", wanted, ", and is ", found(node)));
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// -?[0-9]+(.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_decimal(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  std::size_t end = skip_digits(text, at);
  if (end == at) return false;
  if (end < text.size() && text[end] == '.') {
    at = end + 1;
    end = skip_digits(text, at);
    if (end == at) return false;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    at = end + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    end = skip_digits(text, at);
    if (end == at) return false;
  }
  return end == text.size();
}

// 010 is eight to some readers and ten to others.
bool is_ambiguous(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

bool is_not_finite(std::string_view text) {
  std::string word = lower(text);
  std::erase_if(word, [](char c) { return c == '.' || c == '+' || c == '-'; });
  return word == "inf" || word == "infinity" || word == "nan";
}

std::string without_zeros(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  while (text.size() > 1 && text[0] == '0' && is_digit(text[1])) text.remove_prefix(1);
  return cat(negative ? "-" : "", text);
}

// What is wrong with a number's text, or "".
std::string number_problem(const Node& node) {
  const std::string& text = node.text();
  if (node.quoted()) return cat(shown(node), " is a text: a number stands without quotes");
  if (is_not_finite(text)) return cat("a number must be finite, and this is ", shown(node));
  if (is_ambiguous(text))
    return cat("a number with a leading zero is ambiguous (octal or decimal?), write ",
               is_decimal(without_zeros(text)) ? without_zeros(text) : "it without");
  if (text.starts_with('+') && is_decimal(text.substr(1)))
    return cat("a number has no leading \"+\", write ", text.substr(1));
  if (text.starts_with('.') && is_decimal("0" + text)) return cat("write 0", text);
  if (!is_decimal(text)) return cat(shown(node), " is no number");
  return {};
}

bool is_hex(std::string_view text) { return text.starts_with("0x") || text.starts_with("0X"); }

// People know units by what is printed on a device; the file wants the UCUM code.
struct Colloquial {
  std::string_view said, code;
};
constexpr std::array colloquial = {
    Colloquial{"bpm", "/min"},    Colloquial{"rpm", "/min"},     Colloquial{"次/分", "/min"},
    Colloquial{"次/min", "/min"}, Colloquial{"次/分钟", "/min"}, Colloquial{"℃", "Cel"},
    Colloquial{"degC", "Cel"},    Colloquial{"C", "Cel"},        Colloquial{"degF", "[degF]"},
    Colloquial{"F", "[degF]"},    Colloquial{"℉", "[degF]"},     Colloquial{"sec", "s"},
    Colloquial{"hour", "h"},      Colloquial{"day", "d"},        Colloquial{"ohm", "Ohm"},
    Colloquial{"byte", "By"},     Colloquial{"bytes", "By"},     Colloquial{"percent", "%"},
    Colloquial{"knot", "[kn_i]"}, Colloquial{"kg/m^2", "kg/m2"},
};

std::string unit_suggestion(std::string_view text) {
  for (const Colloquial& row : colloquial)
    if (row.said == text) return cat(", write \"", row.code, "\"");
  const std::vector<std::string_view> codes = Unit::codes();
  for (std::string_view code : codes)
    if (Unit::parse(code)->symbol() == text) return cat(", write \"", code, "\"");
  return suggestion(text, std::span<const std::string_view>(codes));
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr int most = 60;
  std::size_t at = 0;
  for (int i = 0; i < most && at < text.size(); ++i) next_character(text, at);
  return cat('"', printable(text.substr(0, at)), at < text.size() ? "…" : "", '"');
}

double to_number(const Node& node, Problems& problems) {
  if (!is_value(node, "a number", problems)) return 0;
  std::string problem = number_problem(node);
  if (!problem.empty() && !node.quoted() && is_hex(node.text()))
    problem = cat(shown(node), " is hexadecimal: write a decimal number here");
  const std::optional<double> value = parse_double(node.text());
  if (problem.empty() && !value) problem = cat(shown(node), " is too large or too small to hold");
  if (problem.empty()) return *value;
  node.problem(problems, std::move(problem));
  return 0;
}

std::int64_t to_integer(const Node& node, Problems& problems, std::int64_t low, std::int64_t high) {
  if (!is_value(node, "a whole number", problems)) return low;
  const std::string& text = node.text();
  std::string problem;
  std::optional<std::int64_t> value;
  if (!node.quoted() && is_hex(text)) {
    std::int64_t parsed = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 2, end, parsed, 16);
    if (error == std::errc() && stop == end && text[2] != '-') value = parsed;
    if (!value) problem = cat(shown(node), " is no number");
  } else {
    problem = number_problem(node);
    value = parse_int(text);
    if (problem.empty() && text.find_first_of(".eE") != text.npos)
      problem = cat(shown(node), " is no whole number");
  }
  if (problem.empty() && (!value || *value < low || *value > high))
    problem = cat(shown(node), " is out of range: ", low, " to ", high);
  if (problem.empty()) return *value;
  node.problem(problems, std::move(problem));
  return low;
}

bool to_boolean(const Node& node, Problems& problems) {
  if (!is_value(node, "true or false", problems)) return false;
  const std::string& text = node.text();
  if (!node.quoted() && (text == "true" || text == "false")) return text == "true";
  node.problem(problems, cat("this must be true or false (without quotes), and is ", shown(node)));
  return false;
}

std::string to_text(const Node& node, Problems& problems) {
  return is_value(node, "a text", problems) ? node.text() : std::string();
}

Duration to_duration(const Node& node, Problems& problems) {
  if (!is_value(node, "a duration such as \"20 s\"", problems)) return {};
  const std::string& text = node.text();
  const std::optional<Duration> duration = parse_duration(text);
  if (duration && duration->ns >= 0) return *duration;
  if (duration)
    node.problem(problems, cat("a duration cannot be negative, and this is ", shown(node)));
  else if (parse_double(text))
    node.problem(problems, cat("the unit is missing: write \"", text, " s\" or \"", text, " ms\""));
  else
    node.problem(problems, cat(shown(node),
                               " is no duration: write a number and one of ns, us, ms, "
                               "s, min, h, d, such as \"20 s\""));
  return {};
}

Unit to_unit(const Node& node, Problems& problems) {
  if (node && node.kind() != Kind::scalar) {
    node.problem(problems,
                 "this must be a unit: put a code with brackets or braces in quotes, "
                 "such as \"[degF]\" or \"{beat}\"");
    return {};
  }
  if (!is_value(node, "a unit such as \"mm[Hg]\"", problems)) return {};
  if (const std::optional<Unit> unit = Unit::parse(node.text())) return *unit;
  node.problem(problems,
               cat("the unit ", shown(node), " is unknown", unit_suggestion(node.text())));
  return {};
}

Text2 to_text2(const Node& node, Problems& problems) {
  if (!node) return {};
  if (node.kind() != Kind::map) {
    node.problem(
        problems,
        cat("this must be a text in both languages, {zh: \"…\", en: \"…\"}, and is ", found(node)));
    return {};
  }
  MapReader reader(node, problems);
  Text2 text{reader.text("zh"), reader.text("en")};
  for (std::string_view key : {"zh", "en"}) {
    const Node value = node.find(key);
    if (value && value.kind() == Kind::scalar && !value.is_null() && trim(value.text()).empty())
      value.problem(problems, "this text must not be blank");
  }
  return text;
}

}  // namespace carebench::yaml
