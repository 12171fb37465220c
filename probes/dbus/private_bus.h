// A dbus-daemon of our own, for stand-ins of system services. It ends with its owner.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "standards/vocab/error.h"

namespace carebench::dbus {

class PrivateBus {
 public:
  // not_ready where dbus-daemon cannot be started.
  static Result<std::unique_ptr<PrivateBus>> start();
  ~PrivateBus();
  PrivateBus(const PrivateBus&) = delete;
  PrivateBus& operator=(const PrivateBus&) = delete;

  const std::string& address() const { return address_; }
  void kill();  // at once, as if it had crashed

 private:
  PrivateBus() = default;
  std::string folder_, address_;
  pid_t daemon_ = -1;
};

}  // namespace carebench::dbus
