// What an error of bluetoothd 5.66 or of D-Bus is to a link. Only what a device said is `refused`;
// what bluetoothd, the adapter or the machine cannot do is an Error with its blame and what to do.
#pragma once

#include "probes/dbus/connection.h"
#include "probes/link.h"

namespace carebench::links {

// What bluetoothd was asked for. The same words mean different things on different occasions.
enum class BleAsked : std::uint8_t { objects, scan, connect, attribute, subscribe, pair, remove };

struct BleAsking {
  BleAsked asked = BleAsked::objects;
  std::string device;   // as people call it: its address
  std::string adapter;  // "hci0"
  Duration timeout;     // of the operation
};

// Refused with refusal_text() of probes/gatt/refusal.h, timed_out, lost or done; `values` of a
// done answer are the caller's. Stopped is Errc::interrupted.
Result<Link::Performed> come_of(const dbus::Answer& answer, const BleAsking& asking);

// What to do where a device refuses a bench that it was bonded with.
inline constexpr std::string_view bond_advice =
    "; the bench holds a bond with this device: if the device has lost its half, delete the "
    "bench's "
    "(unpair) and pair again";

// … and where it refuses one that it takes for a bench that has lost its key.
inline constexpr std::string_view bond_left_advice =
    "; a device that still holds a bond with this bench refuses a new one: delete it there, too";

// Whether asking again may help: the device did not answer in time, or the radio was occupied.
bool worth_another_try(const dbus::Answer& answer);

}  // namespace carebench::links
