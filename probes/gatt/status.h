// What the bench's stack knows of a GATT device now: what Status tells, as JSON, shared by all
// links:
//
//   {"connected": true, "services_resolved": true, "paired": true, "bonded": true, "mtu": 185,
//    "address": "C0:…", "address_type": "random", "name": "…", "alias": "…", "uuids": ["180D", …],
//    "rssi": -50, "security": {"level": 3, "key_size": 16, "secure_connections": true,
//    "method": "passkey_entry"}}
//
// What is not known is left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/gatt/uuid.h"
#include "standards/vocab/json.h"

namespace carebench {

// Of the link as it is encrypted now, or as it was negotiated last (Core 5.3, Vol 3, Part C, 10.2).
struct GattSecurity {
  int level = 1;     // of LE security mode 1: 1 none, 2 unauthenticated, 3 authenticated, 4 LESC
  int key_size = 0;  // octets
  std::optional<bool> secure_connections;
  std::string method;  // "just_works", "passkey_entry", "numeric_comparison", "oob", "" unknown
  bool operator==(const GattSecurity&) const = default;
};

struct GattStatus {
  bool connected = false, services_resolved = false, paired = false, bonded = false;
  int mtu = 0;                        // 0: not known
  std::string address, address_type;  // "public", "random"
  std::string name, alias;
  std::vector<Uuid> uuids;  // of the services, advertised or resolved
  std::optional<int> rssi;  // dBm
  std::optional<GattSecurity> security;

  static GattStatus from(const Json& json);  // what is missing or odd is not known
};
Json to_json(const GattStatus& status);

}  // namespace carebench
