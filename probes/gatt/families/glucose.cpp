// Glucose Service 1808: measurement, context, feature. (Records are asked for by the record access
// control point.)
#include "standards/vocab/glucose.h"

#include "probes/gatt/families/glucose_codes.h"
#include "probes/gatt/value_reader.h"
#include "probes/ieee11073.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding control_solution_place{
    violation,
    "control_solution_place",
    {"类型与部位对质控液的标识不一致", "type and location disagree about control solution"}};

constexpr std::string_view units[] = {"kg/L", "mol/L"};
constexpr std::string_view locations[] = {
    "", "finger", "alternate_site", "earlobe", "control_solution", "", "", "", "", "", "", "", "",
    "", "",       "not_available"};
constexpr std::string_view statuses[] = {
    "battery_low",         "sensor_malfunction", "sample_too_small", "strip_insertion_error",
    "wrong_strip",         "result_too_high",    "result_too_low",   "temperature_too_high",
    "temperature_too_low", "strip_pulled_early", "general_fault",    "time_fault"};

enum : std::size_t {
  sequence,
  base_time,
  time_offset,
  user_time,
  concentration,
  unit,
  glucose_mgdl,
  glucose_mmol,
  type,
  location,
  status,
  context_follows
};
constexpr ReadingField measurement[] = {
    {"sequence", number, "", {"序号", "sequence number"}},
    {"base_time", time, "s", {"基准时间", "base time"}},
    {"time_offset_min", number, "min", {"时间偏移", "time offset"}},
    // Base time plus offset: what the user's clock said.
    {"user_time", time, "s", {"用户时间", "user-facing time"}},
    {"concentration", number, "", {"浓度（原单位）", "concentration (as sent)"}},
    {"unit", code, "", {"单位", "unit"}, units},
    // The same in both usual units; withheld for control solution, which is no patient's.
    {"glucose_mgdl", number, "mg/dL", {"血糖", "glucose"}},
    {"glucose_mmol", number, "mmol/L", {"血糖", "glucose"}},
    {"type", code, "", {"样本类型", "sample type"}, glucose_types, true},
    {"location", code, "", {"采样部位", "sample location"}, locations, true},
    {"status", flags, "", {"传感器状态", "sensor status"}, statuses, true},
    {"context_follows", truth, "", {"后有上下文", "context follows"}},
};

void put_concentration(Reading& reading, std::uint16_t raw, bool moles, bool control) {
  const Ieee11073 sent = ieee11073_sfloat(raw);
  if (!sent.special.empty()) {
    for (const std::size_t field : {concentration, glucose_mgdl, glucose_mmol})
      reading.special(field, sent.special);
    return;
  }
  const double mmol = moles ? sent.value(3) : sent.value(5) / glucose_mg_dl_per_mmol_l;
  const double mgdl = moles ? sent.value(3) * glucose_mg_dl_per_mmol_l : sent.value(5);
  reading.number(concentration, sent.value());
  if (control) {
    reading.withheld(glucose_mgdl, "control_solution", mgdl);
    reading.withheld(glucose_mmol, "control_solution", mmol);
  } else {
    reading.number(glucose_mgdl, mgdl);
    reading.number(glucose_mmol, mmol);
  }
}

void put_user_time(Reading& reading, double offset_min) {
  const FieldValue& base = reading.value(base_time);
  if (base.kind == FieldValue::Kind::number)
    reading.number(user_time, base.number + 60 * offset_min);
  else
    reading.special(user_time, base.text);
}

// Flags: 0 = time offset, 1 = concentration, type and location, 2 = mol/L, 3 = status, 4 = context.
bool decode_measurement(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  reading.number(sequence, value.u16());
  put_date_time(reading, base_time, value.take(7));
  double offset = 0;
  if (flag_bits & 0x01) reading.number(time_offset, offset = value.s16());
  put_user_time(reading, offset);
  if (flag_bits & 0x02) {
    const std::uint16_t raw = value.u16();
    const unsigned kind = value.u8();
    const bool control = (kind & 0xF) == 10;
    put_concentration(reading, raw, flag_bits & 0x04, control);
    put_code(reading, measurement[unit], unit, flag_bits >> 2 & 1);
    put_code(reading, measurement[type], type, kind & 0xF);
    put_code(reading, measurement[location], location, kind >> 4);
    if (control != (kind >> 4 == 4)) reading.find(control_solution_place);
  }
  if (flag_bits & 0x08) put_flags(reading, status, value.u16(), 0xFFF);
  reading.number(context_follows, flag_bits >> 4 & 1);
  return end_of_value(value, flag_bits & 0xE0, reading);
}

constexpr std::string_view meals_eaten[] = {"",      "breakfast", "lunch",  "dinner",
                                            "snack", "drink",     "supper", "brunch"};
constexpr std::string_view meals[] = {"",        "preprandial", "postprandial",
                                      "fasting", "casual",      "bedtime"};
