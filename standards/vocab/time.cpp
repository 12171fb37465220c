#include "standards/vocab/time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

struct Scale {
  std::string_view name;
  std::int64_t ns;
};

constexpr std::array scales = {
    Scale{"ns", 1},
    Scale{"us", 1'000},
    Scale{"ms", 1'000'000},
    Scale{"s", 1'000'000'000},
    Scale{"min", 60'000'000'000},
    Scale{"h", 3'600'000'000'000},
    Scale{"d", 86'400'000'000'000},
};

// Years 0000 to 9999: what the four digits of the text can say.
constexpr std::int64_t first_second = -62'167'219'200;
constexpr std::int64_t last_second = 253'402'300'799;

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

Duration from_seconds(double s) {
  if (std::isnan(s)) return {};
  const double ns = std::round(s * 1e9);
  constexpr double edge = 9.2e18;
  if (ns > edge) return {std::numeric_limits<Nanoseconds>::max()};
  if (ns < -edge) return {-std::numeric_limits<Nanoseconds>::max()};
  return {static_cast<Nanoseconds>(ns)};
}

std::optional<Duration> parse_duration(std::string_view text) {
  const std::size_t unit_at = text.find_last_of("0123456789. ");
  if (unit_at == std::string_view::npos) return std::nullopt;
  const std::string_view unit = text.substr(unit_at + 1);
  std::string_view amount = text.substr(0, unit_at + 1);
  if (amount.ends_with(' ')) amount.remove_suffix(1);
  const std::optional<double> value = parse_double(amount);
  if (!value) return std::nullopt;
  for (const Scale& scale : scales) {
    if (scale.name != unit) continue;
    const double ns = std::round(*value * static_cast<double>(scale.ns));
    if (std::abs(ns) > 9.2e18) return std::nullopt;
    return Duration{static_cast<Nanoseconds>(ns)};
  }
  return std::nullopt;
}

std::string to_string(Duration d) {
  if (d.ns == 0) return "0 s";
  const auto in = [&](const Scale& scale) {
    return number(static_cast<double>(d.ns) / static_cast<double>(scale.ns)) + " " +
           std::string(scale.name);
  };
  const auto size = d.ns < 0 ? -static_cast<std::uint64_t>(d.ns) : static_cast<std::uint64_t>(d.ns);
  // Hours and minutes only where they are whole and more than one: 60 s stays what people wrote.
  for (std::size_t i : {5u, 4u}) {
    const auto unit = static_cast<std::uint64_t>(scales[i].ns);
    if (size >= 2 * unit && size % unit == 0) return in(scales[i]);
  }
  for (std::size_t i : {3u, 2u, 1u})
    if (size >= static_cast<std::uint64_t>(scales[i].ns)) return in(scales[i]);
  return in(scales[0]);
}

std::string utc_text(std::int64_t unix_seconds) {
  using namespace std::chrono;
  const sys_seconds when{std::chrono::seconds(std::clamp(unix_seconds, first_second, last_second))};
  const sys_days day = floor<days>(when);
  const year_month_day date{day};
  const hh_mm_ss clock{when - day};
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return buffer.data();
}

std::optional<std::int64_t> parse_utc(std::string_view text) {
  if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
    return std::nullopt;
  const auto day = parse_date(text.substr(0, 10));
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!day || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return *day * 86'400 + *hour * 3'600 + *minute * 60 + *second;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace carebench
