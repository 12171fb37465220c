// Continuous Glucose Monitoring Service 181F: measurement, feature, status, session start and run
// time. (Its control point is in cgm_control.cpp.)
#include "probes/gatt/e2e_crc.h"
#include "probes/gatt/families/glucose_codes.h"
#include "probes/gatt/value_reader.h"
#include "standards/vocab/glucose.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding annunciation_order{
    note,
    "annunciation_order",
    {"状态位取值不可能，按另一字节顺序则成立",
     "status bits are impossible, and possible in the other order of octets"}};
const ValueFinding crc_not_ffff{violation,
                                "crc_not_ffff",
                                {"不支持 E2E-CRC 时该字段应为 FFFF",
                                 "the CRC field is not FFFF though E2E-CRC is unsupported"}};

// The Sensor Status Annunciation is a field of 24 bits: Status, Cal/Temp, Warning.
constexpr std::string_view statuses[] = {"session_stopped",       "device_battery_low",
                                         "sensor_type_incorrect", "sensor_malfunction",
                                         "device_specific_alert", "general_device_fault"};
constexpr std::string_view caltemps[] = {
    "time_sync_required",   "calibration_not_allowed",     "calibration_recommended",
    "calibration_required", "sensor_temperature_too_high", "sensor_temperature_too_low"};
constexpr std::string_view warnings[] = {"below_patient_low",
                                         "above_patient_high",
                                         "below_hypo",
                                         "above_hyper",
                                         "rate_decrease_exceeded",
                                         "rate_increase_exceeded",
                                         "below_what_is_possible",
                                         "above_what_is_possible"};
constexpr unsigned known_status = 0x3F, known_caltemp = 0x3F, known_warning = 0xFF;

constexpr ReadingField status_field{"status_octet", flags, "", {"状态", "status"}, statuses, true};
constexpr ReadingField caltemp_field{
    "caltemp_octet", flags, "", {"校准与温度", "calibration and temperature"}, caltemps, true};
constexpr ReadingField warning_field{"warning_octet",     flags,    "",
                                     {"警告", "warning"}, warnings, true};
constexpr ReadingField crc_field{"crc_ok", truth, "", {"E2E-CRC 正确", "E2E-CRC is right"}};
constexpr ReadingField offset_field{
    "time_offset_min", number, "min", {"距会话开始的时间", "time since the session's start"}};

namespace measurement {
enum : std::size_t {
  glucose_mgdl,
  glucose_mmol,
  time_offset,
  trend,
  quality,
  status,
  caltemp,
  warning,
  crc_ok
};
constexpr ReadingField fields[] = {
    {"glucose_mgdl", number, "mg/dL", {"葡萄糖", "glucose"}},
    {"glucose_mmol", number, "mmol/L", {"葡萄糖", "glucose"}},
    offset_field,
    {"trend", number, "mg/dL/min", {"变化趋势", "trend"}},
    {"quality_pct", number, "%", {"质量", "quality"}},
    status_field,
    caltemp_field,
    warning_field,
    crc_field,
};

// Flags: 0 = trend, 1 = quality, 5 = Warning, 6 = Cal/Temp, 7 = Status. Some vendors send Warning
// first.
void put_annunciation(ValueReader& value, unsigned flag_bits, bool nordic, Reading& reading) {
  unsigned status_bits = 0, caltemp_bits = 0, warning_bits = 0;
  const auto read = [&](unsigned flag, unsigned& bits) {
    if (flag_bits & flag) bits = value.u8();
  };
  read(nordic ? 0x20 : 0x80, nordic ? warning_bits : status_bits);
  read(0x40, caltemp_bits);
  read(nordic ? 0x80 : 0x20, nordic ? status_bits : warning_bits);
  if (flag_bits & 0x80) put_flags(reading, status, status_bits, known_status);
  if (flag_bits & 0x40) put_flags(reading, caltemp, caltemp_bits, known_caltemp);
  if (flag_bits & 0x20) put_flags(reading, warning, warning_bits, known_warning);
  const bool both = (flag_bits & 0xA0) == 0xA0;
  if (both && status_bits & ~known_status && !(warning_bits & ~known_status))
    reading.find(annunciation_order);
}

void put_glucose(Reading& reading, std::uint16_t raw) {
  put_sfloat(reading, glucose_mgdl, raw);
  const FieldValue& mgdl = reading.value(glucose_mgdl);
  if (mgdl.kind == FieldValue::Kind::number)
    reading.number(glucose_mmol, mgdl.number / glucose_mg_dl_per_mmol_l);
  else
    reading.special(glucose_mmol, mgdl.text);
}

// What stands between the announced fields and the end of the record.
bool end_of_record(const ValueReader& value, unsigned reserved, ByteView record, Reading& reading) {
  if (!value.ok()) return reading.refuse("size: the record is shorter than its flags announce");
  if (reserved) reading.find(findings::rfu_flags);
  const std::size_t left = value.left();
  // Fields of a later version may stand there: what is no CRC then is no wrong CRC.
  if (reserved && left && !e2e_crc_is_right(record)) {
    reading.find(findings::trailing_octets);
    return true;
  }
  if (left && left != 2 && !reserved)
    return reading.refuse("size: the record is longer than its flags announce");
  if (left) put_e2e_crc(reading, fields, crc_ok, record);
  return true;
}

// Size (of the record, this octet included), flags, glucose, time offset, then what flags announce.
bool decode(ByteView octets, const GattOptions& options, Reading& reading) {
  if (octets.empty()) return reading.refuse("size: the value is empty");
  const std::size_t size = octets[0];
  if (size < 6) return reading.refuse("size: a record has 6 octets or more");
  if (size > octets.size()) return reading.refuse("size: the record is longer than the value");
  const ByteView record = octets.first(size);
  reading.covers(size);
  ValueReader value(record.subspan(1));
  const unsigned flag_bits = value.u8();
  put_glucose(reading, value.u16());
  reading.number(time_offset, value.u16());
  put_annunciation(value, flag_bits, options.nordic_cgm_order, reading);
  if (flag_bits & 0x01) put_sfloat(reading, trend, value.u16());
  if (flag_bits & 0x02) put_sfloat(reading, quality, value.u16());
  const FieldValue& percent = reading.value(quality);
  if (percent.kind == FieldValue::Kind::number && (percent.number < 0 || percent.number > 100))
    reading.find(findings::out_of_range);
  return end_of_record(value, flag_bits & 0x1C, record, reading);
}
}  // namespace measurement

