// Ctrl-C and termination as a stop_token: the signals are taken by a thread of their own, so that
// no code runs in signal context.
#pragma once

#include <stop_token>

namespace carebench {

// Blocks SIGINT, SIGTERM and SIGHUP in this thread and all it starts, and requests a stop when one
// comes, saying `what_now` on stderr. Make it first in main's thread. A second signal ends the
// process at once (exit 130).
class Interrupt {
 public:
  explicit Interrupt(const char* what_now = "");
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  std::stop_token token() const { return source_.get_token(); }
  // Requests the stop; false when it was requested before. For the thread that takes the signals.
  bool stop();

 private:
  std::stop_source source_;
  const char* what_now_;
  unsigned long thread_ = 0;
  bool running_ = false;
};

}  // namespace carebench
