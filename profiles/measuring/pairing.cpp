#include "profiles/measuring/pairing.h"

#include <algorithm>

namespace carebench {

std::optional<ReadingPair> Pairing::settle(bool stands) {
  std::optional<ReadingPair> pair;
  if (stands) pair = candidate_;
  if (pair) ++pairs_;
  candidate_.reset();
  return pair;
}

std::optional<ReadingPair> Pairing::add(Side side, Stamp stamp, double value) {
  Reading& mine = last_[static_cast<std::size_t>(side)];
  const Side other_side = side == Side::device ? Side::reference : Side::device;
  const Reading& other = of(other_side);
  if (newest_) stamp = std::max(stamp, of(*newest_).stamp);

  std::optional<ReadingPair> pair;
  if (candidate_ && side == earlier_) pair = settle(stamp >= candidate_until_);
  if (newest_ == other_side && other.there) {
    const Duration apart = stamp - other.stamp;
    // The other one's nearest may have been the reading of this side before it.
    const bool nearest = !mine.there || other.stamp - mine.stamp > apart;
    if (apart <= tolerance_ && nearest) {
      candidate_ = side == Side::device ? ReadingPair{stamp, other.stamp, value, other.value}
                                        : ReadingPair{other.stamp, stamp, other.value, value};
      earlier_ = other_side;
      candidate_until_ = stamp + apart;
    }
  }
  mine.stamp = stamp;
  mine.value = value;
  mine.there = true;
  ++mine.count;
  newest_ = side;
  return pair;
}

std::optional<ReadingPair> Pairing::finish() {
  const auto pair = settle(candidate_.has_value());
  newest_.reset();
  for (Reading& one : last_) one.there = false;
  return pair;
}

}  // namespace carebench
