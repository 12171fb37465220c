// How a link was protected: as a tap on the HCI saw it (role `monitor`), or else as the stack tells
// it. BlueZ tells nothing but that a device is paired, so without a tap the method, the level and
// the key of a real device cannot be seen, and `why` says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/gatt/status.h"
#include "probes/hci/monitor.h"
#include "profiles/context.h"

namespace carebench {

struct SeenSecurity {
  std::optional<GattSecurity> security;  // what was agreed
  std::optional<bool> encrypted;         // the link that is up now
  std::string why;                       // something of it could not be seen
};

// Packets of the tap in, what was agreed on a link out. Pure.
class SecurityTrace {
 public:
  void feed(ByteView packet);
  // Of the device with that address, or of the only one that was secured: a device that uses
  // private addresses has another one on the air than the stack tells.
  SeenSecurity seen(std::string_view address) const;

 private:
  struct Talk {
    std::uint16_t adapter = 0, handle = 0;
    hci::DeviceAddress address{};
    bool open = true, encrypted = false;
    std::optional<hci::PairingFeatures> request, response;
    bool secured() const { return encrypted || (request && response); }
  };
  static constexpr std::size_t most_talks = 64;
  Talk& talk(const hci::Event& event);

  hci::MonitorReader reader_;
  std::vector<Talk> talks_;  // in the order they began
};

class SecurityWatch {
 public:
  explicit SecurityWatch(Context& context) : context_(context) {}
  // From here on; what the tap saw before is dropped.
  Result<void> begin();
  // What was agreed since with the device of which the stack tells this.
  Result<SeenSecurity> end(const GattStatus& told_by_stack);

 private:
  Context& context_;
};

}  // namespace carebench
