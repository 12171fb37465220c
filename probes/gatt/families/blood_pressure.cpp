// Blood Pressure Service 1810: measurement, intermediate cuff pressure, feature, and their enhanced
// successors of Blood Pressure Service 1.1. Pressures are mm[Hg] whatever the device sends.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding map_outside{
    violation,
    "map_outside",
    {"平均压不在舒张压与收缩压之间", "the mean pressure is outside diastolic to systolic"}};
const ValueFinding systolic_not_above{
    violation,
    "systolic_not_above_diastolic",
    {"收缩压不高于舒张压", "the systolic pressure is not above the diastolic"}};
const ValueFinding unused_not_nan{
    note, "unused_not_nan", {"未用的压力字段不是 NaN", "an unused pressure field is not NaN"}};

constexpr std::string_view units[] = {"mmHg", "kPa"};
constexpr std::string_view statuses[] = {
    "body_movement", "cuff_too_loose", "irregular_pulse", "", "", "improper_position"};
constexpr std::string_view ranges[] = {"within", "above_upper", "below_lower"};

// The measurements share their fields; a single pressure stands where systolic stands.
enum : std::size_t {
  unit,
  systolic,
  diastolic,
  map,
  timestamp,
  pulse_rate,
  user_id,
  status,
  pulse_range,
  user_time
};
constexpr ReadingField pressures[] = {
    {"unit", code, "", {"单位", "unit"}, units},
    {"systolic", number, "mm[Hg]", {"收缩压", "systolic pressure"}},
    {"diastolic", number, "mm[Hg]", {"舒张压", "diastolic pressure"}},
    {"map", number, "mm[Hg]", {"平均压", "mean arterial pressure"}},
    {"timestamp", time, "s", {"时间戳", "time stamp"}},
    {"pulse_rate", number, "/min", {"脉率", "pulse rate"}},
    {"user_id", number, "", {"用户号", "user"}},
    {"status", flags, "", {"测量状态", "measurement status"}, statuses},
    {"pulse_range", code, "", {"脉率范围", "pulse rate range"}, ranges},
    {"user_time", time, "s", {"用户时间", "user-facing time"}},
};
constexpr ReadingField cuff_pressure[] = {
    pressures[unit],
    {"cuff", number, "mm[Hg]", {"袖带压", "cuff pressure"}},
    {"unused_1", number, "mm[Hg]", {"未用字段 1", "unused field 1"}},
    {"unused_2", number, "mm[Hg]", {"未用字段 2", "unused field 2"}},
    pressures[timestamp],
    pressures[pulse_rate],
    pressures[user_id],
    pressures[status],
    pressures[pulse_range],
    pressures[user_time],
};

void put_pressure(Reading& reading, std::size_t field, std::uint16_t raw, unsigned flag_bits) {
  if (flag_bits & 0x01)
    put_sfloat(reading, field, raw, kpa_to_mmhg);
  else
    put_sfloat(reading, field, raw);
}

void put_status(Reading& reading, std::uint16_t mask) {
  put_flags(reading, status, mask & ~0x18U, 0x27);
  put_code(reading, pressures[pulse_range], pulse_range, mask >> 3 & 3U);
}

bool is_number(const Reading& reading, std::size_t field) {
  return reading.value(field).kind == FieldValue::Kind::number;
}

void judge_pressures(Reading& reading) {
  if (!is_number(reading, systolic) || !is_number(reading, diastolic)) return;
  const double high = reading.sent(systolic), low = reading.sent(diastolic);
  if (high <= low) reading.find(systolic_not_above);
  const double mean = reading.sent(map);
  if (is_number(reading, map) && (mean < low || mean > high)) reading.find(map_outside);
}

void judge_unused(Reading& reading) {
  for (const std::size_t field : {diastolic, map})
    if (reading.value(field).text != "NaN") reading.find(unused_not_nan);
}

// Flags: 0 = kPa, 1 = time stamp, 2 = pulse rate, 3 = user, 4 = status.
bool decode_plain(ByteView octets, bool three, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  put_code(reading, pressures[unit], unit, flag_bits & 1);
  for (const std::size_t field : {systolic, diastolic, map})
    put_pressure(reading, field, value.u16(), flag_bits);
  if (flag_bits & 0x02) put_date_time(reading, timestamp, value.take(7));
  if (flag_bits & 0x04) put_sfloat(reading, pulse_rate, value.u16());
  if (flag_bits & 0x08) put_user(reading, user_id, value.u8());
  if (flag_bits & 0x10) put_status(reading, value.u16());
  three ? judge_pressures(reading) : judge_unused(reading);
  return end_of_value(value, flag_bits & 0xE0, reading);
}

