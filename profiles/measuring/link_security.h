// How a link was protected, as the stack tells it or as a tap on the HCI saw it (role `monitor`).
#pragma once

#include <optional>

#include "probes/gatt/status.h"
#include "probes/hci/monitor.h"
#include "profiles/context.h"

namespace carebench {

class SecurityWatch {
 public:
  explicit SecurityWatch(Context& context) : context_(context) {}
  // From here on; what the tap saw before is dropped.
  Result<void> begin();
  // What was agreed since. The tap knows better than the stack; nothing where neither tells.
  Result<std::optional<GattSecurity>> end(const std::optional<GattSecurity>& told_by_stack);

 private:
  Context& context_;
};

}  // namespace carebench
