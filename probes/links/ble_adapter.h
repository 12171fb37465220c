// Bluetooth adapters: what bluetoothd and the kernel know of them, whether they are of this world,
// and who uses them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probes/dbus/value.h"
#include "standards/vocab/error.h"
#include "standards/vocab/json.h"

namespace carebench::links {

inline constexpr std::string_view adapter_interface = "org.bluez.Adapter1",
                                  device_interface = "org.bluez.Device1";

struct BleAdapter {
  std::string name;  // "hci0"
  std::string path;  // "/org/bluez/hci0"
  std::string address, alias, modalias;
  bool powered = false;
  bool virtual_one = true;  // no hardware: not found below /sys, or a virtual controller there
  std::string rfkill;       // "blocked by software", "blocked by a switch"; "" when it is not

  std::string why_not() const;  // what keeps it from being used, and what to do; "" when nothing
  Json to_json() const;
};

// Of GetManagedObjects, by name.
std::vector<BleAdapter> adapters_of(const dbus::Value& objects);
// The one that is named, or the first that can be used. Errors: not_found, not_ready.
Result<BleAdapter> choose_adapter(const std::vector<BleAdapter>& adapters, std::string_view wanted);

// Adapters of the kernel ("hci0"), whether bluetoothd runs or not.
std::vector<std::string> kernel_adapters();

// Whether DBUS_SYSTEM_BUS_ADDRESS leads elsewhere than to the machine's bus: whoever answers there
// is no bluetoothd that a test could rest on.
bool on_private_bus();

// Runs share an adapter; one that measures latencies takes it for itself (exclusive). Held until it
// goes; a lock of the kernel, so a killed run leaves none behind.
class Lease {
 public:
  // `bus_id` keeps adapters of private buses apart. busy: the text says who holds it.
  static Result<Lease> take(std::string_view bus_id, const std::string& adapter, bool exclusive);

 private:
  explicit Lease(int fd) : lock_(fd) {}
  dbus::Descriptor lock_;
};

}  // namespace carebench::links
