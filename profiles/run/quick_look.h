// A look at one device outside a run: for `inspect`. Nothing of it is evidence.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "profiles/context.h"

namespace carebench {

class QuickLook {
 public:
  // `protocol` may be null.
  static Result<std::unique_ptr<QuickLook>> open(const std::string& address,
                                                 std::shared_ptr<const Protocol> protocol,
                                                 std::stop_token stop);
  ~QuickLook();
  Port& port();

 private:
  QuickLook();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace carebench
