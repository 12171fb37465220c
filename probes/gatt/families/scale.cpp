// Weight Scale Service 181D and Body Composition Service 181B: measurements and features. Masses
// are kilograms and heights metres whatever the device sends.
#include "probes/gatt/value_reader.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding values_with_unsuccessful{
    violation,
    "values_with_unsuccessful",
    {"测量未成功却仍有其他数值", "other values stand beside an unsuccessful measurement"}};

constexpr std::string_view units[] = {"kg", "lb"};
constexpr std::string_view mass_steps[] = {
    "not_specified",    "0.5 kg / 1 lb",     "0.2 kg / 0.5 lb",   "0.1 kg / 0.2 lb",
    "0.05 kg / 0.1 lb", "0.02 kg / 0.05 lb", "0.01 kg / 0.02 lb", "0.005 kg / 0.01 lb"};
constexpr std::string_view height_steps[] = {"not_specified", "0.01 m / 1 in", "0.005 m / 0.5 in",
                                             "0.001 m / 0.1 in"};
constexpr std::uint16_t unsuccessful = 0xFFFF;

// 0.005 kg or 0.01 lb.
void put_mass(Reading& reading, std::size_t field, std::uint16_t raw, bool imperial) {
  if (imperial)
    put_scaled(reading, field, raw, 100, lb_to_kg);
  else
    put_scaled(reading, field, raw, 200);
}

// 0.001 m or 0.1 in.
void put_height(Reading& reading, std::size_t field, std::uint16_t raw, bool imperial) {
  if (imperial)
    put_scaled(reading, field, raw, 10, inch_to_m);
  else
    put_scaled(reading, field, raw, 1000);
}

namespace weight_scale {
enum : std::size_t { weight, unit, timestamp, user_id, bmi, height };
constexpr ReadingField fields[] = {
    {"weight", number, "kg", {"体重", "weight"}},
    {"unit", code, "", {"单位", "unit"}, units},
    {"timestamp", time, "s", {"时间戳", "time stamp"}},
    {"user_id", number, "", {"用户号", "user"}},
    {"bmi", number, "kg/m2", {"体质指数", "body mass index"}},
    {"height", number, "m", {"身高", "height"}},
};

// Flags: 0 = pounds and inches, 1 = time stamp, 2 = user, 3 = body mass index and height.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  const bool imperial = flag_bits & 0x01;
  const std::uint16_t raw = value.u16();
  put_code(reading, fields[unit], unit, imperial);
  if (raw == unsuccessful)
    reading.special(weight, "unsuccessful");
  else
    put_mass(reading, weight, raw, imperial);
  if (flag_bits & 0x02) put_date_time(reading, timestamp, value.take(7));
  if (flag_bits & 0x04) put_user(reading, user_id, value.u8());
  if (flag_bits & 0x08) {
    put_scaled(reading, bmi, value.u16(), 10);
    put_height(reading, height, value.u16(), imperial);
    if (raw == unsuccessful) reading.find(values_with_unsuccessful);
  }
  return end_of_value(value, flag_bits & 0xF0, reading);
}
}  // namespace weight_scale

