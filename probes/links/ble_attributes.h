// The GATT database of one device as bluetoothd exports it: objects named
// DEVICE/serviceXXXX/charXXXX/descXXXX, with the attributes' handles in hex.
#pragma once

#include <map>
#include <string>

#include "probes/dbus/value.h"
#include "probes/gatt/database.h"

namespace carebench::links {

inline constexpr std::string_view characteristic_interface = "org.bluez.GattCharacteristic1",
                                  descriptor_interface = "org.bluez.GattDescriptor1";

struct BleAttributes {
  GattDatabase database;
  std::map<std::uint16_t, std::string> paths;  // of characteristics by value handle, of descriptors

  // Services that the device has, as it advertised or bluetoothd found them, but that bluetoothd
  // does not export, because one of its plugins uses them itself.
  std::vector<Uuid> kept_back;
};

// `objects` as GetManagedObjects tells them; handles in the paths are those of the declarations, a
// value's handle is the next (Core 5.3, Vol 3, Part G, 3.3). What is malformed is left out.
BleAttributes attributes_of(const dbus::Value& objects, const std::string& device);

}  // namespace carebench::links
