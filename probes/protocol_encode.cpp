// Protocol::encode(), and codes out of what a person or a virtual device says.
#include "probes/protocol_encode.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "probes/frame_scan.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace protocol_encode {

tl::unexpected<Error> refuse(std::string message) {
  return fail(Errc::bad_input, Blame::profile, std::move(message));
}

Result<double> code(const Coding& coding, const FieldInput& input) {
  if (const std::string* text = std::get_if<std::string>(&input)) {
    std::vector<std::string> names;
    for (const auto* list : {&coding.special, &coding.values})
      for (const CodeName& one : *list) {
        if (one.name == *text) return one.code;
        names.push_back(one.name);
      }
    return refuse(
        cat("\"", printable(*text), "\" is no value of ", coding.name, suggestion(*text, names)));
  }
  const double value = std::get<double>(input);
  if (!std::isfinite(value)) return refuse(cat(coding.name, " must be a finite number"));
  double code = coding.scaling.code_of(value);
  if (!coding.fraction) code = std::round(code);
  if (!(code >= coding.low && code <= coding.high))
    return refuse(cat(coding.name, " ", value,
                      " is out of range: ", coding.scaling.value_of(coding.low), " to ",
                      coding.scaling.value_of(coding.high)));
  return code;
}

Result<double> code(const FieldSpec& field, const FieldInput& input) {
  return code({field.name, !is_integer_type(field.type) && field.bits == 0, field.low_code(),
               field.high_code(), field.scaling, field.special, field.values},
              input);
}

Result<bool> truth(std::string_view name, const FieldInput& input) {
  if (const double* value = std::get_if<double>(&input)) {
    if (*value == 0 || *value == 1) return *value == 1;
  } else if (const std::string& text = std::get<std::string>(input);
             text == "true" || text == "false") {
    return text == "true";
  }
  return refuse(cat(name, " is true or false"));
}

std::uint32_t raw_of(FieldType type, double code) {
  if (type == FieldType::f32) return std::bit_cast<std::uint32_t>(static_cast<float>(code));
  const auto whole = static_cast<std::int64_t>(code);
  if (type == FieldType::sm16)
    return static_cast<std::uint32_t>(whole < 0 ? 0x8000 - whole : whole);
  return static_cast<std::uint32_t>(whole);
}

void store(std::uint32_t raw, int size, bool big_endian, std::uint8_t* at) {
  for (int i = 0; i < size; ++i)
    at[i] = static_cast<std::uint8_t>(raw >> 8 * (big_endian ? size - 1 - i : i));
}

namespace {

std::vector<std::string> accepted_names(const Framing& framing, const MessageSpec& message) {
  std::vector<std::string> names;
  for (const FieldSpec& field : message.laid_out().fields) names.push_back(field.name);
  if (message.gatt) names.emplace_back("octets");
  if (message.gatt && message.gatt->adopted && !message.sent) names = {"octets"};
  for (const FieldSpec& field : framing.header) names.push_back(field.name);
  if (framing.kind == Framing::Kind::brackets)
    names.insert(names.end(), {"maker", "id", "index", "type"});
  if (framing.kind == Framing::Kind::line) names.emplace_back("type");
  if (framing.talker) names.emplace_back("talker");
  return names;
}

Result<void> know(const Framing& framing, const MessageSpec& message, const FieldInputs& inputs) {
  const std::vector<std::string> names = accepted_names(framing, message);
  for (const auto& [name, value] : inputs)
    if (std::find(names.begin(), names.end(), name) == names.end())
      return refuse(cat("the message \"", message.id, "\" has no field \"", printable(name), '"',
                        suggestion(name, names)));
  return {};
}

}  // namespace
}  // namespace protocol_encode

Result<Bytes> Protocol::encode(std::string_view id, const FieldInputs& inputs) const {
  using protocol_encode::refuse;
  if (is_register_map()) return refuse(cat("the protocol \"", name, "\" has no messages"));
  const MessageSpec* spec = message(id);
  if (!spec) {
    std::vector<std::string> ids;
    for (const MessageSpec& one : messages()) ids.push_back(one.id);
    return refuse(cat("the protocol \"", name, "\" has no message \"", printable(id), '"',
                      suggestion(id, ids)));
  }
  if (auto known = protocol_encode::know(framing(), *spec, inputs); !known)
    return tl::unexpected<Error>(known.error());
  auto frame = framing().is_text() ? protocol_encode::text(framing(), *spec, inputs)
               : spec->gatt        ? protocol_encode::gatt(*spec, inputs)
                                   : protocol_encode::binary(framing(), *spec, inputs);
  if (!frame) return frame;
  // Octets as they stand may be meant to be wrong.
  if (spec->gatt && inputs.contains("octets")) return frame;
  // Given values can contradict the constants, or add up to another message.
  const Scanned scanned = scan_frame(framing(), *frame);
  const ByteView whole(*frame);
  const MessageSpec* made =
      scanned.status == Scanned::Status::frame && scanned.size == frame->size()
          ? match_message(framing(), spec->direction, scanned.variant, whole,
                          whole.subspan(scanned.data_at, scanned.data_size))
          : nullptr;
  if (made == spec) return frame;
  return refuse(made ? cat("these values make the message \"", made->id, "\" of \"", spec->id, '"')
                     : cat("these values make no frame of the message \"", spec->id, '"'));
}

}  // namespace carebench
