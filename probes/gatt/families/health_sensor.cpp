// Generic Health Sensor Service 1840: live observations, features, control point. Of an observation
// the usual quantities are fields of their own, in their usual units, whether they come alone, as
// components of a compound or in a bundle; the whole of it is in the JSON.
#include "probes/gatt/families/glucose_codes.h"
#include "probes/gatt/observation.h"
#include "probes/ieee11073.h"
#include "standards/vocab/glucose.h"

namespace carebench::gatt {
namespace {

namespace is = gatt_property;
using enum FieldKind;
using enum ValueFinding::Severity;

const ValueFinding unit_of_type{
    violation,
    "unit_of_type",
    {"单位与观察类型不符", "the unit does not fit the type of the observation"}};
const ValueFinding repeated_type{
    note,
    "repeated_type",
    {"同类观察值不止一个，仅取第一个", "several values of one type: only the first is a field"}};

constexpr std::string_view classes[] = {"",
                                        "numeric",
                                        "simple_discrete",
                                        "string",
                                        "sample_array",
                                        "compound_discrete_event",
                                        "compound_state_event",
                                        "compound",
                                        "tlv"};

namespace live {
enum : std::size_t {
  first,
  last,
  counter,
  segment,
  observation,
  class_,
  type,
  unit_code,
  value_,
  code_,
  text_,
  time_,
  status,
  patient,
  spo2,
  pulse_rate,
  heart_rate,
  systolic,
  diastolic,
  map,
  temperature,
  weight,
  glucose_mgdl,
  glucose_mmol
};
constexpr ReadingField fields[] = {
    {"first", truth, "", {"首段", "first segment"}},
    {"last", truth, "", {"末段", "last segment"}},
    {"counter", number, "", {"段计数", "segment counter"}},
    {"segment", octets, "", {"部分内容", "part of an observation"}},
    {"observation", octets, "", {"观察", "observation"}},
    {"class", code, "", {"观察类别", "class"}, classes, true},
    {"type", number, "", {"观察类型（MDC）", "type (MDC)"}},
    {"unit_code", number, "", {"单位（MDC）", "unit (MDC)"}},
    {"value", number, "", {"数值（原单位）", "value (as sent)"}},
    {"code", number, "", {"代码", "code"}},
    {"text", text, "", {"文本", "text"}},
    {"time", time, "s", {"时间", "time"}},
    {"status", flags, "", {"测量状态", "measurement status"}, observation_statuses},
    {"patient", number, "", {"用户号", "patient"}},
    {"spo2", number, "%", {"血氧饱和度", "oxygen saturation"}},
    {"pulse_rate", number, "/min", {"脉率", "pulse rate"}},
    {"heart_rate", number, "/min", {"心率", "heart rate"}},
    {"systolic", number, "mm[Hg]", {"收缩压", "systolic pressure"}},
    {"diastolic", number, "mm[Hg]", {"舒张压", "diastolic pressure"}},
    {"map", number, "mm[Hg]", {"平均压", "mean arterial pressure"}},
    {"temperature", number, "Cel", {"体温", "temperature"}},
    {"weight", number, "kg", {"体重", "weight"}},
    {"glucose_mgdl", number, "mg/dL", {"血糖", "glucose"}},
    {"glucose_mmol", number, "mmol/L", {"血糖", "glucose"}},
};

// Which field a type of observation is, and what a unit of it is in the field's.
struct Quantity {
  std::string_view type, unit;
  std::size_t field;
  Factor factor{};
};
constexpr Factor mmol_to_mgdl{glucose_mg_dl_per_mmol_l, 1},
    mgdl_to_mmol{1, glucose_mg_dl_per_mmol_l};
constexpr Quantity quantities[] = {
    {"spo2", "%", spo2},
    {"pulse_rate", "/min", pulse_rate},
    {"heart_rate", "/min", heart_rate},
    {"systolic", "mm[Hg]", systolic},
    {"systolic", "kPa", systolic, kpa_to_mmhg},
    {"diastolic", "mm[Hg]", diastolic},
    {"diastolic", "kPa", diastolic, kpa_to_mmhg},
    {"map", "mm[Hg]", map},
    {"map", "kPa", map, kpa_to_mmhg},
    {"temperature", "Cel", temperature},
    {"weight", "kg", weight},
    {"weight", "[lb_av]", weight, lb_to_kg},
    {"glucose", "mg/dL", glucose_mgdl},
    {"glucose", "mg/dL", glucose_mmol, mgdl_to_mmol},
    {"glucose", "mmol/L", glucose_mgdl, mmol_to_mgdl},
    {"glucose", "mmol/L", glucose_mmol},
};

// Why numbers under this status are no readings of a patient; "" when they are.
std::string_view why_withheld(unsigned status) {
  constexpr unsigned not_measured = 0x00DF;  // all of bits 0 to 7 but "early"
  for (std::size_t bit = 0; bit < 8; ++bit)
    if (status & not_measured & 1U << bit) return observation_statuses[bit];
  return "";
}

class Filler : public ObservationVisitor {
 public:
  explicit Filler(Reading& reading) : reading_(reading) {}

