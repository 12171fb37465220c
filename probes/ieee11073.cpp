#include "probes/ieee11073.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

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

namespace {

struct Layout {
  int mantissa_bits, exponent_bits;
};
constexpr Layout layout_of(bool is_sfloat) { return is_sfloat ? Layout{12, 4} : Layout{24, 8}; }

std::uint32_t packed(Layout layout, std::int32_t mantissa, int exponent) {
  const std::uint32_t mantissa_mask = (1U << layout.mantissa_bits) - 1,
                      exponent_mask = (1U << layout.exponent_bits) - 1;
  return (static_cast<std::uint32_t>(exponent) & exponent_mask) << layout.mantissa_bits |
         (static_cast<std::uint32_t>(mantissa) & mantissa_mask);
}

}  // namespace

std::optional<std::uint32_t> to_ieee11073(double value, int decimals, bool is_sfloat) {
  const Layout layout = layout_of(is_sfloat);
  // Around the ends of the range stand the special values.
  const double most = (1 << (layout.mantissa_bits - 1)) - 3;
  const int finest = 1 << (layout.exponent_bits - 1);  // exponents from -finest to finest - 1
  const auto mantissa_at = [&](int places) { return std::round(value * std::pow(10.0, places)); };
  const auto fits = [&](int places) { return std::fabs(mantissa_at(places)) <= most; };
  if (!std::isfinite(value)) return std::nullopt;
  int places = decimals;
  if (decimals < 0) {
    places = 0;
    const auto exact = [&] {
      return std::fabs(mantissa_at(places) - value * std::pow(10.0, places)) <
             1e-9 * std::max(1.0, std::fabs(mantissa_at(places)));
    };
    while (places < std::min(finest, 15) && fits(places + 1) && !exact()) ++places;
    while (places > -finest + 1 && !fits(places)) --places;
  }
  if (places > finest || !fits(places)) return std::nullopt;
  return packed(layout, static_cast<std::int32_t>(mantissa_at(places)), -places);
}

std::optional<std::uint32_t> ieee11073_special(std::string_view name, bool is_sfloat) {
  const Layout layout = layout_of(is_sfloat);
  const std::int32_t most = (1 << (layout.mantissa_bits - 1)) - 1;
  const std::pair<std::string_view, std::int32_t> names[] = {{"NaN", most},
                                                             {"+INFINITY", most - 1},
                                                             {"NRes", -most - 1},
                                                             {"reserved", -most},
                                                             {"-INFINITY", -most + 1}};
  for (const auto& [known, mantissa] : names)
    if (known == name) return packed(layout, mantissa, 0);
  return std::nullopt;
}

}  // namespace carebench
