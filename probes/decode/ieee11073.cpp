// IEEE 11073-20601 numbers: SFLOAT (4-bit exponent, 12-bit mantissa) and FLOAT (8 and 24 bits).
#include <array>
#include <charconv>

#include "probes/decode_family.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

struct Format {
  int exponent_bits, mantissa_bits;
};
constexpr Format sfloat{4, 12}, ieee_float{8, 24};

std::int32_t sign_extended(std::uint32_t value, int bits) {
  const int up = 32 - bits;
  return static_cast<std::int32_t>(value << up) >> up;
}

// Special values are the mantissas around the largest negative one, with exponent 0 only.
std::string_view special(const Format& format, int exponent, std::int32_t mantissa) {
  const std::int32_t most = (1 << (format.mantissa_bits - 1)) - 1;
  if (exponent != 0) return "";
  if (mantissa == most) return "NaN";
  if (mantissa == most - 1) return "+INFINITY";
  if (mantissa == -most - 1) return "NRes";
  if (mantissa == -most) return "reserved";
  return mantissa == -most + 1 ? "-INFINITY" : "";
}

// Decimal arithmetic: the text "3760e-2" has one nearest double, a product of two does not.
double decimal(std::int32_t mantissa, int exponent) {
  const std::string text = cat(mantissa, "e", exponent);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Result<Json> decode_number(std::string_view family, ByteView octets) {
  const std::string_view what = family.substr(family.find('.') + 1);
  const std::string_view type = what.substr(0, what.find('.'));
  const std::string_view endian = what.substr(std::min(what.size(), type.size() + 1));
  if ((type != "sfloat" && type != "float") || (endian != "le" && endian != "be"))
    return fail(Errc::usage, Blame::bench,
                "name the number and its byte order: ieee11073.sfloat.le, ieee11073.float.be");
  const Format& format = type == "sfloat" ? sfloat : ieee_float;
  const auto size = static_cast<std::size_t>(format.exponent_bits + format.mantissa_bits) / 8;
  if (octets.size() != size)
    return fail(Errc::bad_input, Blame::profile,
                cat("length: a ", type, " has ", size, " octets, and this has ", octets.size()));
  std::uint32_t raw = 0;
  for (std::size_t i = 0; i < size; ++i) raw = raw << 8 | octets[endian == "be" ? i : size - 1 - i];
  const int exponent = sign_extended(raw >> format.mantissa_bits, format.exponent_bits);
  const std::int32_t mantissa = sign_extended(raw, format.mantissa_bits);
  const std::string_view name = special(format, exponent, mantissa);
  Json json = Json::object();
  json.set("value", name.empty() ? Json(decimal(mantissa, exponent)) : Json(name));
  json.set("mantissa", mantissa);
  json.set("exponent", exponent);
  return json;
}

}  // namespace

extern const DecodeFamily ieee11073;
const DecodeFamily ieee11073{
    "ieee11073", "ieee11073.sfloat.le ieee11073.sfloat.be ieee11073.float.le ieee11073.float.be",
    "an IEEE 11073-20601 number", decode_number};

}  // namespace carebench::decoders
