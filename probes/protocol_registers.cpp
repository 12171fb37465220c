#include "probes/protocol_registers.h"

#include <array>
#include <cmath>

#include "probes/protocol_encode.h"
#include "probes/protocol_fields.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

bool is_bit(const RegisterSpec& spec) { return spec.type == RegisterType::bit; }
std::size_t octets_of(const RegisterSpec& spec) {
  return is_bit(spec) ? 1 : std::size_t{2} * spec.count;
}

// Where the octets A (most significant) to D stand on the wire.
std::array<std::size_t, 4> order_of(WordOrder order) {
  constexpr std::array<std::array<std::size_t, 4>, 4> places = {
      {{0, 1, 2, 3}, {2, 3, 0, 1}, {1, 0, 3, 2}, {3, 2, 1, 0}}};
  return places[static_cast<std::size_t>(order)];
}

std::uint32_t raw_of(const RegisterSpec& spec, ByteView octets) {
  if (spec.count == 1) return load(octets.data(), static_cast<int>(octets_of(spec)), true);
  std::uint32_t raw = 0;
  for (const std::size_t at : order_of(spec.order)) raw = raw << 8 | octets[at];
  return raw;
}

double code_of(const RegisterSpec& spec, std::uint32_t raw) {
  switch (spec.type) {
    case RegisterType::s16:
      return code_of(FieldType::s16, raw);
    case RegisterType::s32:
      return code_of(FieldType::s32, raw);
    case RegisterType::f32:
      return float_of(raw);
    default:
      return raw;
  }
}

Bytes string_octets(const RegisterSpec& spec, std::string_view text) {
  Bytes octets(octets_of(spec));
  std::copy(text.begin(), text.end(), octets.begin());
  return octets;
}

}  // namespace

FieldValue register_value(const RegisterSpec& spec, ByteView octets) {
  FieldValue value;
  if (octets.size() < octets_of(spec)) return value;
  octets = octets.first(octets_of(spec));
  if (spec.type == RegisterType::string) {
    std::string_view text = as_text(octets);
    text = text.substr(0, text.find('\0'));
    value.kind = FieldValue::Kind::text;
    value.text = text.substr(0, text.find_last_not_of(' ') + 1);
    return value;
  }
  const double code = code_of(spec, raw_of(spec, octets));
  if (const std::string_view name = not_a_number(code); !name.empty()) return special_value(name);
  value = coded_value(code, spec.scaling, spec.special, spec.values);
  if (is_bit(spec) && value.text.empty()) value.text = code != 0 ? "true" : "false";
  return value;
}

std::vector<std::string> register_bits(const RegisterSpec& spec, ByteView octets) {
  std::vector<std::string> names;
  if (spec.type != RegisterType::bits || octets.size() < 2) return names;
  const std::uint32_t raw = raw_of(spec, octets.first(2));
  for (int bit = 0; bit < 16; ++bit) {
    if (!(raw >> bit & 1)) continue;
    std::string name = cat("bit", bit);
    for (const auto& [number, given] : spec.bits)
      if (number == bit) name = given;
    names.push_back(std::move(name));
  }
  return names;
}

Json register_json(const RegisterSpec& spec, ByteView octets) {
  const FieldValue value = register_value(spec, octets);
  Json json = Json::object();
  switch (value.kind) {
    case FieldValue::Kind::number:
      json.set("value", is_bit(spec) ? Json(value.number != 0) : Json(value.number));
      if (!is_bit(spec) || !spec.values.empty()) json.set_if("name", value.text);
      if (spec.unit != Unit()) json.set("unit", spec.unit.code());
      break;
    case FieldValue::Kind::absent:
      json.set("value", nullptr);
      break;
    default:
      json.set("value", printable(value.text));
  }
  for (std::string& name : register_bits(spec, octets)) {
    Json list = json["bits"];
    list.push(std::move(name));
    json.set("bits", std::move(list));
  }
  return json;
}

Result<Bytes> register_octets(const RegisterSpec& spec, const FieldInput& input) {
  using namespace protocol_encode;
  const std::string* text = std::get_if<std::string>(&input);
  if (spec.type == RegisterType::string) {
    if (!text) return refuse(cat(spec.name, " is a text"));
    if (text->size() > octets_of(spec))
      return refuse(cat(spec.name, " has room for ", octets_of(spec), " octets, and this has ",
                        text->size()));
    return string_octets(spec, *text);
  }
  if (is_bit(spec) && (!text || *text == "true" || *text == "false")) {
    const auto yes = truth(spec.name, input);
    if (!yes) return tl::unexpected<Error>(yes.error());
    return Bytes{static_cast<std::uint8_t>(*yes)};
  }
  const auto value = code({spec.name, spec.type == RegisterType::f32, spec.low_code(),
                           spec.high_code(), spec.scaling, spec.special, spec.values},
                          input);
  if (!value) return tl::unexpected<Error>(value.error());
  const double number = spec.scaling.value_of(*value);
  if (!text && ((spec.min && number < *spec.min) || (spec.max && number > *spec.max)))
    return refuse(cat(spec.name, " ", number, " is out of range: ",
                      spec.min.value_or(spec.scaling.value_of(spec.low_code())), " to ",
                      spec.max.value_or(spec.scaling.value_of(spec.high_code()))));
  const std::uint32_t raw = protocol_encode::raw_of(
      spec.type == RegisterType::f32 ? FieldType::f32 : FieldType::u32, *value);
  Bytes octets(octets_of(spec));
  if (octets.size() < 4) {
    store(raw, static_cast<int>(octets.size()), true, octets.data());
    return octets;
  }
  const auto order = order_of(spec.order);
  for (std::size_t i = 0; i < 4; ++i)
    octets[order[i]] = static_cast<std::uint8_t>(raw >> 8 * (3 - i));
  return octets;
}

}  // namespace carebench
