// UUIDs and attribute paths of GATT as people write them (Bluetooth Core 5.3, Vol 3, Part B, 2.5.1
// and Part G).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "standards/vocab/error.h"

namespace carebench {

// 128 bits in the order they are printed. 16-bit UUIDs stand on the Bluetooth Base UUID.
struct Uuid {
  std::array<std::uint8_t, 16> octets{};

  static Uuid of(std::uint16_t assigned);
  // "2A37", "0x2a37" or "6e400001-b5a3-f393-e0a9-e50e24dcca9e"; case does not matter.
  static std::optional<Uuid> parse(std::string_view text);
  std::optional<std::uint16_t> assigned() const;  // the 16-bit value, when it has one
  std::string text() const;                       // "2A37", or as long_text()
  std::string long_text() const;                  // all 36 characters, in lower case
  auto operator<=>(const Uuid&) const = default;
};

// One attribute of a device: "180D/2A37" (service/characteristic), "180D/2A37/2902" (its
// descriptor), "2A37" (whatever service has it), with "#2" for the second of several alike.
struct AttributePath {
  std::optional<Uuid> service;
  Uuid characteristic;
  std::optional<Uuid> descriptor;
  int instance = 1;  // from 1

  // usage error that says what is wrong.
  static Result<AttributePath> parse(std::string_view text);
  std::string text() const;
};

}  // namespace carebench
