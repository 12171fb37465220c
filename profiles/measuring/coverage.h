// For which share of the observed time a device had a valid reading to show. A reading stands until
// the next one comes, valid or not, and no longer than `hold`.
#pragma once

#include <algorithm>

#include "standards/vocab/time.h"

namespace carebench {

class Coverage {
 public:
  explicit Coverage(Duration hold) : hold_(hold.ns) {}
  // Only time between open and close is observed; a reading from before may still stand.
  void open(Stamp stamp) {
    opened_ = stamp.ns;
    is_open_ = true;
  }
  void close(Stamp stamp) {
    count(stamp.ns);
    if (is_open_) observed_ += stamp.ns - opened_;
    is_open_ = false;
  }
  void reading(Stamp stamp, bool valid) {
    count(stamp.ns);
    last_ = stamp.ns;
    valid_ = valid;
  }
  double share() const {
    return observed_ > 0 ? static_cast<double>(covered_) / static_cast<double>(observed_) : 0;
  }

 private:
  void count(Nanoseconds until) {
    if (!is_open_ || !valid_) return;
    const Nanoseconds from = std::max({last_, opened_, counted_});
    const Nanoseconds to = std::min(until, last_ + hold_);
    if (to > from) covered_ += to - from;
    counted_ = std::max(counted_, to);
  }
  Nanoseconds hold_, opened_ = 0, last_ = 0, counted_ = 0, covered_ = 0, observed_ = 0;
  bool is_open_ = false, valid_ = false;
};

}  // namespace carebench
