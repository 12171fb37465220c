// Waiting on a real bench, for the operations of real links: bounded by a time-out, ended by a
// stop.
#pragma once

#include <chrono>
#include <stop_token>
#include <string_view>

#include "standards/vocab/error.h"
#include "standards/vocab/time.h"

namespace carebench::links {

class Countdown {
 public:
  explicit Countdown(Duration timeout);
  Duration left() const;  // never negative
  bool over() const { return left().ns == 0; }

 private:
  std::chrono::steady_clock::time_point end_;
};

enum class Waited { ready, timed_out, stopped };

// Until the descriptor has one of `events` (POLLIN, POLLOUT) or an error. A stop is seen within 20
// ms.
Waited wait_for(int fd, short events, const Countdown& countdown, const std::stop_token& stop);
// Waited::timed_out when the whole time has passed.
Waited sleep_for(Duration time, const std::stop_token& stop);

// Asks the scheduler to let this thread go first; without CAP_SYS_NICE it is refused, and all is as
// before.
void ask_for_real_time();

// errc interrupted: "stopped while writing to …"
tl::unexpected<Error> stopped(std::string_view doing);

std::string system_text(int error);  // "no such file or directory"

}  // namespace carebench::links
