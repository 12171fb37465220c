// Small text tools shared by all rooms: joining, numbers as text, hex, near misses.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace carebench {

// Chinese and English are equals.
struct Text2 {
  std::string zh, en;
  bool empty() const { return zh.empty() && en.empty(); }
};

// Shortest decimal text that reads back to `value` rounded to `digits` significant digits; "nan",
// "inf", "-inf" otherwise. Never locale-dependent. 12 digits is what derived numbers carry.
std::string number(double value, int digits = 12);
double round_significant(double value, int digits);

namespace detail {
inline void append(std::string& out, std::string_view s) { out += s; }
inline void append(std::string& out, const char* s) { out += s; }
inline void append(std::string& out, const std::string& s) { out += s; }
inline void append(std::string& out, char c) { out += c; }
inline void append(std::string& out, bool b) { out += b ? "true" : "false"; }
inline void append(std::string& out, double d) { out += number(d); }
template <class Int>
requires std::is_integral_v<Int>
void append(std::string& out, Int i) { out += std::to_string(i); }
}  // namespace detail

// cat("step ", 3, ": ", 1.5) == "step 3: 1.5"
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::string out;
  (detail::append(out, parts), ...);
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
bool starts_with_icase(std::string_view text, std::string_view prefix);

// The whole of `text` as a number, else nothing. No leading '+', no blanks, no "0x", no inf or nan.
std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_int(std::string_view text);

// Terminal cells that UTF-8 text takes (CJK and full-width: 2, combining: 0), and padding to a
// width.
int display_width(std::string_view utf8);
std::string pad(std::string_view utf8, int width);
// Bytes that are no valid UTF-8 become U+FFFD; control characters but \n and \t too.
std::string printable(std::string_view bytes);
bool valid_utf8(std::string_view bytes);
// The character at byte `at`, which moves past it; nothing for bytes that are no valid UTF-8 (`at`
// then moves past the bad part, by one byte at least). `at` must lie inside the text.
std::optional<char32_t> next_character(std::string_view utf8, std::size_t& at);
void append_character(std::string& out, char32_t character);
// The line of `source` around the byte `offset`, cut to some 100 characters, and below it a caret.
std::string excerpt(std::string_view source, std::size_t offset);
// 1-based line and column (in characters) of the byte `offset`.
std::pair<int, int> line_and_column(std::string_view source, std::size_t offset);

// The candidate a human most likely meant (edit distance <= 1/3 of the length), or nothing.
std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string_view> candidates);
// ", did you mean \"x\"?" or ""
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace carebench
