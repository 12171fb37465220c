// How many intervals that follow on each other without a hole (RR intervals, beat to beat) never
// came, told by time: what a device sent must add up to the time that passed between its messages.
//
// With the messages as they come, time passed minus sum of intervals is as old as the last interval
// told then was: for a sound device between nothing and one interval, whichever way it packs them
// into messages. More than that span is a loss, less is a repetition; and where the device tells
// each interval at once, any lasting step by a whole interval is one. Slow drifts (the device's
// quartz, rounding of the intervals) are followed. What is lost is known to within one interval.
// Constant memory.
#pragma once

#include <array>
#include <span>

#include "profiles/measuring/expected_frames.h"

namespace carebench {

class FramesByInterval {
 public:
  explicit FramesByInterval(Stamp begin) : last_(begin) {}
  // A message that came then, with the intervals that ended since the one before it, in s.
  void add(std::span<const double> intervals_s, Stamp stamp);
  void end(Stamp stamp);     // of the observation, or of what the bench heard before a gap
  void resume(Stamp begin);  // the first message after it begins a new sum
  const FrameBalance& balance() const { return balance_; }

 private:
  static constexpr std::size_t block = 60;  // messages
  void keep();
  void look_at_the_step(double passed);
  void look_at_the_span();
  void close_block(std::size_t least);
  void miss(double seconds, double edge);

  Stamp last_;
  bool heard_ = false;
  double mean_s_ = 0, longest_s_ = 0;   // of recent intervals
  double spacing_s_ = 0;                // from message to message, mostly
  double edge_s_ = 0;                   // before the first message
  double age_s_ = 0;                    // time passed minus sum, losses found already taken off
  std::array<double, block> recent_{};  // ages of recent messages
  std::size_t next_ = 0, filled_ = 0;
  double block_sum_s_ = 0, level_s_ = 0;
  std::size_t in_block_ = 0;
  bool has_level_ = false;
  FrameBalance balance_;
};

}  // namespace carebench
