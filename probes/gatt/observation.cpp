#include "probes/gatt/observation.h"

#include "standards/vocab/text.h"

namespace carebench {

namespace findings {
const ValueFinding length_mismatch{
    ValueFinding::Severity::violation,
    "length_mismatch",
    {"长度字段与内容不符", "a length is not that of what it counts"}};
}

const std::string_view observation_statuses[16] = {"invalid",
                                                   "questionable",
                                                   "unavailable",
                                                   "calibrating",
                                                   "test",
                                                   "early",
                                                   "manual",
                                                   "setting",
                                                   "",
                                                   "",
                                                   "",
                                                   "",
                                                   "",
                                                   "",
                                                   "threshold_error",
                                                   "disabled"};

namespace {

struct Named {
  std::uint32_t code;
  std::string_view name;
};
constexpr Named units[] = {{544, "%"},       {1731, "kg"},  {1760, "[lb_av]"}, {2130, "mg/dL"},
                           {2720, "/min"},   {3843, "kPa"}, {3872, "mm[Hg]"},  {4274, "mV"},
                           {4722, "mmol/L"}, {6048, "Cel"}};
constexpr Named types[] = {
    {147842, "heart_rate"},  {149530, "pulse_rate"}, {150020, "blood_pressure"},
    {150021, "systolic"},    {150022, "diastolic"},  {150023, "map"},
    {150364, "temperature"}, {150456, "spo2"},       {150588, "spot_modality"},
    {160184, "glucose"},     {188736, "weight"}};

std::string_view name_in(std::span<const Named> table, std::uint32_t code) {
  for (const Named& one : table)
    if (one.code == code) return one.name;
  return "";
}

constexpr std::string_view truncated =
    "truncated: the octets end before what the observation announces";

class Walk {
 public:
  Walk(ByteView octets, ObservationVisitor& visitor) : value_(octets), visitor_(visitor) {}

  std::string_view observation(bool in_bundle);
  std::size_t left() const { return value_.left(); }

 private:
  std::string_view header(ObservationNode& node);
  std::string_view body(ObservationNode& node);
  std::string_view components();
  std::string_view observations();
  ByteView codes() { return value_.take(4 * std::size_t{value_.u8()}); }
  ByteView tlvs();
  void samples(ObservationNode& node);

