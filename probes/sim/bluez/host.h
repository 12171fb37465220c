// Stands a virtual GATT device up behind a bluetoothd-shaped service (stack.h) on a private message
// bus, in real time, so that clients of bluetoothd reach it unchanged.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "standards/vocab/error.h"

namespace carebench::sim {

struct DbusOptions {
  std::string faults, seed, serial;
  std::string observe;  // file for the device's state when a client leaves and at the end
};

// On the bus of DBUS_SYSTEM_BUS_ADDRESS; without it on a dbus-daemon of its own, which ends with
// it. The bus of the machine is refused: it is bluetoothd's. `ready` is told the address of the bus
// and how carebench reaches the device ("ble:C0:…").
Result<void> serve_on_dbus(
    std::string_view device, const DbusOptions& options, std::stop_token stop,
    const std::function<void(const std::string& bus, const std::string& address)>& ready);

}  // namespace carebench::sim
