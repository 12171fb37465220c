// How an alarm follows a quantity that is led through the alarm's threshold and back, again and
// again. Pure. Times in s, ascending.
//
// The course is a list of samples of the true quantity. For an alarm above the threshold T with
// hysteresis h, an excursion begins with the first sample above T and ends with the first one at or
// below T - h (an alarm below the threshold: the same, mirrored). Between two excursions lies a
// turn, the last sample with the lowest value; from one turn to the next it is a cycle.
//   - The first time the alarm comes on in a cycle before its excursion ends answers the
//     excursion, also where it is early, on the way up, unless it goes off again before the
//     excursion begins. Later than `within` after that, or never: missed, an infinite delay.
//   - Each further time it comes on before the end is chatter.
//   - It is cleared when it goes off for the last time in its cycle; still on when the next cycle
//     begins: not cleared, with an infinite delay.
//   - The alarm coming on at any other time is a false alarm.
// The moments at which an excursion begins and ends, and the level at which the alarm came on or
// went off, are read off straight lines between samples; of a staircase, the level is the middle of
// the last step.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace carebench {

struct CoursePoint {
  double time_s = 0, value = 0;
};
struct AlarmEdge {
  double time_s = 0;
  bool on = false;
  std::uint64_t first_seq = 0, last_seq = 0;
};

struct ThresholdRule {
  double threshold = 0, hysteresis = 0;  // hysteresis >= 0
  bool above = true;
  double within_s = 0;
  bool staircase = false;  // each value holds until the next sample
};

struct ThresholdCycle {
  double begins_s = 0, ends_s = 0;     // of the excursion; not ended: infinite
  double on_delay_s = 0;               // from the beginning; infinite: missed
  double off_delay_s = 0;              // from the end; infinite: not cleared; NaN: nothing to clear
  double on_level = 0, off_level = 0;  // NaN where it did not come on, or was not cleared
  double on_step = 0, off_step = 0;    // of a staircase: how wide the step was there
};

struct ThresholdFound {
  std::vector<ThresholdCycle> cycles;
  std::int64_t missed = 0, not_cleared = 0, false_alarms = 0, chatter = 0;
  double widest_gap_s = 0;  // between the samples at which excursions begin and end
};
// `on_at_first`: the alarm was on when it was first told. Edges alternate; one that tells nothing
// new is passed over.
ThresholdFound threshold_alarms(std::span<const CoursePoint> course,
                                std::span<const AlarmEdge> edges, bool on_at_first,
                                const ThresholdRule& rule);

}  // namespace carebench
