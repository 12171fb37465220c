// Scales that broadcast their readings in service data: Mi Smart Scale (181D, a layout that is not
// the Weight Scale Service's) and Mi Body Composition Scale 2 (181B). No connection is needed.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding two_units{
    violation, "two_units", {"同时声明两种单位", "two units are announced at once"}};

constexpr std::string_view units[] = {"kg", "lb", "jin"};
constexpr std::string_view modes[] = {"person", "object"};
constexpr Factor jin_to_kg{1, 2};  // 斤

constexpr ReadingField weight_field{"weight", number, "kg", {"体重", "weight"}};
constexpr ReadingField unit_field{"unit", code, "", {"单位", "unit"}, units};
constexpr ReadingField mode_field{"mode", code, "", {"称量模式", "weighing mode"}, modes};
constexpr ReadingField stable_field{"stable", truth, "", {"读数稳定", "the reading is stable"}};
constexpr ReadingField removed_field{"removed", truth, "", {"已离秤", "the load was removed"}};
constexpr ReadingField time_field{"timestamp", time, "s", {"时间戳", "time stamp"}};

enum : std::size_t { weight, unit, mode, stable, removed, timestamp, impedance };

struct State {
  bool pounds = false, jin = false, object = false, stable = false, removed = false;
};

// 1/200 kg, 1/100 lb or 1/100 jin. What still moves is no reading.
void put_state(Reading& reading, std::uint16_t raw, const State& state) {
  if (state.jin)
    put_scaled(reading, weight, raw, 100, jin_to_kg);
  else if (state.pounds)
    put_scaled(reading, weight, raw, 100, lb_to_kg);
  else
    put_scaled(reading, weight, raw, 200);
  put_code(reading, unit_field, unit, state.jin ? 2 : state.pounds);
  put_code(reading, mode_field, mode, state.object);
  reading.number(stable, state.stable);
  reading.number(removed, state.removed);
  if (!state.stable) reading.withheld(weight, "unstable", reading.sent(weight));
  if (!state.jin || !state.pounds) return;
  reading.find(two_units);
  reading.withheld(weight, "unit_unknown", reading.sent(weight));
}

constexpr ReadingField plain[] = {weight_field, unit_field,    mode_field,
                                  stable_field, removed_field, time_field};

// Flags: 0 = lb, 4 = jin, 5 = stable, 6 = object, 7 = removed.
bool decode_plain(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  const auto bit = [&](int which) { return (flag_bits >> which & 1) != 0; };
  put_state(reading, value.u16(), {bit(0), bit(4), bit(6), bit(5), bit(7)});
  put_date_time(reading, timestamp, value.take(7));
  return end_of_fixed(value, reading);
}

constexpr ReadingField composition[] = {weight_field,
                                        unit_field,
                                        mode_field,
                                        stable_field,
                                        removed_field,
                                        time_field,
                                        {"impedance_ohm", number, "Ohm", {"阻抗", "impedance"}}};

// First octet: 0 = lb, 2 = object; second: 1 = impedance, 5 = stable, 6 = jin, 7 = removed.
bool decode_composition(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u16();
  const auto bit = [&](int which) { return (flag_bits >> which & 1) != 0; };
  put_date_time(reading, timestamp, value.take(7));
  const std::uint16_t ohm = value.u16();
  if (bit(9)) reading.number(impedance, ohm);
  put_state(reading, value.u16(), {bit(0), bit(14), bit(2), bit(13), bit(15)});
  return end_of_fixed(value, reading);
}

constexpr GattBroadcast broadcasts[] = {
    {EventKind::service_data,
     "xiaomi",
     {0x181D,
      0x181D,
      0,
      "xiaomi_scale",
      {"体重秤广播（小米）", "scale broadcast (Xiaomi)"},
      plain,
      decode_plain}},
    {EventKind::service_data,
     "xiaomi",
     {0x181B,
      0x181B,
      0,
      "xiaomi_body_composition_scale",
      {"体脂秤广播（小米）", "body composition scale broadcast (Xiaomi)"},
      composition,
      decode_composition}},
};

}  // namespace

extern const GattFamily xiaomi_scale;
const GattFamily xiaomi_scale{{}, broadcasts};

}  // namespace carebench::gatt