  ValueReader value_;
  ObservationVisitor& visitor_;
};

// Octets that a value of a format has (the formats of GATT's presentation format descriptor); 0:
// any number, or not known.
std::size_t size_of_format(unsigned format) {
  constexpr std::uint8_t sizes[] = {0, 1, 0, 0, 1, 0, 2, 3,  4, 6, 8, 16,
                                    1, 0, 2, 3, 4, 6, 8, 16, 4, 8, 2, 4};
  return format < std::size(sizes) ? sizes[format] : 0;
}

// A count, then for each: type (32 bits), length (16), format, `length` octets.
ByteView Walk::tlvs() {
  const ByteView all = value_.rest();
  const std::size_t before = value_.left();
  for (unsigned left = value_.u8(); left > 0 && value_.ok(); --left) {
    value_.u32();
    const std::size_t length = value_.u16(), size = size_of_format(value_.u8());
    value_.take(length);
    if (size && size != length) visitor_.find(findings::length_mismatch);
  }
  return all.first(before - value_.left());
}

// Flags say which fields there are.
std::string_view Walk::header(ObservationNode& node) {
  const unsigned flags = value_.u16();
  node.reserved = flags & 0xFC00;
  if (flags & 0x001) node.type = value_.u32();
  if (flags & 0x002) node.time = ElapsedTime::read(value_);
  if (flags & 0x004) node.duration = value_.u32();
  if (flags & 0x008) node.status = value_.u16();
  if (flags & 0x010) node.id = value_.u32();
  if (flags & 0x020) node.patient = value_.u8();
  if (flags & 0x040) node.supplemental = codes();
  if (flags & 0x080) node.derived_from = codes();
  if (flags & 0x100) node.members = codes();
  if (flags & 0x200) node.tlvs = tlvs();
  if (node.reserved || (node.time && node.time->reserved)) visitor_.find(findings::rfu_flags);
  return value_.ok() ? "" : truncated;
}

void Walk::samples(ObservationNode& node) {
  node.unit = value_.u16();
  node.scale = value_.u32();
  node.offset = value_.u32();
  node.period = value_.u32();
  node.samples_per_period = value_.u8();
  node.octets_per_sample = value_.u8();
  node.samples = value_.u32();
  node.data = value_.take(std::size_t{node.samples} * node.octets_per_sample);
}

std::string_view Walk::body(ObservationNode& node) {
  using enum ObservationClass;
  switch (node.kind) {
    case numeric:
      node.unit = value_.u16();
      node.number = value_.u32();
      break;
    case simple_discrete:
      node.code = value_.u32();
      break;
    case string:
      node.text = value_.take(value_.u16());
      if (!valid_utf8(as_text(node.text))) visitor_.find(findings::bad_utf8);
      break;
    case sample_array:
      samples(node);
      break;
    case compound_discrete_event:
      node.codes = codes();
      break;
    case compound_state_event: {
      const std::size_t size = value_.u8();
      node.supported = value_.take(size);
      node.state_or_event = value_.take(size);
      node.states = value_.take(size);
      break;
    }
    case tlv:
      node.elements = tlvs();
      break;
    case compound:
    case bundle:
      break;
  }
  return value_.ok() ? "" : truncated;
}

std::string_view Walk::components() {
  using enum ObservationClass;
  for (unsigned left = value_.u8(); left > 0 && value_.ok(); --left) {
    ObservationNode part;
    part.component = true;
    part.type = value_.u32();
    const unsigned kind = value_.u8();
    if (!value_.ok()) break;
    if (kind < 1 || kind > 6) return "class: a component has no such class of value";
    part.kind = static_cast<ObservationClass>(kind);
    if (const std::string_view why = body(part); !why.empty()) return why;
    visitor_.enter(part);
    visitor_.leave(part);
  }
  return value_.ok() ? "" : truncated;
}

std::string_view Walk::observations() {
  for (unsigned left = value_.u8(); left > 0 && value_.ok(); --left)
    if (const std::string_view why = observation(true); !why.empty()) return why;
  return value_.ok() ? "" : truncated;
}

// The fields decide where an observation ends, and its length is held against that: drafts counted
// the length's own two octets as well.
std::string_view Walk::observation(bool in_bundle) {
  using enum ObservationClass;
  ObservationNode node;
  const unsigned kind = value_.u8();
  node.kind = static_cast<ObservationClass>(kind);
  node.length = value_.u16();
  const std::size_t before = value_.left();
  if (!value_.ok()) return truncated;
  if (kind == 0 || (kind > 8 && node.kind != bundle)) return "class: there is no such class";
  if (in_bundle && node.kind == bundle) return "class: a bundle stands in a bundle";
  if (const std::string_view why = header(node); !why.empty()) return why;
  if (const std::string_view why = body(node); !why.empty()) return why;
  visitor_.enter(node);
  const std::string_view why = node.kind == compound ? components()
                               : node.kind == bundle ? observations()
                                                     : std::string_view();
  if (!why.empty()) return why;
  node.octets = before - value_.left();
  if (node.octets != node.length) {
    if (node.reserved) return "flags: reserved flags announce fields that are not known here";
    visitor_.find(findings::length_mismatch);
  }
  visitor_.leave(node);
  return "";
}

}  // namespace

std::string_view mdc_unit(std::uint16_t unit) { return name_in(units, unit); }
std::string_view mdc_type(std::uint32_t type) { return name_in(types, type); }

std::string_view walk_observation(ByteView octets, ObservationVisitor& visitor) {
  Walk walk(octets, visitor);
  const std::string_view why = walk.observation(false);
  if (why.empty() && walk.left()) visitor.find(findings::unannounced_octets);
  if (why != truncated || octets.size() < 3) return why;
  const std::size_t length = octets[1] | static_cast<std::size_t>(octets[2]) << 8;
  return length == octets.size() - 3
             ? why
             : "length: the length is not that of the octets that follow, nor do the fields fit";
}

}  // namespace carebench
