#include "probes/clock.h"

#include <ctime>

namespace carebench {
namespace {

Nanoseconds monotonic() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<Nanoseconds>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

RealClock::RealClock(Stamp offset) : origin_(monotonic() - offset.ns) {}

Stamp RealClock::now() const { return {monotonic() - origin_}; }

}  // namespace carebench
