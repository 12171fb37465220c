// Checksums of serial protocols by their usual names: sums, exclusive or, and the CRCs of the CRC
// catalogue with 8, 16, 24 and 32 bits. Pure functions over a const table; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "standards/vocab/bytes.h"

namespace carebench {

// One checksum. A CRC is described as the CRC catalogue does: polynomial, initial value, reflection
// of input and output (always both or none here), final xor. `check` is its value over the nine
// octets "123456789".
struct Checksum {
  enum class Kind : std::uint8_t {
    sum,
    sum_negated,
    sum_inverted,
    exclusive_or,
    xor_inverted,
    crc
  };

  std::string_view name;     // "crc16/modbus", "sum8"
  std::string_view aliases;  // "modbus crc.modbus", blank-separated
  Kind kind = Kind::sum;
  int bits = 8;
  std::uint32_t polynomial = 0;
  std::uint32_t initial = 0;
  bool reflected = false;
  std::uint32_t final_xor = 0;
  std::uint32_t check = 0;
  const std::uint32_t* table = nullptr;  // 256 words of a CRC

  std::size_t octets() const { return static_cast<std::size_t>(bits) / 8; }
  std::uint32_t operator()(ByteView octets) const;
};

std::span<const Checksum> checksums();
// By name or alias, else nullptr.
const Checksum* checksum_named(std::string_view name);
std::vector<std::string_view> checksum_names();  // for suggestions

}  // namespace carebench
