// What the adopted services demand of a device: the characteristics that must be there and the
// properties they must have (service specifications of the Bluetooth SIG; wire formats of
// probes/gatt). Conditional ones are left out: a device may rightly do without.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "probes/gatt/database.h"

namespace carebench {

struct MandatoryCharacteristic {
  std::uint16_t service = 0, characteristic = 0;
  unsigned properties = 0;  // gatt_flag, all of them
  // One of several that must be there; 0: by itself.
  int one_of = 0;
};
std::span<const MandatoryCharacteristic> mandatory_characteristics();
bool is_adopted_service(std::uint16_t service);  // one that the table knows

struct ProfileFindings {
  std::vector<std::string> missing;      // "180D/2A37"
  std::vector<std::string> properties;   // "1810/2A35 has notify, its service demands indicate"
  std::vector<std::string> descriptors;  // "180D/2A37 has no 2902"
};
// Of one service that the device has.
ProfileFindings examine(const GattDatabase::Service& service);

}  // namespace carebench
