#include "probes/ieee11073.h"

#include <array>
#include <charconv>
#include <cstdlib>

namespace carebench {
namespace {

// Powers of ten that a double holds exactly: one multiplication or division is then rounded once.
constexpr std::array<double, 23> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                        1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// The text "3760e-99" has one nearest double.
double by_text(std::int32_t mantissa, int exponent) {
  char text[24];
  char* end = std::to_chars(text, text + 12, mantissa).ptr;
  *end++ = 'e';
  end = std::to_chars(end, text + sizeof text, exponent).ptr;
  double value = 0;
  std::from_chars(text, end, value);
  return value;
}

// Special values are the mantissas around the largest negative one, with exponent 0 only.
Ieee11073 number(std::uint32_t raw, int mantissa_bits, int bits) {
  const auto extended = [](std::uint32_t value, int width) {
    return static_cast<std::int32_t>(value << (32 - width)) >> (32 - width);
  };
  Ieee11073 out{
      extended(raw, mantissa_bits), extended(raw >> mantissa_bits, bits - mantissa_bits), {}};
  const std::int32_t most = (1 << (mantissa_bits - 1)) - 1;
  if (out.exponent != 0 || std::abs(out.mantissa) < most - 1) return out;
  if (out.mantissa == most) out.special = "NaN";
  if (out.mantissa == most - 1) out.special = "+INFINITY";
  if (out.mantissa == -most - 1) out.special = "NRes";
  if (out.mantissa == -most) out.special = "reserved";
  if (out.mantissa == -most + 1) out.special = "-INFINITY";
  return out;
}

}  // namespace

double Ieee11073::value(int shift) const {
  const int power = exponent + shift;
  const auto size = static_cast<std::size_t>(std::abs(power));
  if (size >= powers.size()) return by_text(mantissa, power);
  return power < 0 ? mantissa / powers[size] : mantissa * powers[size];
}

Ieee11073 ieee11073_sfloat(std::uint16_t raw) { return number(raw, 12, 16); }
Ieee11073 ieee11073_float(std::uint32_t raw) { return number(raw, 24, 32); }

}  // namespace carebench
