// Pulse Oximeter Service 1822: spot-check and continuous measurement, features. Numbers that the
// device itself calls invalid, questionable or unavailable are withheld from a judge.
#include "probes/gatt/value_reader.h"
#include "probes/ieee11073.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

constexpr std::string_view measurement_statuses[] = {"",
                                                     "",
                                                     "",
                                                     "",
                                                     "",
                                                     "measurement_ongoing",
                                                     "early_estimated",
                                                     "validated",
                                                     "fully_qualified",
                                                     "from_storage",
                                                     "demonstration",
                                                     "testing",
                                                     "calibration_ongoing",
                                                     "unavailable",
                                                     "questionable",
                                                     "invalid"};
constexpr std::string_view device_statuses[] = {
    "extended_display_update", "equipment_malfunction", "signal_processing_irregularity",
    "inadequate_signal",       "poor_signal",           "low_perfusion",
    "erratic_signal",          "nonpulsatile_signal",   "questionable_pulse",
    "signal_analysis_ongoing", "sensor_interference",   "sensor_off_user",
    "unknown_sensor",          "sensor_displaced",      "sensor_malfunctioning",
    "sensor_disconnected"};
constexpr std::uint64_t known_measurement_status = 0xFFE0, known_device_status = 0xFFFF;

constexpr ReadingField pai{"pai", number, "%", {"脉搏幅度指数", "pulse amplitude index"}};
constexpr ReadingField measurement_status{
    "mstatus", flags, "", {"测量状态", "measurement status"}, measurement_statuses};
constexpr ReadingField device_status{
    "dstatus", flags, "", {"设备与传感器状态", "device and sensor status"}, device_statuses};
constexpr ReadingField spo2_field{"spo2", number, "%", {"血氧饱和度", "oxygen saturation"}};
constexpr ReadingField pr_field{"pr", number, "/min", {"脉率", "pulse rate"}};

// Why numbers under these statuses are no valid readings; "" when they are.
std::string_view why_not_valid(std::uint64_t mstatus, std::uint64_t dstatus) {
  if (mstatus & 0x8000) return "invalid";
  if (mstatus & 0x2000) return "unavailable";
  if (mstatus & 0x4000) return "questionable";
  if (dstatus & 0x0002) return "equipment_malfunction";
  if (dstatus & 0x0800) return "sensor_off_user";
  if (dstatus & 0x4000) return "sensor_malfunctioning";
  return dstatus & 0x8000 ? "sensor_disconnected" : "";
}

void withhold(Reading& reading, std::span<const std::size_t> fields, std::string_view why) {
  for (const std::size_t field : fields)
    if (!why.empty() && reading.value(field).kind == FieldValue::Kind::number)
      reading.withheld(field, why, reading.sent(field));
}

void put_pair(Reading& reading, std::size_t first, ValueReader& value) {
  put_sfloat(reading, first, value.u16());
  put_sfloat(reading, first + 1, value.u16());
  const FieldValue& spo2 = reading.value(first);
  if (spo2.kind == FieldValue::Kind::number && (spo2.number < 0 || spo2.number > 100))
    reading.find(findings::out_of_range);
}

struct Places {
  std::size_t mstatus, dstatus, pai;
};

// The fields that both measurements end with; `bits`: which of them are there.
std::string_view put_statuses(Reading& reading, ValueReader& value, unsigned bits,
                              const Places& at) {
  const std::uint16_t mstatus = bits & 1 ? value.u16() : std::uint16_t{0};
  const std::uint32_t dstatus = bits & 2 ? value.u24() : 0;
  if (bits & 1) put_flags(reading, at.mstatus, mstatus, known_measurement_status);
  if (bits & 2) put_flags(reading, at.dstatus, dstatus, known_device_status);
  if (bits & 4) put_sfloat(reading, at.pai, value.u16());
  return why_not_valid(mstatus, dstatus);
}

