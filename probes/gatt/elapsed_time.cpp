#include "probes/gatt/elapsed_time.h"

namespace carebench {

// Flags: 0 = tick counter, 1 = UTC, 2 and 3 = resolution, 4 = offset is used, 5 = current timeline.
ElapsedTime ElapsedTime::read(ValueReader& value) {
  constexpr int per_second[] = {1, 10, 1000, 10000};
  const unsigned flags = value.u8();
  ElapsedTime time;
  time.tick_counter = flags & 0x01;
  time.utc = flags & 0x02;
  time.tz_dst_used = flags & 0x10;
  time.current_timeline = flags & 0x20;
  time.reserved = flags & 0xC0;
  time.per_second = per_second[flags >> 2 & 3];
  time.value = static_cast<double>(value.u48());
  time.source = value.u8();
  time.tz_dst_15min = value.s8();
  return time;
}

std::optional<double> ElapsedTime::seconds() const {
  constexpr double year_2000 = 946684800, year_10000 = 253402300800;
  if (tick_counter) return std::nullopt;
  const double time = year_2000 + value / per_second;
  return time < year_10000 ? std::optional(time) : std::nullopt;
}

}  // namespace carebench