  void enter(const ObservationNode& node) override {
    if (!node.component) {
      status_ = (node_count_ ? shared_status_ : 0) | node.status.value_or(0);
      type_ = node.type ? *node.type : node_count_ ? shared_type_ : 0;
    }
    const bool root = node_count_++ == 0;
    if (root) put_root(node);
    if (node.kind == ObservationClass::numeric)
      put_quantity(node.component ? *node.type : type_, node);
  }
  void leave(const ObservationNode&) override {}
  void find(const ValueFinding& finding) override { reading_.find(finding); }

 private:
  void put_root(const ObservationNode& node) {
    const bool bundle = node.kind == ObservationClass::bundle;
    shared_status_ = bundle ? status_ : 0;
    shared_type_ = bundle ? type_ : 0;
    reading_.code(class_, static_cast<double>(node.kind),
                  bundle ? "bundle" : classes[static_cast<std::size_t>(node.kind)]);
    if (node.type) reading_.number(type, *node.type);
    if (node.status) put_flags(reading_, status, *node.status, 0xC0FF);
    if (node.patient) put_user(reading_, patient, *node.patient);
    if (node.time) put_time(*node.time);
    if (node.kind == ObservationClass::simple_discrete) reading_.number(code_, node.code);
    if (node.kind == ObservationClass::string) reading_.text(text_, as_text(node.text));
    if (node.kind != ObservationClass::numeric) return;
    reading_.number(unit_code, node.unit);
    put_number(value_, node.number, {});
  }

  void put_time(const ElapsedTime& when) {
    if (const auto seconds = when.seconds())
      reading_.time(time_, *seconds, {});
    else
      reading_.special(time_, when.tick_counter ? "ticks" : "invalid");
  }

  void put_number(std::size_t field, std::uint32_t raw, Factor factor) {
    const Ieee11073 sent = ieee11073_float(raw);
    const std::string_view why = why_withheld(status_);
    if (!sent.special.empty())
      reading_.special(field, sent.special);
    else if (!why.empty())
      reading_.withheld(field, why, sent.value());
    else if (factor.times == factor.per)
      reading_.number(field, sent.value());
    else
      reading_.number(field, sent.value() * factor.times / factor.per, sent.value());
  }

  void put_quantity(std::uint32_t of_type, const ObservationNode& node) {
    const std::string_view name = mdc_type(of_type), unit = mdc_unit(node.unit);
    bool is_quantity = false, fits = false;
    for (const Quantity& one : quantities) {
      if (one.type != name) continue;
      is_quantity = true;
      if (one.unit != unit) continue;
      fits = true;
      if (reading_.has(one.field))
        reading_.find(repeated_type);
      else
        put_number(one.field, node.number, one.factor);
    }
    if (is_quantity && !fits) reading_.find(unit_of_type);
  }

