// IEEE 11073-20601 numbers: SFLOAT (4-bit exponent, 12-bit mantissa) and FLOAT (8 and 24 bits),
// value = mantissa * 10^exponent.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace carebench {

struct Ieee11073 {
  std::int32_t mantissa = 0;
  int exponent = 0;
  // "NaN", "NRes", "+INFINITY", "-INFINITY", "reserved": no number. Only with exponent 0.
  std::string_view special;
  // The double nearest to mantissa * 10^(exponent + shift): 0.1 is 0.1 and not its neighbour.
  double value(int shift = 0) const;
};

Ieee11073 ieee11073_sfloat(std::uint16_t raw);
Ieee11073 ieee11073_float(std::uint32_t raw);

// The other way round. `decimals`: digits after the point, rounded; -1: as few as tell the value
// exactly, or as many as fit. Nothing when it does not fit 12 (24) bits.
std::optional<std::uint32_t> to_ieee11073(double value, int decimals, bool is_sfloat);
std::optional<std::uint32_t> ieee11073_special(std::string_view name, bool is_sfloat);

}  // namespace carebench