namespace spot {
enum : std::size_t { spo2, pr, timestamp, mstatus, dstatus, amplitude, clock_not_set };
constexpr ReadingField fields[] = {
    spo2_field,
    pr_field,
    {"timestamp", time, "s", {"时间戳", "time stamp"}},
    measurement_status,
    device_status,
    pai,
    {"clock_not_set", truth, "", {"设备时钟未设置", "device clock is not set"}},
};
constexpr std::size_t readings[] = {spo2, pr};

// Flags: 0 = time stamp, 1 = measurement status, 2 = device status, 3 = amplitude, 4 = clock not
// set.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  put_pair(reading, spo2, value);
  if (flag_bits & 0x01) put_date_time(reading, timestamp, value.take(7));
  withhold(reading, readings,
           put_statuses(reading, value, flag_bits >> 1, {mstatus, dstatus, amplitude}));
  reading.number(clock_not_set, flag_bits >> 4 & 1);
  return end_of_value(value, flag_bits & 0xE0, reading);
}
}  // namespace spot

namespace continuous {
enum : std::size_t {
  spo2,
  pr,
  spo2_fast,
  pr_fast,
  spo2_slow,
  pr_slow,
  mstatus,
  dstatus,
  amplitude
};
constexpr ReadingField fields[] = {
    spo2_field,
    pr_field,
    {"spo2_fast", number, "%", {"血氧饱和度（快）", "oxygen saturation (fast)"}},
    {"pr_fast", number, "/min", {"脉率（快）", "pulse rate (fast)"}},
    {"spo2_slow", number, "%", {"血氧饱和度（慢）", "oxygen saturation (slow)"}},
    {"pr_slow", number, "/min", {"脉率（慢）", "pulse rate (slow)"}},
    measurement_status,
    device_status,
    pai,
};
constexpr std::size_t readings[] = {spo2, pr, spo2_fast, pr_fast, spo2_slow, pr_slow};

// Flags: 0 = fast pair, 1 = slow pair, 2 = measurement status, 3 = device status, 4 = amplitude.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  put_pair(reading, spo2, value);
  if (flag_bits & 0x01) put_pair(reading, spo2_fast, value);
  if (flag_bits & 0x02) put_pair(reading, spo2_slow, value);
  withhold(reading, readings,
           put_statuses(reading, value, flag_bits >> 2, {mstatus, dstatus, amplitude}));
  return end_of_value(value, flag_bits & 0xE0, reading);
}
}  // namespace continuous

namespace feature {
constexpr std::string_view names[] = {"measurement_status", "device_sensor_status", "storage",
                                      "timestamp",          "spo2pr_fast",          "spo2pr_slow",
                                      "pulse_amplitude",    "multiple_bonds"};
enum : std::size_t { features, mstatus, dstatus };
constexpr ReadingField fields[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, names},
    {"mstatus_support",
     flags,
     "",
     {"支持的测量状态", "supported measurement status"},
     measurement_statuses},
    {"dstatus_support", flags, "", {"支持的设备状态", "supported device status"}, device_statuses},
};

bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned supported = value.u16();
  put_flags(reading, features, supported, 0xFF);
  if (supported & 0x01) put_flags(reading, mstatus, value.u16(), known_measurement_status);
  if (supported & 0x02) put_flags(reading, dstatus, value.u24(), known_device_status);
  return end_of_value(value, supported & 0xFF00, reading);
}
}  // namespace feature

constexpr GattCharacteristic characteristics[] = {
    {0x2A5E,
     0x1822,
     is::indicate,
     "plx_spot_check_measurement",
     {"血氧单次测量", "pulse oximeter spot-check measurement"},
     spot::fields,
     spot::decode},
    {0x2A5F,
     0x1822,
     is::notify,
     "plx_continuous_measurement",
     {"血氧连续测量", "pulse oximeter continuous measurement"},
     continuous::fields,
     continuous::decode},
    {0x2A60,
     0x1822,
     is::read,
     "plx_features",
     {"血氧功能", "pulse oximeter features"},
     feature::fields,
     feature::decode,
     nullptr,
     false,
     is::indicate},
};

}  // namespace

extern const GattFamily pulse_oximeter;
const GattFamily pulse_oximeter{characteristics};

}  // namespace carebench::gatt
