// Pairs the readings of a device with those of a reference by their time. A device reading and a
// reference reading are a pair when each is the other's nearest in time and they lie no further
// apart than the tolerance; of two equally near, the earlier one is nearest. So every reading is
// used once at most, whatever the two rates are, and which pairs there are does not depend on who
// asks.
//
// In constant memory: readings come in the order of time, and two that are each other's nearest
// have nothing between them.
#pragma once

#include <cstdint>
#include <optional>

#include "standards/vocab/time.h"

namespace carebench {

struct ReadingPair {
  Stamp device_at, reference_at;
  double device = 0, reference = 0;
};

class Pairing {
 public:
  enum class Side : std::uint8_t { device, reference };
  explicit Pairing(Duration tolerance) : tolerance_(tolerance) {}

  // Gives the pair that this reading settles, if any. A stamp before the last one counts as equal.
  std::optional<ReadingPair> add(Side side, Stamp stamp, double value);
  // No more readings come; or none that may pair with what came so far (another level).
  std::optional<ReadingPair> finish();

  std::uint64_t readings(Side side) const { return of(side).count; }
  std::uint64_t pairs() const { return pairs_; }

 private:
  struct Reading {
    Stamp stamp;
    double value = 0;
    bool there = false;
    std::uint64_t count = 0;
  };
  const Reading& of(Side side) const { return last_[static_cast<std::size_t>(side)]; }
  std::optional<ReadingPair> settle(bool stands);

  Duration tolerance_;
  Reading last_[2];
  std::optional<Side> newest_;
  // A device and a reading that are neighbours; it stands unless a reading of `earlier_`'s side
  // comes nearer to the later one of the two.
  std::optional<ReadingPair> candidate_;
  Side earlier_ = Side::device;
  Stamp candidate_until_;
  std::uint64_t pairs_ = 0;
};

}  // namespace carebench
