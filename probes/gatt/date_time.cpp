#include "probes/gatt/date_time.h"

#include <chrono>

namespace carebench {

using namespace std::chrono;

GattTime read_date_time(ByteView octets) {
  using enum GattTime::Kind;
  if (octets.size() != 7) return {invalid, 0};
  const int y = octets[0] | octets[1] << 8;
  const unsigned m = octets[2], d = octets[3], h = octets[4], min = octets[5], s = octets[6];
  const bool in_range =
      (y == 0 || (y >= 1582 && y <= 9999)) && m <= 12 && d <= 31 && h < 24 && min < 60 && s < 60;
  if (!in_range) return {invalid, 0};
  if (y == 0 || m == 0 || d == 0) return {unknown, 0};
  const year_month_day date{year(y), month(m), day(d)};
  if (!date.ok()) return {invalid, 0};
  const auto time = sys_days(date) + hours(h) + minutes(min) + std::chrono::seconds(s);
  return {known, time.time_since_epoch() / std::chrono::seconds(1)};
}

std::array<std::uint8_t, 7> date_time_octets(std::int64_t count) {
  constexpr sys_seconds first = sys_days(year(1582) / 1 / 1), end = sys_days(year(10000) / 1 / 1);
  const sys_seconds time{std::chrono::seconds(count)};
  if (time < first || time >= end) return {};
  const auto day_count = floor<days>(time);
  const year_month_day date{day_count};
  const hh_mm_ss clock{time - day_count};
  const auto y = static_cast<unsigned>(int(date.year()));
  const auto octet = [](auto value) { return static_cast<std::uint8_t>(value); };
  return {octet(y),
          octet(y >> 8),
          octet(unsigned(date.month())),
          octet(unsigned(date.day())),
          octet(clock.hours().count()),
          octet(clock.minutes().count()),
          octet(clock.seconds().count())};
}

}  // namespace carebench
