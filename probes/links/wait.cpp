#include "probes/links/wait.h"

#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

#include "standards/vocab/text.h"

namespace carebench::links {
namespace {
constexpr Duration slice = milliseconds(20);
}

Countdown::Countdown(Duration timeout)
    : end_(std::chrono::steady_clock::now() +
           std::chrono::nanoseconds(std::clamp(timeout, Duration{}, seconds(1'000'000)).ns)) {}

Duration Countdown::left() const {
  const auto left = end_ - std::chrono::steady_clock::now();
  return {
      std::max<Nanoseconds>(0, std::chrono::duration_cast<std::chrono::nanoseconds>(left).count())};
}

Waited wait_for(int fd, short events, const Countdown& countdown, const std::stop_token& stop) {
  for (;;) {
    if (stop.stop_requested()) return Waited::stopped;
    const Duration time = std::min(slice, countdown.left());
    const timespec at_most{0, static_cast<long>(time.ns)};
    pollfd wanted{fd, events, 0};
    if (::ppoll(&wanted, 1, &at_most, nullptr) > 0) return Waited::ready;
    if (countdown.over()) return Waited::timed_out;
  }
}

Waited sleep_for(Duration time, const std::stop_token& stop) {
  const Countdown countdown(time);
  while (!countdown.over()) {
    if (stop.stop_requested()) return Waited::stopped;
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(slice, countdown.left()).ns));
  }
  return Waited::timed_out;
}

void ask_for_real_time() {
  sched_param parameters{};
  parameters.sched_priority = 10;
  (void)sched_setscheduler(0, SCHED_FIFO, &parameters);
}

tl::unexpected<Error> stopped(std::string_view doing) {
  return fail(Errc::interrupted, Blame::bench, cat("stopped while ", doing));
}

std::string system_text(int error) { return lower(std::generic_category().message(error)); }

}  // namespace carebench::links
