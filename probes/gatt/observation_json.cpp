// Observations as JSON: an object each, with what is there and nothing else.
#include <algorithm>

#include "probes/gatt/observation.h"
#include "probes/ieee11073.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

Json float_json(std::uint32_t raw) {
  const Ieee11073 number = ieee11073_float(raw);
  return number.special.empty() ? Json(number.value()) : Json(number.special);
}

Json codes_json(ByteView octets) {
  Json list = Json::array();
  ValueReader codes(octets);
  while (codes.left()) list.push(codes.u32());
  return list;
}

// A number where JSON holds all of it, else hexadecimal digits, most significant first.
Json mask_json(ByteView octets) {
  if (octets.size() > 6) return to_hex(Bytes(octets.rbegin(), octets.rend()));
  std::uint64_t mask = 0;
  for (std::size_t i = octets.size(); i-- > 0;) mask = mask << 8 | octets[i];
  return mask;
}

Json elements_json(ByteView octets) {
  Json list = Json::array();
  ValueReader value(octets);
  for (unsigned left = value.u8(); left > 0; --left) {
    Json one = Json::object();
    one.set("type", value.u32());
    const std::size_t length = value.u16();
    one.set("format", value.u8());
    list.push(one.set("data", to_hex(value.take(length))));
  }
  return list;
}

Json time_json(const ElapsedTime& time) {
  Json json = Json::object();
  json.set("value", time.value).set("resolution_s", time.resolution_s());
  json.set("tick_counter", time.tick_counter).set("utc", time.utc);
  json.set("source", time.source).set("tz_dst_15min", time.tz_dst_15min);
  json.set("tz_dst_used", time.tz_dst_used).set("current_timeline", time.current_timeline);
  return json;
}

Json status_json(std::uint16_t status) {
  Json list = Json::array();
  for (std::size_t bit = 0; bit < std::size(observation_statuses); ++bit) {
    const std::string_view name = observation_statuses[bit];
    if (status >> bit & 1) list.push(name.empty() ? Json(cat("bit_", bit)) : Json(name));
  }
  return list;
}

void set_header(Json& json, const ObservationNode& node) {
  if (node.type) json.set("type", *node.type).set_if("type_name", mdc_type(*node.type));
  if (node.time) json.set("time", time_json(*node.time));
  if (node.duration) json.set("duration_s", float_json(*node.duration));
  if (node.status) json.set("status", *node.status).set("status_names", status_json(*node.status));
  if (node.id) json.set("id", *node.id);
  if (node.patient) json.set("patient", *node.patient);
  if (node.supplemental) json.set("supplemental", codes_json(*node.supplemental));
  if (node.derived_from) json.set("derived_from", codes_json(*node.derived_from));
  if (node.members) json.set("members", codes_json(*node.members));
  if (node.tlvs) json.set("tlvs", elements_json(*node.tlvs));
}

void set_unit(Json& json, std::uint16_t unit) {
  json.set("unit", unit).set_if("unit_name", mdc_unit(unit));
}

void set_value(Json& json, const ObservationNode& node) {
  using enum ObservationClass;
  switch (node.kind) {
    case numeric:
      set_unit(json, node.unit);
      json.set("value", float_json(node.number));
      break;
    case simple_discrete:
      json.set("code", node.code);
      break;
    case string:
      json.set("string", printable(as_text(node.text)));
      break;
    case sample_array:
      set_unit(json, node.unit);
      json.set("scale", float_json(node.scale)).set("offset", float_json(node.offset));
      json.set("period_s", float_json(node.period));
      json.set("samples_per_period", node.samples_per_period);
      json.set("bytes_per_sample", node.octets_per_sample).set("n", node.samples);
      json.set("data", to_hex(node.data));
      break;
    case compound_discrete_event:
      json.set("codes", codes_json(node.codes));
      break;
    case compound_state_event:
      json.set("supported_mask", mask_json(node.supported));
      json.set("state_or_event_mask", mask_json(node.state_or_event));
      json.set("value", mask_json(node.states));
      break;
    case tlv:
      json.set("elements", elements_json(node.elements));
      break;
    case compound:
    case bundle:
      break;
  }
}

class Builder : public ObservationVisitor {
 public:
  void enter(const ObservationNode& node) override {
    Json json = Json::object();
    json.set("class", static_cast<unsigned>(node.kind));
    set_header(json, node);
    set_value(json, node);
    open_.push_back({std::move(json), Json::array()});
  }

  void leave(const ObservationNode& node) override {
    auto [json, parts] = std::move(open_.back());
    open_.pop_back();
    if (node.kind == ObservationClass::compound) json.set("components", std::move(parts));
    if (node.kind == ObservationClass::bundle) json.set("observations", std::move(parts));
    if (!node.component && node.octets != node.length)
      json.set("length", node.length).set("octets", node.octets);
    if (open_.empty())
      whole_ = std::move(json);
    else
      open_.back().parts.push(std::move(json));
  }

  void find(const ValueFinding& finding) override {
    const Json code(finding.code);
    const auto same = [&](const Json& one) { return one.string() == finding.code; };
    if (std::ranges::none_of(findings_.items(), same)) findings_.push(code);
  }

  Json whole() { return std::move(whole_.set_if("findings", std::move(findings_))); }

 private:
  struct Open {
    Json json, parts;
  };
  std::vector<Open> open_;
  Json whole_, findings_ = Json::array();
};

}  // namespace

Result<Json> observation_json(ByteView octets) {
  Builder builder;
  const std::string_view why = walk_observation(octets, builder);
  if (!why.empty()) return fail(Errc::bad_input, Blame::profile, std::string(why));
  return builder.whole();
}

}  // namespace carebench
