// What a device advertises, as frames for the evidence (probes/gatt/event.h). bluetoothd tells what
// changed; each advertising event carries all that is known at that moment.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "probes/dbus/value.h"
#include "standards/vocab/bytes.h"

namespace carebench::links {

// In dBm; nothing where the controller could not tell (127), and bluetoothd passes that on.
std::optional<int> rssi_of(const dbus::Value& property);

class BleAdvertising {
 public:
  // Properties of Device1 that were told or have changed, and those that hold no more; the frames
  // of what was heard over the air with them, if anything was. They hold until the next call.
  const std::vector<Bytes>& heard(const dbus::Value& changed, const dbus::Values& invalidated = {});

 private:
  Bytes advertising() const;
  void add_data(const dbus::Value& changed, std::string_view property, bool manufacturer);

  std::map<std::string, dbus::Value, std::less<>> known_;
  std::vector<Bytes> frames_;
};

}  // namespace carebench::links
