// Current Time Service 1805 and the parts it is made of: what the device's clock says.
#include <chrono>

#include "probes/gatt/elapsed_time.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding dow_mismatch{
    violation, "dow_mismatch", {"星期与日期不符", "the day of the week is not that of the date"}};

constexpr std::string_view days_of_week[] = {"unknown",  "Monday", "Tuesday",  "Wednesday",
                                             "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::string_view reasons[] = {"manual", "external", "time_zone", "dst"};

// Monday = 1, of seconds since a Thursday.
unsigned weekday(double seconds) {
  const std::chrono::sys_seconds when{std::chrono::seconds(static_cast<std::int64_t>(seconds))};
  return std::chrono::weekday(std::chrono::floor<std::chrono::days>(when)).iso_encoding();
}

namespace current {
enum : std::size_t { clock, dow, fractions256, adjust };
constexpr ReadingField fields[] = {
    {"time", time, "s", {"时间", "time"}},
    {"dow", code, "", {"星期", "day of the week"}, days_of_week, true},
    {"fractions256", number, "", {"秒的 1/256", "1/256 of a second"}},
    {"adjust", flags, "", {"校时原因", "why the clock was set"}, reasons},
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_date_time(reading, clock, value.take(7));
  const unsigned day = value.u8();
  put_code(reading, fields[dow], dow, day);
  reading.number(fractions256, value.u8());
  put_flags(reading, adjust, value.u8(), 0x0F);
  const FieldValue& now = reading.value(clock);
  if (day >= 1 && day <= 7 && now.kind == FieldValue::Kind::number && day != weekday(now.number))
    reading.find(dow_mismatch);
  return end_of_fixed(value, reading);
}
}  // namespace current

constexpr ReadingField date_time[] = {{"datetime", time, "s", {"日期时间", "date and time"}}};

bool decode_date_time(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_date_time(reading, 0, value.take(7));
  return end_of_fixed(value, reading);
}

constexpr std::string_view bad_zone = "range: a time zone has -48 to 56 quarters of an hour";
constexpr std::string_view bad_dst = "range: a DST offset has 0, 2, 4 or 8 quarters of an hour";

constexpr ReadingField zone_offset[] = {
    {"minutes", number, "min", {"时区偏移", "offset of the time zone"}}};
constexpr ReadingField dst_offset[] = {
    {"minutes", number, "min", {"夏令时偏移", "offset of daylight saving time"}}};

void unknown_is_null(const Reading& reading, Json& json) {
  if (reading.value(0).kind == FieldValue::Kind::special) json.set("minutes", nullptr);
}

bool decode_zone(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const std::int8_t quarters = value.s8();
  if (!end_of_fixed(value, reading)) return false;
  return put_zone(reading, 0, quarters) || reading.refuse(bad_zone);
}

bool decode_dst(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const std::uint8_t quarters = value.u8();
  if (!end_of_fixed(value, reading)) return false;
  return put_dst(reading, 0, quarters) || reading.refuse(bad_dst);
}

constexpr ReadingField local[] = {
    {"tz_min", number, "min", {"时区偏移", "offset of the time zone"}},
    {"dst_min", number, "min", {"夏令时偏移", "offset of daylight saving time"}},
};

bool decode_local(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const std::int8_t zone = value.s8();
  const std::uint8_t dst = value.u8();
  if (!end_of_fixed(value, reading)) return false;
  if (!put_zone(reading, 0, zone)) return reading.refuse(bad_zone);
  return put_dst(reading, 1, dst) || reading.refuse(bad_dst);
}

namespace reference {
enum : std::size_t { source, accuracy, days_since, hours_since };
constexpr ReadingField fields[] = {
    {"source", code, "", {"时间来源", "time source"}, time_sources},
    {"accuracy", number, "s", {"时间准确度", "accuracy"}},
    {"days_since_update", number, "d", {"距上次校时（天）", "days since update"}},
    {"hours_since_update", number, "h", {"距上次校时（小时）", "hours since update"}},
};

// 255 = 255 days or more; the hours are 255 as well then.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_code(reading, fields[source], source, value.u8());
  const unsigned eighths = value.u8(), days = value.u8(), hours = value.u8();
  if (eighths >= 254)
    reading.special(accuracy, eighths == 254 ? "out_of_range" : "unknown");
  else
    reading.number(accuracy, eighths / 8.0);
  if (days == 255)
    reading.special(days_since, "255_or_more");
  else
    reading.number(days_since, days);
  if (hours == 255)
    reading.special(hours_since, "255_days_or_more");
  else
    reading.number(hours_since, hours);
  if ((hours > 23 && hours < 255) || (days == 255) != (hours == 255))
    reading.find(findings::out_of_range);
  return end_of_fixed(value, reading);
}
}  // namespace reference

constexpr GattCharacteristic characteristics[] = {
    {0x2A2B,
     0x1805,
     is::read | is::notify,
     "current_time",
     {"当前时间", "current time"},
     current::fields,
     current::decode,
     nullptr,
     false,
     is::write},
    {0x2A0F,
     0x1805,
     is::read,
     "local_time_information",
     {"本地时间信息", "local time information"},
     local,
     decode_local,
     nullptr,
     false,
     is::write},
    {0x2A14,
     0x1805,
     is::read,
     "reference_time_information",
     {"参考时间信息", "reference time information"},
     reference::fields,
     reference::decode},
    {0x2A08, 0, 0, "date_time", {"日期时间", "date and time"}, date_time, decode_date_time},
    {0x2A0E, 0, 0, "time_zone", {"时区", "time zone"}, zone_offset, decode_zone, unknown_is_null},
    {0x2A0D, 0, 0, "dst_offset", {"夏令时", "DST offset"}, dst_offset, decode_dst, unknown_is_null},
};

}  // namespace

extern const GattFamily current_time;
const GattFamily current_time{characteristics};

}  // namespace carebench::gatt
