// Health Thermometer Service 1809: temperature, intermediate temperature, its place, its interval.
// Temperatures are degrees Celsius whatever the device sends.
#include "probes/gatt/value_reader.h"
#include "probes/ieee11073.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

constexpr std::string_view units[] = {"C", "F"};
constexpr std::string_view places[] = {
    "",      "armpit", "body", "ear",     "finger", "gastrointestinal_tract",
    "mouth", "rectum", "toe",  "tympanum"};

enum : std::size_t { unit, temperature, timestamp, type };
constexpr ReadingField measurement[] = {
    {"unit", code, "", {"单位", "unit"}, units},
    {"temperature", number, "Cel", {"体温", "temperature"}},
    {"timestamp", time, "s", {"时间戳", "time stamp"}},
    {"type", code, "", {"测量部位", "temperature type"}, places},
};

// Flags: 0 = Fahrenheit, 1 = time stamp, 2 = type.
bool decode_measurement(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  put_code(reading, measurement[unit], unit, flag_bits & 1);
  const Ieee11073 sent = ieee11073_float(value.u32());
  if (!sent.special.empty())
    reading.special(temperature, sent.special);
  else if (flag_bits & 0x01)
    reading.number(temperature, (sent.value() - 32) * 5 / 9, sent.value());
  else
    reading.number(temperature, sent.value());
  if (flag_bits & 0x02) put_date_time(reading, timestamp, value.take(7));
  if (flag_bits & 0x04) put_code(reading, measurement[type], type, value.u8());
  return end_of_value(value, flag_bits & 0xF8, reading);
}

constexpr ReadingField place[] = {measurement[type]};

bool decode_type(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_code(reading, place[0], 0, value.u8());
  return end_of_fixed(value, reading);
}

constexpr ReadingField interval[] = {
    {"seconds", number, "s", {"测量间隔", "measurement interval"}}};

bool decode_interval(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const std::uint16_t seconds = value.u16();
  if (seconds)
    reading.number(0, seconds);
  else
    reading.special(0, "not_periodic");
  return end_of_fixed(value, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A1C,
     0x1809,
     is::indicate,
     "temperature_measurement",
     {"体温测量", "temperature measurement"},
     measurement,
     decode_measurement},
    {0x2A1E,
     0x1809,
     is::notify,
     "intermediate_temperature",
     {"实时体温", "intermediate temperature"},
     measurement,
     decode_measurement},
    {0x2A1D,
     0x1809,
     is::read,
     "temperature_type",
     {"测量部位", "temperature type"},
     place,
     decode_type},
    {0x2A21,
     0x1809,
     is::read,
     "measurement_interval",
     {"测量间隔", "measurement interval"},
     interval,
     decode_interval,
     nullptr,
     false,
     is::indicate | is::write},
};

}  // namespace

extern const GattFamily thermometer;
const GattFamily thermometer{characteristics};

}  // namespace carebench::gatt
