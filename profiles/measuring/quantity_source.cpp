#include "profiles/measuring/quantity_source.h"

#include <cmath>

#include "profiles/measuring/named.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

tl::unexpected<Error> refuse(std::string message) {
  return fail(Errc::bad_input, Blame::profile, std::move(message));
}

// Of whole codes it is the step from one to the next; of text, the last digit.
double step_of(const FieldSpec& field) {
  if (field.type == FieldType::decoded) return field.step;
  if (field.type == FieldType::number)
    return field.decimals >= 0
               ? std::abs(field.scaling.times / field.scaling.per) * std::pow(10.0, -field.decimals)
               : 0;
  if (!is_integer_type(field.type)) return 0;
  return std::abs(field.scaling.times / field.scaling.per);
}

double step_of(const RegisterSpec& spec) {
  if (spec.type == RegisterType::f32) return 0;
  return std::abs(spec.scaling.times / spec.scaling.per);
}

Result<QuantitySource> converted(QuantitySource source, std::string_view name, double step,
                                 Unit from, Unit to) {
  const auto times = from.convert_difference(1, to);
  const auto plus = from.convert(0, to);
  if (!times || !plus)
    return refuse(
        cat("\"", name, "\" is in ", from.code(), ", which does not convert to ", to.code()));
  source.times = *times;
  source.plus = *plus;
  source.convert = from != to;
  source.resolution = step * std::abs(*times);
  return source;
}

}  // namespace

Result<QuantitySource> quantity_source(const Protocol* protocol, std::string_view name, Unit unit) {
  QuantitySource source;
  if (protocol && protocol->is_register_map()) {
    const auto spec = readable_register(protocol, name);
    if (!spec) return tl::unexpected(spec.error());
    if (!is_number(**spec)) return refuse(cat("the register \"", name, "\" holds no number"));
    source.reg = *spec;
    return converted(source, name, step_of(**spec), (*spec)->unit, unit);
  }
  const auto handle = heard_field(protocol, name);
  if (!handle) return tl::unexpected(handle.error());
  if (!is_number(*handle->field)) return refuse(cat("the field \"", name, "\" holds no number"));
  source.field = *handle;
  return converted(source, name, step_of(*handle->field), handle->field->unit, unit);
}

}  // namespace carebench