bool decode_measurement(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_plain(octets, true, reading);
}
bool decode_cuff(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_plain(octets, false, reading);
}

// Seconds from 1900-01-01 and from 2000-01-01 to 1970-01-01.
constexpr double epoch_1900 = -2208988800.0, epoch_2000 = 946684800.0;

// Flags as above, times as seconds, 5 = user-facing time, 6 = they count from 2000 (else 1900).
bool decode_enhanced(ByteView octets, bool three, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  const double epoch = flag_bits & 0x40 ? epoch_2000 : epoch_1900;
  put_code(reading, pressures[unit], unit, flag_bits & 1);
  put_pressure(reading, systolic, value.u16(), flag_bits);
  if (three) {
    put_pressure(reading, diastolic, value.u16(), flag_bits);
    put_pressure(reading, map, value.u16(), flag_bits);
    judge_pressures(reading);
  }
  if (flag_bits & 0x02) reading.number(timestamp, epoch + value.u32());
  if (flag_bits & 0x04) put_sfloat(reading, pulse_rate, value.u16());
  if (flag_bits & 0x08) put_user(reading, user_id, value.u8());
  if (flag_bits & 0x10) put_status(reading, value.u16());
  if (flag_bits & 0x20) reading.number(user_time, epoch + value.u32());
  return end_of_value(value, flag_bits & 0x80, reading);
}

bool decode_enhanced_measurement(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_enhanced(octets, true, reading);
}
bool decode_enhanced_cuff(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_enhanced(octets, false, reading);
}

constexpr std::string_view feature_names[] = {"body_movement", "cuff_fit",  "irregular_pulse",
                                              "pulse_range",   "position",  "multiple_bonds",
                                              "e2e_crc",       "user_data", "user_facing_time"};
constexpr ReadingField features[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, feature_names}};

bool decode_feature(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_flags(reading, 0, value.u16(), 0x1FF);
  return end_of_fixed(value, reading);
}

// One segment of a stored record: which characteristic it is a value of, and the octets.
enum : std::size_t { first, last, counter, sequence, uuid, record };
constexpr ReadingField segment[] = {
    {"first", truth, "", {"首段", "first segment"}},
    {"last", truth, "", {"末段", "last segment"}},
    {"counter", number, "", {"段号", "segment counter"}},
    {"sequence", number, "", {"记录序号", "sequence number"}},
    {"uuid", number, "", {"记录的特征", "recorded characteristic"}},
    {"record", FieldKind::octets, "", {"记录内容", "recorded octets"}},
};

bool decode_record(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned header = value.u8();
  reading.number(first, header & 1);
  reading.number(last, header >> 1 & 1);
  reading.number(counter, header >> 2);
  reading.number(sequence, value.u16());
  reading.number(uuid, value.u16());
  reading.octets(record, value.take(value.left()));
  return end_of_fixed(value, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A35,
     0x1810,
     is::indicate,
     "blood_pressure_measurement",
     {"血压测量", "blood pressure measurement"},
     std::span(pressures).first(user_time),
     decode_measurement},
    {0x2A36,
     0x1810,
     is::notify,
     "intermediate_cuff_pressure",
     {"实时袖带压", "intermediate cuff pressure"},
     std::span(cuff_pressure).first(user_time),
     decode_cuff},
    {0x2A49,
     0x1810,
     is::read,
     "blood_pressure_feature",
     {"血压功能", "blood pressure feature"},
     features,
     decode_feature,
     nullptr,
     false,
     is::indicate},
    {0x2B34,
     0x1810,
     is::indicate,
     "enhanced_blood_pressure_measurement",
     {"增强血压测量", "enhanced blood pressure measurement"},
     pressures,
     decode_enhanced_measurement},
    {0x2B35,
     0x1810,
     is::notify,
     "enhanced_intermediate_cuff_pressure",
     {"增强实时袖带压", "enhanced intermediate cuff pressure"},
     cuff_pressure,
     decode_enhanced_cuff},
    {0x2B36,
     0x1810,
     is::notify,
     "blood_pressure_record",
     {"血压记录", "blood pressure record"},
     segment,
     decode_record},
};

}  // namespace

extern const GattFamily blood_pressure;
const GattFamily blood_pressure{characteristics};

}  // namespace carebench::gatt
