// The records of a device across cuts of its line, by their numbers: which came live, which were
// sent again afterwards, which never. What lies between the last live record before a cut and the
// first one after it is the backlog of that cut; it is settled when the device had its time to send
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "profiles/measuring/expected_frames.h"

namespace carebench {

class Backlog {
 public:
  explicit Backlog(std::uint64_t modulus);
  void live(std::uint64_t number, Stamp stamp);
  void stored(std::uint64_t number);
  void cut(Stamp stamp);  // nobody listens from here on
  void settle();          // the time for the backlog of the last cut is over

  // Never came, neither live nor stored; cut times included.
  std::uint64_t lost() const { return frames_.balance().lost + missing_; }
  std::uint64_t records() const { return records_; }                     // made during the cuts
  std::uint64_t missing() const { return missing_; }                     // of these, not sent again
  std::uint64_t received() const { return frames_.balance().received; }  // live
  std::uint64_t duplicates() const { return duplicates_; }
  bool in_order() const { return in_order_; }
  // Cuts after which the device counted anew: what it made meanwhile is not known.
  int restarts() const { return restarts_; }

 private:
  // What one cut may bring; a device that sends more is broken, and counts as sending duplicates.
  static constexpr std::size_t most_stored = 1'000'000;

  std::uint64_t modulus_;
  FramesByNumber frames_;
  bool any_ = false;                        // a live record came
  bool cut_ = false;                        // since the last cut nothing came live
  std::optional<std::uint64_t> last_live_;  // before the cut
  std::optional<std::uint64_t> gap_;        // records of the cut, once the first live one is there
  std::vector<std::uint64_t> stored_;       // as they came since the cut, counted from last_live_
  std::uint64_t records_ = 0, missing_ = 0, duplicates_ = 0;
  bool in_order_ = true;
  int restarts_ = 0;
};

}  // namespace carebench
