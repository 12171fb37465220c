// Stands a virtual GATT device up behind a bluetoothd-shaped service (stack.h) on a private message
// bus, in real time, so that clients of bluetoothd reach it unchanged.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "probes/link.h"

namespace carebench::sim {

struct DbusOptions {
  std::string faults, seed, serial;
  std::string observe;  // file for the device's state when a client leaves and at the end
};

// Told the address of the bus, and how carebench reaches the device ("ble:C0:…").
using DbusReady = std::function<void(const std::string& bus, const std::string& address)>;

// On the bus of DBUS_SYSTEM_BUS_ADDRESS; without it on a dbus-daemon of its own, which ends with
// it. The bus of the machine is refused: it is bluetoothd's.
Result<void> serve_on_dbus(std::string_view device, const DbusOptions& options,
                           std::stop_token stop, const DbusReady& ready);
// The same for any link to a GATT device, on this bus. `clock` is the link's.
Result<void> serve_link_on_dbus(std::unique_ptr<Link> link, const Clock& clock,
                                const std::string& bus, const std::stop_token& stop,
                                const DbusReady& ready);

}  // namespace carebench::sim
