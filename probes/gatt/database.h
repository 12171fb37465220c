// The GATT database of a device: its services, characteristics and descriptors with their handles.
// What Discover tells, as JSON:
//
//   {"mtu": 185, "services": [{"uuid": "180D", "handle": 10, "primary": true, "characteristics":
//     [{"uuid": "2A37", "handle": 12, "properties": ["read", "notify"], "descriptors":
//       [{"uuid": "2902", "handle": 13}]}]}]}
//
// UUIDs are written as Uuid::text() writes them, a characteristic's handle is that of its value.
// A handle that the stack does not tell is 0; so is an MTU.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probes/gatt/uuid.h"
#include "standards/vocab/json.h"

namespace carebench {

// Properties of a characteristic, by the names that BlueZ gives them: the eight of its declaration
// (Core 5.3, Vol 3, Part G, 3.3.1.1) and the two of the Extended Properties descriptor …
namespace gatt_flag {
inline constexpr unsigned broadcast = 0x01, read = 0x02, write_without_response = 0x04,
                          write = 0x08, notify = 0x10, indicate = 0x20,
                          authenticated_signed_writes = 0x40, extended_properties = 0x80,
                          reliable_write = 0x100, writable_auxiliaries = 0x200;
}
std::vector<std::string_view> gatt_flag_names();  // "broadcast", "read", …, in the order of bits

struct GattDatabase {
  struct Descriptor {
    Uuid uuid;
    std::uint16_t handle = 0;
  };
  struct Characteristic {
    Uuid uuid;
    std::uint16_t handle = 0;
    unsigned properties = 0;          // gatt_flag
    std::vector<std::string> others;  // … and what else the stack tells ("encrypt-read")
    std::vector<Descriptor> descriptors;
    bool has(unsigned flags) const { return (properties & flags) == flags; }
  };
  struct Service {
    Uuid uuid;
    std::uint16_t handle = 0;
    bool primary = true;
    std::vector<Characteristic> characteristics;
  };
  int mtu = 0;
  std::vector<Service> services;

  const Service* service(const Uuid& uuid) const;  // the first of several, nullptr: none
  // What a path names; all null when the device has no such attribute.
  struct Found {
    const Service* service = nullptr;
    const Characteristic* characteristic = nullptr;
    const Descriptor* descriptor = nullptr;
    explicit operator bool() const { return characteristic != nullptr; }
    std::uint16_t handle() const;
  };
  Found find(const AttributePath& path) const;

  // bad_input with what is wrong (blame: tool, for a stack or an evidence file made it).
  static Result<GattDatabase> from(const Json& json);
};
Json to_json(const GattDatabase& database);

}  // namespace carebench