  Reading& reading_;
  std::size_t node_count_ = 0;
  unsigned status_ = 0, shared_status_ = 0;  // of the bundle that an observation is in
  std::uint32_t type_ = 0, shared_type_ = 0;
};

// A header octet: 0 = first segment, 1 = last segment, 2 … 7 = counter. A part of an observation is
// kept as its octets.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned header = value.u8();
  if (!value.ok()) return reading.refuse("truncated: the segmentation header is missing");
  reading.number(first, header & 1);
  reading.number(last, header >> 1 & 1);
  reading.number(counter, header >> 2);
  if ((header & 3) != 3) {
    reading.octets(segment, value.rest());
    return true;
  }
  reading.octets(observation, value.rest());
  Filler filler(reading);
  const std::string_view why = walk_observation(value.rest(), filler);
  return why.empty() || reading.refuse(why);
}

void amend(const Reading& reading, Json& json) {
  if (const auto whole = observation_json(reading.value(observation).octets))
    json.set("observation", *whole);
}
}  // namespace live

namespace features {
enum : std::size_t { types, specializations };
constexpr ReadingField fields[] = {
    {"types", list, "", {"支持的观察类型（MDC）", "supported types (MDC)"}},
    {"specializations", octets, "", {"设备专业类别", "device specializations"}},
};

// Flags: 0 = specializations. A count and types of 4 octets; a count and specializations of 3: term
// (16 bits) and version.
bool decode(ByteView octets, const GattOptions&, Reading& reading) {
  ValueReader value(octets);
  const unsigned flag_bits = value.u8();
  ValueReader supported(value.take(4 * std::size_t{value.u8()}));
  reading.octets(types, supported.rest());
  while (supported.left()) reading.item(supported.u32());
  if (flag_bits & 1) reading.octets(specializations, value.take(3 * std::size_t{value.u8()}));
  return end_of_value(value, flag_bits & 0xFE, reading);
}

void amend(const Reading& reading, Json& json) {
  if (!reading.has(specializations)) return;
  Json list = Json::array();
  ValueReader value(reading.value(specializations).octets);
  while (value.left()) {
    const unsigned term = value.u16(), version = value.u8();
    list.push(Json::object().set("term", term).set("version", version));
  }
  json.set("specializations", std::move(list));
}
}  // namespace features

namespace control {
constexpr ReadingField fields[] = {{"command", code, "", {"命令或应答", "command or answer"}}};

std::string_view name_of(unsigned command) {
  switch (command) {
    case 0x01:
      return "start_live_observations";
    case 0x02:
      return "stop_live_observations";
    case 0x80:
      return "success";
    case 0x81:
      return "op_unsupported";
    default:
      return "";
  }
}

bool decode(ByteView octets, const GattOptions& options, Reading& reading) {
  ValueReader value(octets);
  const unsigned command = value.u8();
  reading.code(0, command, name_of(command));
  if (name_of(command).empty()) reading.find(findings::rfu_value);
  const Direction way = command & 0x80 ? Direction::from_device : Direction::to_device;
  if (options.direction != Direction::either && options.direction != way)
    reading.find(findings::wrong_direction);
  return end_of_fixed(value, reading);
}
}  // namespace control

constexpr GattCharacteristic characteristics[] = {
    {0x2B8B,
     0x1840,
     0,
     "live_health_observations",
     {"实时健康观察", "live health observations"},
     live::fields,
     live::decode,
     live::amend,
     false,
     is::notify | is::indicate,
     Segmentation::health},
    {0x2BF3,
     0x1840,
     is::read,
     "health_sensor_features",
     {"健康传感器功能", "health sensor features"},
     features::fields,
     features::decode,
     features::amend,
     false,
     is::indicate},
    {0x2BF4,
     0x1840,
     is::write | is::indicate,
     "health_sensor_control_point",
     {"健康传感器控制点", "health sensor control point"},
     control::fields,
     control::decode},
};

}  // namespace

extern const GattFamily health_sensor;
const GattFamily health_sensor{characteristics};

}  // namespace carebench::gatt
