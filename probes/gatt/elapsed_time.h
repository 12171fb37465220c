// The Elapsed Time structure of nine octets (Elapsed Time Service 183F, generic health sensors): a
// count of ticks, or a time that counts from 2000-01-01.
#pragma once

#include <optional>

#include "probes/gatt/value_reader.h"

namespace carebench {

struct ElapsedTime {
  bool tick_counter = false;
  bool utc = false;  // else the time of a wall clock
  bool tz_dst_used = false;
  bool current_timeline = false;  // else from before the clock was set anew
  bool reserved = false;          // reserved flags are set
  int per_second = 1;             // its resolution: 1, 10, 1000 or 10000
  double value = 0;               // so many of them
  unsigned source = 0;
  int tz_dst_15min = 0;

  static ElapsedTime read(ValueReader& value);
  double resolution_s() const { return 1.0 / per_second; }
  bool has_zone() const { return tz_dst_15min >= -48 && tz_dst_15min <= 64; }
  // From 1970-01-01T00:00:00 of that clock; nothing for ticks, and after the year 9999.
  std::optional<double> seconds() const;
};

// Who set the clock. Reference Time Information has the same codes.
inline constexpr std::string_view time_sources[] = {
    "unknown", "NTP", "GPS", "radio", "manual", "atomic_clock", "cellular", "not_synchronised"};

}  // namespace carebench
