#include "profiles/measuring/rr_field.h"

#include "probes/protocol_spec.h"
#include "profiles/measuring/named.h"
#include "standards/vocab/text.h"

namespace carebench {

std::vector<double> RrField::of(const FieldValue& value) const {
  std::vector<double> out;
  if (value.kind == FieldValue::Kind::number && value.number > 0)
    out.push_back(value.number * seconds);
  if (value.kind == FieldValue::Kind::octets)
    for (std::size_t i = 0; i + 1 < value.octets.size(); i += 2)
      out.push_back((value.octets[i] | value.octets[i + 1] << 8) / 1024.0);
  return out;
}

Result<RrField> rr_field_of(const Protocol* protocol, std::string_view name) {
  constexpr std::string_view adopted = "rr_1024";
  const auto handle = heard_field(protocol, name);
  if (!handle) return tl::unexpected(handle.error());
  RrField out{*handle};
  if (handle->field->name == adopted) return out;
  const auto seconds = handle->field->unit.convert(1, *Unit::parse("s"));
  if (!is_number(*handle->field) || !seconds)
    return fail(Errc::bad_input, Blame::profile,
                cat("the field \"", name, "\" is no number with a unit of time"));
  out.seconds = *seconds;
  return out;
}

}  // namespace carebench
