// What `carebench decode FAMILY HEX` can decode. One family (or family of families) a file below
// probes/decode: decode/modbus.cpp defines `extern const DecodeFamily modbus` in namespace
// decoders.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/bytes.h"
#include "standards/vocab/json.h"

namespace carebench {

struct DecodeFamily {
  std::string_view prefix;   // "modbus": decodes "modbus" and every "modbus.<what>"
  std::string_view members;  // "modbus.rtu modbus.ascii modbus.float", for help and suggestions
  std::string_view summary;
  // bad_input with a one-word reason first ("crc", "checksum: …") when the octets are refused.
  Result<Json> (*decode)(std::string_view family, ByteView octets);
  std::vector<std::string> (*more_members)() = nullptr;  // those that a table knows
};

std::span<const DecodeFamily* const> decode_families();  // generated, sorted by symbol

std::vector<std::string> members_of(const DecodeFamily& family);

// Finds the family (the longest prefix; unknown: usage with a suggestion) and decodes.
Result<Json> decode(std::string_view family, ByteView octets);

}  // namespace carebench