namespace feature {
constexpr std::string_view names[] = {"calibration",
                                      "patient_high_low",
                                      "hypo",
                                      "hyper",
                                      "rate",
                                      "device_specific",
                                      "sensor_malfunction",
                                      "temp_high_low",
                                      "result_high_low",
                                      "low_battery",
                                      "sensor_type_error",
                                      "general_fault",
                                      "e2e_crc",
                                      "multiple_bonds",
                                      "multiple_sessions",
                                      "trend",
                                      "quality"};
enum : std::size_t { features, type, location, crc_ok };
constexpr ReadingField fields[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, names},
    {"type", code, "", {"样本类型", "sample type"}, glucose_types, true},
    {"location", code, "", {"采样部位", "sample location"}, cgm_locations, true},
    crc_field,
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  if (octets.size() != 6) return reading.refuse("length: the value has 6 octets");
  ValueReader value(octets);
  const std::uint32_t supported = value.u24();
  const unsigned kind = value.u8();
  put_flags(reading, features, supported, 0x1FFFF);
  put_code(reading, fields[type], type, kind & 0xF);
  put_code(reading, fields[location], location, kind >> 4);
  if (supported >> 12 & 1)
    put_e2e_crc(reading, fields, crc_ok, octets);
  else if (value.u16() != 0xFFFF)
    reading.find(crc_not_ffff);
  return true;
}
}  // namespace feature

namespace session_status {
enum : std::size_t { time_offset, status, caltemp, warning, crc_ok };
constexpr ReadingField fields[] = {offset_field, status_field, caltemp_field, warning_field,
                                   crc_field};

// All three octets are always there, and in the order of the specification.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  reading.number(time_offset, value.u16());
  put_flags(reading, status, value.u8(), known_status);
  put_flags(reading, caltemp, value.u8(), known_caltemp);
  put_flags(reading, warning, value.u8(), known_warning);
  return end_with_crc(value, octets, fields, crc_ok, reading);
}
}  // namespace session_status

namespace session_start {
enum : std::size_t { clock, zone, dst, crc_ok };
constexpr ReadingField fields[] = {
    {"time", time, "s", {"会话开始时间", "session start time"}},
    {"tz_min", number, "min", {"时区偏移", "offset of the time zone"}},
    {"dst_min", number, "min", {"夏令时偏移", "offset of daylight saving time"}},
    crc_field,
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_date_time(reading, clock, value.take(7));
  const std::int8_t zone_quarters = value.s8();
  const std::uint8_t dst_quarters = value.u8();
  if (!put_zone(reading, zone, zone_quarters)) {
    reading.special(zone, "invalid");
    reading.find(findings::out_of_range);
  }
  if (!put_dst(reading, dst, dst_quarters)) {
    reading.special(dst, "invalid");
    reading.find(findings::out_of_range);
  }
  return end_with_crc(value, octets, fields, crc_ok, reading);
}
}  // namespace session_start

namespace run_time {
enum : std::size_t { hours, crc_ok };
constexpr ReadingField fields[] = {
    {"hours", number, "h", {"会话持续时间", "session run time"}},
    crc_field,
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  reading.number(hours, value.u16());
  return end_with_crc(value, octets, fields, crc_ok, reading);
}
}  // namespace run_time

constexpr GattCharacteristic characteristics[] = {
    {0x2AA7,
     0x181F,
     is::notify,
     "cgm_measurement",
     {"动态血糖测量", "CGM measurement"},
     measurement::fields,
     measurement::decode,
     nullptr,
     true},
    {0x2AA8,
     0x181F,
     is::read,
     "cgm_feature",
     {"动态血糖功能", "CGM feature"},
     feature::fields,
     feature::decode,
     nullptr,
     false,
     is::indicate},
    {0x2AA9,
     0x181F,
     is::read,
     "cgm_status",
     {"动态血糖状态", "CGM status"},
     session_status::fields,
     session_status::decode},
    {0x2AAA,
     0x181F,
     is::read | is::write,
     "cgm_session_start_time",
     {"会话开始时间", "CGM session start time"},
     session_start::fields,
     session_start::decode},
    {0x2AAB,
     0x181F,
     is::read,
     "cgm_session_run_time",
     {"会话持续时间", "CGM session run time"},
     run_time::fields,
     run_time::decode},
};

}  // namespace

extern const GattFamily cgm;
const GattFamily cgm{characteristics};

}  // namespace carebench::gatt
