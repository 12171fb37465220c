// Elapsed Time Service 183F: the device's clock, as a time or as ticks.
#include "probes/gatt/elapsed_time.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

enum : std::size_t {
  clock,
  tick_counter,
  utc,
  resolution,
  value_,
  source,
  tz_dst,
  tz_dst_used,
  current_timeline,
  needs_setting,
  capabilities
};
constexpr ReadingField fields[] = {
    {"time", time, "s", {"时间", "time"}},
    {"tick_counter", truth, "", {"计数而非时间", "ticks, no time"}},
    {"utc", truth, "", {"协调世界时", "UTC"}},
    {"resolution_s", number, "s", {"分辨力", "resolution"}},
    {"value", number, "", {"计数值", "count"}},
    {"source", code, "", {"时间来源", "time source"}, time_sources, true},
    {"tz_dst_15min",
     number,
     "",
     {"时区与夏令时偏移（15 min）", "time zone and DST offset (15 min)"}},
    {"tz_dst_used", truth, "", {"使用偏移", "the offset is used"}},
    {"current_timeline", truth, "", {"当前时间线", "current timeline"}},
    {"needs_setting", truth, "", {"时钟需要设置", "the clock needs to be set"}},
    {"capabilities", number, "", {"时钟能力", "capabilities of the clock"}},
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const ElapsedTime now = ElapsedTime::read(value);
  if (const auto seconds = now.seconds())
    reading.time(clock, *seconds, {});
  else if (now.tick_counter)
    reading.special(clock, "ticks");
  else
    reading.special(clock, "invalid");
  if (now.reserved) reading.find(findings::rfu_flags);
  if (!now.has_zone() || (!now.seconds() && !now.tick_counter))
    reading.find(findings::out_of_range);
  reading.number(tick_counter, now.tick_counter);
  reading.number(utc, now.utc);
  reading.number(resolution, now.resolution_s());
  reading.number(value_, now.value);
  put_code(reading, fields[source], source, now.source);
  reading.number(tz_dst, now.tz_dst_15min);
  reading.number(tz_dst_used, now.tz_dst_used);
  reading.number(current_timeline, now.current_timeline);
  const unsigned status = value.u8();
  reading.number(needs_setting, status & 1);
  if (status & 0xFE) reading.find(findings::rfu_flags);
  reading.number(capabilities, value.u8());
  return end_of_fixed(value, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2BF2,
     0x183F,
     is::read,
     "current_elapsed_time",
     {"当前经过时间", "current elapsed time"},
     fields,
     decode,
     nullptr,
     false,
     is::notify | is::indicate | is::write},
};

}  // namespace

extern const GattFamily elapsed_time;
const GattFamily elapsed_time{characteristics};

}  // namespace carebench::gatt