constexpr std::string_view testers[] = {
    "", "self", "professional", "laboratory", "", "", "", "", "", "", "", "", "",
    "", "",     "not_available"};
constexpr std::string_view healths[] = {"",
                                        "minor_issues",
                                        "major_issues",
                                        "during_menses",
                                        "under_stress",
                                        "no_issues",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "not_available"};
constexpr std::string_view medications[] = {
    "", "rapid_acting", "short_acting", "intermediate_acting", "long_acting", "premixed"};
constexpr std::string_view medication_units[] = {"kg", "L"};

enum : std::size_t {
  context_sequence,
  ext_flags,
  carb_id,
  carb_kg,
  meal,
  tester,
  health,
  exercise_s,
  exercise_pct,
  med_id,
  med,
  med_unit,
  hba1c_pct
};
constexpr ReadingField context[] = {
    {"sequence", number, "", {"序号", "sequence number"}},
    {"ext_flags", number, "", {"扩展标志", "extended flags"}},
    {"carb_id", code, "", {"进食类别", "carbohydrate"}, meals_eaten, true},
    {"carb_kg", number, "kg", {"碳水化合物", "carbohydrate"}},
    {"meal", code, "", {"餐次", "meal"}, meals, true},
    {"tester", code, "", {"测试者", "tester"}, testers, true},
    {"health", code, "", {"健康状况", "health"}, healths, true},
    {"exercise_s", number, "s", {"运动时长", "exercise duration"}},
    {"exercise_pct", number, "%", {"运动强度", "exercise intensity"}},
    {"med_id", code, "", {"药物", "medication"}, medications, true},
    {"med", number, "", {"药量（原单位）", "medication (as sent)"}},
    {"med_unit", code, "", {"药量单位", "medication unit"}, medication_units},
    {"hba1c_pct", number, "%", {"糖化血红蛋白", "HbA1c"}},
};

// Flags: 0 = carbohydrate, 1 = meal, 2 = tester and health, 3 = exercise, 4 = medication, 5 = its
// unit is litres, 6 = HbA1c, 7 = extended flags (right after the sequence number).
bool decode_context(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  reading.number(context_sequence, value.u16());
  if (flag_bits & 0x80) put_flags(reading, ext_flags, value.u8(), 0);
  if (flag_bits & 0x01) {
    put_code(reading, context[carb_id], carb_id, value.u8());
    put_sfloat(reading, carb_kg, value.u16());
  }
  if (flag_bits & 0x02) put_code(reading, context[meal], meal, value.u8());
  if (flag_bits & 0x04) {
    const unsigned both = value.u8();
    put_code(reading, context[tester], tester, both & 0xF);
    put_code(reading, context[health], health, both >> 4);
  }
  if (flag_bits & 0x08) {
    const std::uint16_t seconds = value.u16();
    if (seconds == 0xFFFF)
      reading.special(exercise_s, "overrun");
    else
      reading.number(exercise_s, seconds);
    const std::uint8_t percent = value.u8();
    reading.number(exercise_pct, percent);
    if (percent > 100) reading.find(findings::out_of_range);
  }
  if (flag_bits & 0x10) {
    put_code(reading, context[med_id], med_id, value.u8());
    put_sfloat(reading, med, value.u16());
    put_code(reading, context[med_unit], med_unit, flag_bits >> 5 & 1);
  }
  if (flag_bits & 0x40) put_sfloat(reading, hba1c_pct, value.u16());
  const bool extended = value.ok() && reading.value(ext_flags).number != 0;
  return end_of_value(value, extended, reading);
}

constexpr std::string_view feature_names[] = {
    "low_battery",   "sensor_malfunction", "sample_size",   "strip_insertion",
    "strip_type",    "result_high_low",    "temp_high_low", "read_interrupt",
    "general_fault", "time_fault",         "multiple_bonds"};
constexpr ReadingField features[] = {
    {"features", flags, "", {"支持的功能", "supported features"}, feature_names}};

bool decode_feature(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  put_flags(reading, 0, value.u16(), 0x7FF);
  return end_of_fixed(value, reading);
}

constexpr GattCharacteristic characteristics[] = {
    {0x2A18,
     0x1808,
     is::notify,
     "glucose_measurement",
     {"血糖测量", "glucose measurement"},
     measurement,
     decode_measurement},
    {0x2A34,
     0x1808,
     is::notify,
     "glucose_measurement_context",
     {"血糖测量上下文", "glucose measurement context"},
     context,
     decode_context},
    {0x2A51,
     0x1808,
     is::read,
     "glucose_feature",
     {"血糖功能", "glucose feature"},
     features,
     decode_feature,
     nullptr,
     false,
     is::indicate},
};

}  // namespace

extern const GattFamily glucose;
const GattFamily glucose{characteristics};

}  // namespace carebench::gatt
