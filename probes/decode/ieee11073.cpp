// IEEE 11073-20601 numbers: SFLOAT (4-bit exponent, 12-bit mantissa) and FLOAT (8 and 24 bits).
#include "probes/ieee11073.h"

#include "probes/decode_family.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

Result<Json> decode_number(std::string_view family, ByteView octets) {
  const std::string_view what = family.substr(family.find('.') + 1);
  const std::string_view type = what.substr(0, what.find('.'));
  const std::string_view endian = what.substr(std::min(what.size(), type.size() + 1));
  if ((type != "sfloat" && type != "float") || (endian != "le" && endian != "be"))
    return fail(Errc::usage, Blame::bench,
                "name the number and its byte order: ieee11073.sfloat.le, ieee11073.float.be");
  const std::size_t size = type == "sfloat" ? 2 : 4;
  if (octets.size() != size)
    return fail(Errc::bad_input, Blame::profile,
                cat("length: a ", type, " has ", size, " octets, and this has ", octets.size()));
  std::uint32_t raw = 0;
  for (std::size_t i = 0; i < size; ++i) raw = raw << 8 | octets[endian == "be" ? i : size - 1 - i];
  const Ieee11073 number =
      size == 2 ? ieee11073_sfloat(static_cast<std::uint16_t>(raw)) : ieee11073_float(raw);
  Json json = Json::object();
  json.set("value", number.special.empty() ? Json(number.value()) : Json(number.special));
  json.set("mantissa", number.mantissa);
  json.set("exponent", number.exponent);
  return json;
}

}  // namespace

extern const DecodeFamily ieee11073;
const DecodeFamily ieee11073{
    "ieee11073", "ieee11073.sfloat.le ieee11073.sfloat.be ieee11073.float.le ieee11073.float.be",
    "an IEEE 11073-20601 number", decode_number};

}  // namespace carebench::decoders
