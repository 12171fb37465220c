// The two clocks: CLOCK_MONOTONIC since the start of the run, and the virtual clock of a
// simulation.
#pragma once

#include <atomic>

#include "probes/link.h"

namespace carebench {

class RealClock final : public Clock {
 public:
  // `offset`: where this segment starts on the run's axis (0 but for a resumed run).
  explicit RealClock(Stamp offset = {});
  Stamp now() const override;
  // The CLOCK_MONOTONIC reading that is 0 on the run's axis, in nanoseconds.
  Nanoseconds origin() const { return origin_; }

 private:
  Nanoseconds origin_;
};

class VirtualClock final : public Clock {
 public:
  Stamp now() const override { return {now_.load(std::memory_order_relaxed)}; }
  bool is_virtual() const override { return true; }
  void advance_to(Stamp t) override {
    if (t > now()) now_.store(t.ns, std::memory_order_relaxed);
  }

 private:
  std::atomic<Nanoseconds> now_{0};
};

}  // namespace carebench
