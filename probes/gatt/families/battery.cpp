// Battery Service 180F: level, level status.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;

constexpr ReadingField level_field{"level", number, "%", {"电量", "battery level"}};
constexpr ReadingField level_only[] = {level_field};

bool decode_level(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const std::uint8_t percent = value.u8();
  if (!end_of_fixed(value, reading)) return false;
  if (percent > 100) return reading.refuse("range: a battery level has 0 to 100 percent");
  reading.number(0, percent);
  return true;
}

constexpr std::string_view connections[] = {"no", "yes", "unknown"};
constexpr std::string_view charge_states[] = {"unknown", "charging", "discharging_active",
                                              "discharging_inactive"};
constexpr std::string_view charge_levels[] = {"unknown", "good", "low", "critical"};
constexpr std::string_view charge_types[] = {"unknown_or_not_charging", "constant_current",
                                             "constant_voltage", "trickle", "float"};
constexpr std::string_view faults[] = {"battery", "external_power", "other"};
constexpr std::string_view services[] = {"no", "yes", "unknown"};

enum : std::size_t {
  present,
  wired,
  wireless,
  charge_state,
  charge_level,
  charge_type,
  fault,
  identifier,
  level,
  service_required,
  battery_fault
};
constexpr ReadingField status[] = {
    {"battery_present", truth, "", {"有电池", "battery is present"}},
    {"wired_power", code, "", {"有线外部供电", "wired external power"}, connections},
    {"wireless_power", code, "", {"无线外部供电", "wireless external power"}, connections},
    {"charge_state", code, "", {"充电状态", "charge state"}, charge_states},
    {"charge_level", code, "", {"电量级别", "charge level"}, charge_levels},
    {"charge_type", code, "", {"充电方式", "charging type"}, charge_types},
    {"charge_faults", flags, "", {"充电故障", "charging faults"}, faults},
    {"identifier", number, "", {"标识", "identifier"}},
    level_field,
    {"service_required", code, "", {"需要维修", "service required"}, services},
    {"battery_fault", truth, "", {"电池故障", "battery fault"}},
};

// Flags: 0 = identifier, 1 = level, 2 = additional status. Then 16 bits of power state.
bool decode_status(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8(), power = value.u16();
  reading.number(present, power & 1);
  put_code(reading, status[wired], wired, power >> 1 & 3);
  put_code(reading, status[wireless], wireless, power >> 3 & 3);
  put_code(reading, status[charge_state], charge_state, power >> 5 & 3);
  put_code(reading, status[charge_level], charge_level, power >> 7 & 3);
  put_code(reading, status[charge_type], charge_type, power >> 9 & 7);
  put_flags(reading, fault, power >> 12 & 7, 7);
  if (power & 0x8000) reading.find(findings::rfu_flags);
  if (flag_bits & 0x01) reading.number(identifier, value.u16());
  if (flag_bits & 0x02) {
    const std::uint8_t percent = value.u8();
    if (percent > 100) {
      reading.special(level, "invalid");
      reading.find(findings::out_of_range);
    } else {
      reading.number(level, percent);
    }
  }
  if (flag_bits & 0x04) {
    const unsigned additional = value.u8();
    put_code(reading, status[service_required], service_required, additional & 3);
    reading.number(battery_fault, additional >> 2 & 1);
    if (additional & 0xF8) reading.find(findings::rfu_flags);
  }
  return end_of_value(value, flag_bits & 0xF8, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A19,
     0x180F,
     is::read,
     "battery_level",
     {"电量", "battery level"},
     level_only,
     decode_level,
     nullptr,
     false,
     is::notify},
    {0x2BED,
     0x180F,
     is::read,
     "battery_level_status",
     {"电池状态", "battery level status"},
     status,
     decode_status,
     nullptr,
     false,
     is::notify | is::indicate},
};

}  // namespace

extern const GattFamily battery;
const GattFamily battery{characteristics};

}  // namespace carebench::gatt
