// One time axis: nanoseconds since the start of the run, taken from CLOCK_MONOTONIC on a real bench
// and from the virtual clock in simulation (design section 8). A Stamp is never a wall-clock time.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace carebench {

using Nanoseconds = std::int64_t;

struct Duration {
  Nanoseconds ns = 0;
  constexpr auto operator<=>(const Duration&) const = default;
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
  constexpr double milliseconds() const { return static_cast<double>(ns) * 1e-6; }
};
constexpr Duration nanoseconds(std::int64_t n) { return {n}; }
constexpr Duration microseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000'000}; }
Duration from_seconds(double s);  // rounds to a nanosecond, saturates at +-292 years

struct Stamp {
  Nanoseconds ns = 0;
  constexpr auto operator<=>(const Stamp&) const = default;
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
};
inline constexpr Stamp never{std::numeric_limits<Nanoseconds>::max()};

constexpr Duration operator-(Stamp a, Stamp b) { return {a.ns - b.ns}; }
constexpr Stamp operator+(Stamp a, Duration d) {
  return d.ns > 0 && a.ns > never.ns - d.ns ? never : Stamp{a.ns + d.ns};
}
constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }

// "250 ms", "20 s", "10 min", "48 h", "2 d", "50 us": a number, an optional blank, a unit.
std::optional<Duration> parse_duration(std::string_view text);
std::string to_string(Duration d);  // "1.25 s", "250 ms"

// Wall clock of the machine, for the record's `given` only: "2026-11-21T21:33:19Z" and back.
std::string utc_text(std::int64_t unix_seconds);
std::optional<std::int64_t> parse_utc(std::string_view text);
// Calendar date "2026-11-21" -> days since 1970-01-01; nothing when it is no real date.
std::optional<std::int64_t> parse_date(std::string_view text);

}  // namespace carebench
