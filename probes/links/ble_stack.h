// One client of bluetoothd with one adapter: what a link, the list of devices and the doctor ask of
// it. For one thread at a time, but its bus (dbus/bus.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/dbus/bus.h"
#include "probes/links/ble_adapter.h"
#include "probes/links/ble_errors.h"

namespace carebench::links {

// A device that bluetoothd knows on our adapter.
struct BleSeen {
  std::string path, address, name;
  std::optional<int> rssi;        // dBm; only while it is heard
  const dbus::Value* properties;  // of Device1
};

// What bluetoothd has, usable or not.
Result<std::vector<BleAdapter>> bluetoothd_adapters(const Clock& clock);

class BleStack {
 public:
  // Errors of the bus, of bluetoothd (not there, not permitted), of the adapter and of its lease.
  static Result<std::unique_ptr<BleStack>> open(const Clock& clock, std::string_view adapter,
                                                bool exclusive);

  dbus::Bus& bus() { return *bus_; }
  const std::shared_ptr<dbus::Bus>& shared_bus() const { return bus_; }
  const BleAdapter& adapter() const { return adapter_; }
  bool simulated() const { return adapter_.virtual_one || on_private_bus(); }
  // Where bluetoothd has a device of this address, whether it knows it now or not.
  std::string device_path(std::string_view address) const;

  // GetManagedObjects.
  Result<dbus::Value> objects(const std::stop_token& stop);
  // Devices of our adapter in it, strongest signal first; they point into it.
  std::vector<BleSeen> seen(const dbus::Value& objects) const;

  // LE advertising of all devices around is reported, every packet of it, until it is stopped.
  Result<void> start_discovery(const std::stop_token& stop);
  void stop_discovery();

  // Scans until `found` is true of what GetManagedObjects tells, or the time is over; what it told
  // last, while devices were still heard.
  struct Heard {
    bool found = false;
    dbus::Value objects;
  };
  Result<Heard> search(Duration time, const std::stop_token& stop,
                       const std::function<bool(const dbus::Value& objects)>& found);

 private:
  BleStack(std::shared_ptr<dbus::Bus> bus, BleAdapter adapter, Lease lease)
      : bus_(std::move(bus)), adapter_(std::move(adapter)), lease_(std::move(lease)) {}
  BleAsking asking(BleAsked asked) const;

  std::shared_ptr<dbus::Bus> bus_;
  BleAdapter adapter_;
  Lease lease_;
  bool discovering_ = false;
};

}  // namespace carebench::links
