// Names, octets, codes and scales of the protocol reader.
#include <algorithm>
#include <cmath>

#include "probes/protocol_parse.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_parse {
namespace {

constexpr std::size_t most_codes = 1000;  // a file from outside may hold as many as it likes

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// 1/scale when that is a whole number, so that decimal fractions stay decimal.
Scaling scaled_by(double scale) {
  Scaling s;
  const double inverse = std::round(1 / scale);
  if (std::fabs(scale) < 1 && std::fabs(inverse * scale - 1) < 1e-12) {
    s.per = inverse;
  } else {
    s.times = scale;
  }
  return s;
}

}  // namespace

std::string name(yaml::MapReader& reader, std::string_view key, Problems& problems) {
  std::string text = reader.text(key);
  const yaml::Node node = reader.optional(key);
  if (node && !text.empty() && !is_name(text))
    node.problem(problems, cat("a name has letters, digits and \"_\" only, and this is \"",
                               printable(text), '"'));
  return text;
}

Bytes octets(const yaml::Node& node, Problems& problems) {
  if (!node) return {};
  const std::string text = yaml::to_text(node, problems);
  std::optional<Bytes> octets = from_hex(text);
  if (octets && !octets->empty()) return std::move(*octets);
  if (!text.empty())
    node.problem(problems, cat("octets are written as hexadecimal digits in quotes, \"53 59\", ",
                               "and this is \"", printable(text), '"'));
  return {};
}

std::vector<CodeName> codes(const yaml::Node& node, double low, double high, Problems& problems) {
  std::vector<CodeName> out;
  if (!node) return out;
  if (node.kind() != yaml::Kind::map) {
    node.problem(problems, "codes and their names must be a map, {0: none, 1: moving}");
    return out;
  }
  const auto entries = node.entries();
  if (entries.size() > most_codes) {
    node.problem(problems, cat("these are more than ", most_codes, " codes"));
    return out;
  }
  for (const auto& [key, value] : entries) {
    const bool whole = key.text().find('.') == std::string::npos;
    const double code =
        whole ? static_cast<double>(yaml::to_integer(key, problems, INT32_MIN, UINT32_MAX))
              : yaml::to_number(key, problems);
    const std::string text = yaml::to_text(value, problems);
    if (text.empty()) continue;
    if (code < low || code > high)
      key.problem(problems,
                  cat("the code ", code, " never comes: the field holds ", low, " to ", high));
    for (const CodeName& other : out) {
      if (other.code == code)
        key.problem(problems, cat("the code ", code, " already means \"", other.name, '"'));
      if (other.name == text)
        value.problem(problems,
                      cat('"', printable(text), "\" is already the name of code ", other.code));
    }
    out.push_back({code, text});
  }
  return out;
}

void codes_differ(const std::vector<CodeName>& special, const std::vector<CodeName>& values,
                  const yaml::Node& at, Problems& problems) {
  for (const CodeName& a : special)
    for (const CodeName& b : values) {
      if (a.code == b.code)
        at.problem(problems, cat("the code ", a.code, " is both a special value and a value"));
      if (a.name == b.name)
        at.problem(problems, cat('"', a.name, "\" names both a special value and a value"));
    }
}

Scaling scaling(yaml::MapReader& reader, Problems& problems) {
  const double scale = reader.number_or("scale", 1);
  if (scale == 0) {
    reader.optional("scale").problem(problems, "a scale of 0 leaves nothing of the value");
    return {};
  }
  Scaling s = scaled_by(scale);
  s.plus = reader.number_or("offset", 0);
  s.identity = s.times == 1 && s.per == 1 && s.plus == 0;
  return s;
}

}  // namespace carebench::protocol_parse