namespace composition {
enum : std::size_t {
  fat_pct,
  unit,
  timestamp,
  user_id,
  bmr_kj,
  muscle_pct,
  muscle_mass,
  fat_free_mass,
  soft_lean_mass,
  water_mass,
  impedance_ohm,
  weight,
  height,
  multi_packet
};
constexpr ReadingField fields[] = {
    {"fat_pct", number, "%", {"体脂率", "body fat"}},
    {"unit", code, "", {"单位", "unit"}, units},
    {"timestamp", time, "s", {"时间戳", "time stamp"}},
    {"user_id", number, "", {"用户号", "user"}},
    {"bmr_kj", number, "kJ", {"基础代谢", "basal metabolism"}},
    {"muscle_pct", number, "%", {"肌肉率", "muscle percentage"}},
    {"muscle_mass", number, "kg", {"肌肉量", "muscle mass"}},
    {"fat_free_mass", number, "kg", {"去脂体重", "fat-free mass"}},
    {"soft_lean_mass", number, "kg", {"瘦软组织量", "soft lean mass"}},
    {"water_mass", number, "kg", {"体水分量", "body water mass"}},
    {"impedance_ohm", number, "Ohm", {"阻抗", "impedance"}},
    {"weight", number, "kg", {"体重", "weight"}},
    {"height", number, "m", {"身高", "height"}},
    {"multi_packet", truth, "", {"分两包", "two packets make one record"}},
};

// Flags: 0 = pounds and inches, 1 = time stamp, 2 = user, then one bit a field from the basal
// metabolism to the height, 12 = one of the two packets of a record.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u16();
  const bool imperial = flag_bits & 0x01;
  const std::uint16_t fat = value.u16();
  put_code(reading, fields[unit], unit, imperial);
  if (fat == unsuccessful)
    reading.special(fat_pct, "unsuccessful");
  else
    put_scaled(reading, fat_pct, fat, 10);
  if (fat != unsuccessful && fat > 1000) reading.find(findings::out_of_range);
  if (fat == unsuccessful && flag_bits & 0x0FF8) reading.find(values_with_unsuccessful);
  if (flag_bits & 0x0002) put_date_time(reading, timestamp, value.take(7));
  if (flag_bits & 0x0004) put_user(reading, user_id, value.u8());
  if (flag_bits & 0x0008) reading.number(bmr_kj, value.u16());
  if (flag_bits & 0x0010) put_scaled(reading, muscle_pct, value.u16(), 10);
  for (std::size_t field = muscle_mass; field <= water_mass; ++field)
    if (flag_bits >> (field - muscle_mass + 5) & 1) put_mass(reading, field, value.u16(), imperial);
  if (flag_bits & 0x0200) put_scaled(reading, impedance_ohm, value.u16(), 10);
  if (flag_bits & 0x0400) put_mass(reading, weight, value.u16(), imperial);
  if (flag_bits & 0x0800) put_height(reading, height, value.u16(), imperial);
  reading.number(multi_packet, flag_bits >> 12 & 1);
  return end_of_value(value, flag_bits & 0xE000, reading);
}
}  // namespace composition

constexpr std::string_view scale_features[] = {"timestamp", "multiple_users", "bmi"};
constexpr std::string_view composition_features[] = {
    "timestamp",     "multiple_users", "basal_metabolism", "muscle_percentage", "muscle_mass",
    "fat_free_mass", "soft_lean_mass", "body_water_mass",  "impedance",         "weight",
    "height"};

enum : std::size_t { features, mass_resolution, height_resolution };
constexpr ReadingField mass_step{
    "mass_resolution", code, "", {"质量分辨力", "mass resolution"}, mass_steps};
constexpr ReadingField height_step{
    "height_resolution", code, "", {"身高分辨力", "height resolution"}, height_steps};
constexpr ReadingField scale_feature[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, scale_features},
    mass_step,
    height_step,
};
constexpr ReadingField composition_feature[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, composition_features},
    mass_step,
    height_step,
};

// `bits` features, then 4 bits of mass resolution and 3 bits of height resolution.
bool decode_feature(ByteView octets, int bits, Reading& reading) {
  ValueReader value(octets);
  const std::uint32_t mask = value.u32(), known = (1U << bits) - 1;
  put_flags(reading, features, mask & known, known);
  put_code(reading, mass_step, mass_resolution, mask >> bits & 0xF);
  put_code(reading, height_step, height_resolution, mask >> (bits + 4) & 0x7);
  if (mask >> (bits + 7)) reading.find(findings::rfu_flags);
  return end_of_fixed(value, reading);
}

bool decode_scale_feature(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_feature(octets, 3, reading);
}
bool decode_composition_feature(ByteView octets, const GattOptions&, Reading& reading) {
  return decode_feature(octets, 11, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A9D,
     0x181D,
     is::indicate,
     "weight_measurement",
     {"体重测量", "weight measurement"},
     weight_scale::fields,
     weight_scale::decode},
    {0x2A9E,
     0x181D,
     is::read,
     "weight_scale_feature",
     {"体重秤功能", "weight scale feature"},
     scale_feature,
     decode_scale_feature,
     nullptr,
     false,
     is::indicate},
    {0x2A9C,
     0x181B,
     is::indicate,
     "body_composition_measurement",
     {"身体成分测量", "body composition measurement"},
     composition::fields,
     composition::decode},
    {0x2A9B,
     0x181B,
     is::read,
     "body_composition_feature",
     {"身体成分功能", "body composition feature"},
     composition_feature,
     decode_composition_feature,
     nullptr,
     false,
     is::indicate},
};

}  // namespace

extern const GattFamily scale;
const GattFamily scale{characteristics};

}  // namespace carebench::gatt
