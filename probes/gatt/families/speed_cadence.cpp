// Running Speed and Cadence Service 1814 and Cycling Speed and Cadence Service 1816 (rehabilitation
// equipment, walking aids): measurements and features.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

namespace running {
enum : std::size_t { speed, cadence, stride, distance_raw, distance, is_running };
constexpr ReadingField fields[] = {
    {"speed_mps", number, "m/s", {"速度", "speed"}},
    {"cadence", number, "/min", {"步频", "cadence"}},
    {"stride_cm", number, "cm", {"步幅", "stride length"}},
    {"distance_raw", number, "", {"总距离（0.1 m）", "total distance (0.1 m)"}},
    {"distance", number, "m", {"总距离", "total distance"}},
    {"running", truth, "", {"跑步", "running"}},
};

// Flags: 0 = stride, 1 = distance, 2 = running (else walking).
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  put_scaled(reading, speed, value.u16(), 256);
  reading.number(cadence, value.u8());
  if (flag_bits & 0x01) reading.number(stride, value.u16());
  if (flag_bits & 0x02) {
    const std::uint32_t decimetres = value.u32();
    reading.number(distance_raw, decimetres);
    put_scaled(reading, distance, decimetres, 10);
  }
  reading.number(is_running, flag_bits >> 2 & 1);
  return end_of_value(value, flag_bits & 0xF8, reading);
}
}  // namespace running

namespace cycling {
enum : std::size_t { wheel_revolutions, wheel_time, crank_revolutions, crank_time };
// Event times are 1/1024 s and start again at 0 after 64 s.
constexpr ReadingField fields[] = {
    {"wheel_revolutions", number, "{count}", {"车轮转数", "wheel revolutions"}},
    {"wheel_time_1024", number, "", {"车轮事件时间（1/1024 s）", "wheel event time (1/1024 s)"}},
    {"crank_revolutions", number, "{count}", {"曲柄转数", "crank revolutions"}},
    {"crank_time_1024", number, "", {"曲柄事件时间（1/1024 s）", "crank event time (1/1024 s)"}},
};

// Flags: 0 = wheel, 1 = crank.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  if (flag_bits & 0x01) {
    reading.number(wheel_revolutions, value.u32());
    reading.number(wheel_time, value.u16());
  }
  if (flag_bits & 0x02) {
    reading.number(crank_revolutions, value.u16());
    reading.number(crank_time, value.u16());
  }
  return end_of_value(value, flag_bits & 0xFC, reading);
}
}  // namespace cycling

constexpr std::string_view running_names[] = {
    "stride_length", "total_distance", "walking_or_running", "calibration", "multiple_locations"};
constexpr std::string_view cycling_names[] = {"wheel_revolutions", "crank_revolutions",
                                              "multiple_locations"};
constexpr ReadingField running_features[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, running_names}};
constexpr ReadingField cycling_features[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, cycling_names}};

bool decode_features(ByteView octets, std::uint64_t known, Reading& reading) {
  ValueReader value(octets);
  put_flags(reading, 0, value.u16(), known);
  return end_of_fixed(value, reading);
}
bool decode_running_feature(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_features(octets, 0x1F, reading);
}
bool decode_cycling_feature(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_features(octets, 0x07, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A53,
     0x1814,
     is::notify,
     "rsc_measurement",
     {"跑步速度与步频", "running speed and cadence"},
     running::fields,
     running::decode},
    {0x2A54,
     0x1814,
     is::read,
     "rsc_feature",
     {"跑步速度与步频功能", "running speed and cadence feature"},
     running_features,
     decode_running_feature},
    {0x2A5B,
     0x1816,
     is::notify,
     "csc_measurement",
     {"骑行速度与踏频", "cycling speed and cadence"},
     cycling::fields,
     cycling::decode},
    {0x2A5C,
     0x1816,
     is::read,
     "csc_feature",
     {"骑行速度与踏频功能", "cycling speed and cadence feature"},
     cycling_features,
     decode_cycling_feature},
};

}  // namespace

extern const GattFamily speed_cadence;
const GattFamily speed_cadence{characteristics};

}  // namespace carebench::gatt
