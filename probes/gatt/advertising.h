// What a device advertises: AD structures (Core 5.3, Vol 3, Part C, 11; Core Specification
// Supplement, Part A), one after the other, each a length, a type and data.
#pragma once

#include "probes/gatt/reading.h"
#include "standards/vocab/json.h"

namespace carebench {

struct AdStructure {
  std::uint8_t type = 0;
  ByteView data;
};

namespace ad_type {
inline constexpr std::uint8_t flags = 0x01, short_name = 0x08, name = 0x09, tx_power = 0x0A,
                              service_data_16 = 0x16, appearance = 0x19, service_data_32 = 0x20,
                              service_data_128 = 0x21, manufacturer_data = 0xFF;
}

// A length of 0 ends them; a length beyond the end ends them too, and those before it count.
class AdReader {
 public:
  explicit AdReader(ByteView octets) : rest_(octets) {}
  bool next(AdStructure& structure);
  bool malformed() const { return malformed_; }
  ByteView rest() const { return rest_; }  // what was not read; after the end: padding

 private:
  ByteView rest_;
  bool malformed_ = false;
};

inline constexpr std::size_t longest_advertising = 1650;  // extended; legacy: 31

// {"flags", "flag_names", "name", "name_complete", "tx_power" (dBm), "appearance", "uuids" [36
// characters], "mfg" [[company, data]], "service_data" [[uuid, data]], "other" [[type, data]],
// "findings" [code]}; what was not advertised is null or left out. `octets` are one PDU's.
Json advertising_json(ByteView octets);

}  // namespace carebench
