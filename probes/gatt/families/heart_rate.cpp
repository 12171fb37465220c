// Heart Rate Service 180D: measurement, body sensor location, control point.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

enum : std::size_t { heart_rate_, contact, energy, rr_intervals };
constexpr ReadingField measurement[] = {
    {"heart_rate", number, "/min", {"心率", "heart rate"}},
    {"contact", truth, "", {"皮肤接触", "skin contact"}},
    {"energy_kj", number, "kJ", {"能量消耗", "energy expended"}},
    // Oldest first, in units of 1/1024 s.
    {"rr_1024", list, "", {"RR 间期（1/1024 s）", "RR intervals (1/1024 s)"}},
};

using enum ValueFinding::Severity;
const ValueFinding rr_flag_without_rr{
    violation,
    "rr_flag_without_rr",
    {"声明有 RR 间期但没有", "RR intervals are announced and missing"}};
const ValueFinding zero_with_contact{
    violation,
    "zero_with_contact",
    {"皮肤接触时心率为 0", "heart rate 0 while there is skin contact"}};
const ValueFinding zero_heart_rate{
    note,
    "zero_heart_rate",
    {"心率为 0，且不报告皮肤接触", "heart rate 0 from a device without contact detection"}};

// Flags: 0 = heart rate has 16 bits, 1 = contact, 2 = contact is known, 3 = energy, 4 = RR.
bool decode_measurement(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flags = value.u8();
  const unsigned rate = flags & 0x01 ? value.u16() : value.u8();
  const bool contact_known = flags & 0x04, touching = contact_known && flags & 0x02;
  if (contact_known) reading.number(contact, touching);
  // No signal is no bradycardia: 0 is a number only where the device insists on contact.
  if (rate || touching)
    reading.number(heart_rate_, rate);
  else
    reading.special(heart_rate_, "no_signal");
  if (!rate && touching) reading.find(zero_with_contact);
  if (!rate && !contact_known) reading.find(zero_heart_rate);
  if (flags & 0x08) {
    const unsigned spent = value.u16();
    if (spent == 0xFFFF)
      reading.special(energy, "overrun");
    else
      reading.number(energy, spent);
  }
  if (flags & 0x10) {
    if (value.left() % 2) return reading.refuse("truncated: the last RR interval has one octet");
    if (!value.left()) reading.find(rr_flag_without_rr);
    reading.octets(rr_intervals, value.rest());
    while (value.left()) reading.item(value.u16());
  }
  return end_of_value(value, flags & 0xE0, reading);
}

constexpr std::string_view locations[] = {"other", "chest",    "wrist", "finger",
                                          "hand",  "ear_lobe", "foot"};
constexpr ReadingField location[] = {
    {"location", code, "", {"佩戴部位", "body sensor location"}, locations}};

bool decode_location(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_code(reading, location[0], 0, value.u8());
  return end_of_fixed(value, reading);
}

constexpr std::string_view commands[] = {"", "reset_energy_expended"};
constexpr ReadingField command[] = {{"command", code, "", {"命令", "command"}, commands}};

bool decode_command(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_code(reading, command[0], 0, value.u8());
  return end_of_fixed(value, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A37,
     0x180D,
     is::notify,
     "heart_rate_measurement",
     {"心率测量", "heart rate measurement"},
     measurement,
     decode_measurement},
    {0x2A38,
     0x180D,
     is::read,
     "body_sensor_location",
     {"佩戴部位", "body sensor location"},
     location,
     decode_location},
    {0x2A39,
     0x180D,
     is::write,
     "heart_rate_control_point",
     {"心率控制点", "heart rate control point"},
     command,
     decode_command},
};

}  // namespace

extern const GattFamily heart_rate;
const GattFamily heart_rate{characteristics};

}  // namespace carebench::gatt
