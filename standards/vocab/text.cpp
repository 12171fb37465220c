#include "standards/vocab/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace carebench {
namespace {

// The longest word worth a guess: the edit distance is quadratic and the text may be hostile.
constexpr std::size_t longest_guess = 64;

struct Decimal {
  bool negative = false;
  std::string digits;  // without leading or trailing zeros
  int exponent = 0;    // of the first digit
};

double to_double(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Decimal shortest(double value) {
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  Decimal out;
  for (char c : text.substr(0, e)) {
    if (c == '-') out.negative = true;
    if (c >= '0' && c <= '9') out.digits += c;
  }
  while (out.digits.size() > 1 && out.digits.back() == '0') out.digits.pop_back();
  std::string_view exponent = text.substr(e + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
  return out;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::u32string characters(std::string_view utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) out += next_character(utf8, at).value_or(U'\uFFFD');
  return out;
}

// Optimal string alignment: a swap of neighbours is one mistake, as it is under a human's fingers.
std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

double round_significant(double value, int digits) {
  if (!std::isfinite(value) || value == 0) return value;
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific, std::clamp(digits, 1, 17) - 1)
                       .ptr;
  return to_double({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

std::string number(double value, int digits) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  const double rounded = round_significant(value, digits);
  if (rounded == 0) return "0";
  const Decimal decimal = shortest(rounded);
  const int count = static_cast<int>(decimal.digits.size());
  std::string out = decimal.negative ? "-" : "";
  if (decimal.exponent < -6 || decimal.exponent > 20) {
    out += decimal.digits[0];
    if (count > 1) out += "." + decimal.digits.substr(1);
    return out + "e" + std::to_string(decimal.exponent);
  }
  if (decimal.exponent < 0)
    return out + "0." + std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0') +
           decimal.digits;
  const auto whole = static_cast<std::size_t>(decimal.exponent + 1);
  if (decimal.exponent + 1 >= count)
    return out + decimal.digits + std::string(whole - decimal.digits.size(), '0');
  return out + decimal.digits.substr(0, whole) + "." + decimal.digits.substr(whole);
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool starts_with_icase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && lower(text.substr(0, prefix.size())) == lower(prefix);
}

std::optional<double> parse_double(std::string_view text) {
  const std::string_view unsigned_part = text.starts_with('-') ? text.substr(1) : text;
  if (unsigned_part.empty()) return std::nullopt;
  const char first = unsigned_part.front();
  if (first != '.' && (first < '0' || first > '9')) return std::nullopt;  // inf, nan
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string_view> candidates) {
  if (word.size() > longest_guess) return std::nullopt;
  const std::u32string wanted = characters(lower(word));
  std::optional<std::string> best;
  std::size_t best_distance = longest_guess;
  for (std::string_view candidate : candidates) {
    if (candidate.size() > longest_guess) continue;
    const std::u32string offered = characters(lower(candidate));
    const std::size_t longer = std::max(wanted.size(), offered.size());
    if (3 * (longer - std::min(wanted.size(), offered.size())) > longer) continue;
    const std::size_t distance = edit_distance(wanted, offered);
    if (3 * distance > longer || distance >= best_distance) continue;
    best = std::string(candidate);
    best_distance = distance;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const std::optional<std::string> near = nearest(word, candidates);
  return near ? cat(", did you mean \"", *near, "\"?") : std::string();
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  return suggestion(word, std::span<const std::string_view>(views));
}

}  // namespace carebench
