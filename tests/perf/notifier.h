// A service shaped like bluetoothd, in a process of its own, whose one characteristic sends values
// as fast as they are taken, or one each millisecond. Each value holds when it was sent
// (CLOCK_MONOTONIC, ns, 8 octets) and is 20 octets long. What it sends: WriteValue of "COUNT" or
// "COUNT paced".
#pragma once

#include <string>

namespace carebench {

inline constexpr const char* notifier_address = "ble:C0:00:00:00:00:01";
inline constexpr const char* notifier_path =
    "/org/bluez/hci0/dev_C0_00_00_00_00_01/service0010/char0011";

// Serves on that bus until the bus goes away.
void serve_notifier(const std::string& bus);

}  // namespace carebench
