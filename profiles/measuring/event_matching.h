// Which alarm belongs to which event of a trial. Pure. Times in s on one axis, each list ascending.
//
// An alarm answers a stimulus when it lies within [stimulus - early, stimulus + window]. Each alarm
// answers one stimulus at most and each stimulus has one alarm at most: stimuli are served in the
// order of time, each by the earliest alarm that is left, which gives the most matches there can be
// and, of several such assignments, not the shorter times.
//
// Stimuli that must alarm (targets) are served first; what is left is held against those that must
// not (others). An alarm without target is a false one, whether it came in a trial or not. A target
// without alarm is missed: its time to alarm is infinite, not missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "standards/vocab/quantity.h"

namespace carebench {

struct Stimulus {
  double time_s = 0;
  std::string kind, stratum;  // "fall", "slow"; stratum may be ""
  bool target = true;         // must alarm
  bool counted = true;        // false: matched, so that its alarm is no false one, but not counted
};

struct EventMatching {
  std::vector<std::optional<std::size_t>> alarm_of;     // of each stimulus
  std::vector<std::optional<std::size_t>> stimulus_of;  // of each alarm
};
EventMatching match_events(std::span<const Stimulus> stimuli, std::span<const double> alarms,
                           double early, double window);

// The first stimulus whose alarm could as well belong to the next one of the other sort, because
// their windows overlap; nothing when there is none.
std::optional<std::size_t> ambiguous_stimulus(std::span<const Stimulus> stimuli, double early,
                                              double window);

// Alarms that follow on the one before within `repeats_within` tell it again: the numbers of those
// that stand for themselves. 0: all do.
std::vector<std::size_t> without_repeats(std::span<const double> alarms, double repeats_within);

struct EventCounts {
  std::int64_t targets = 0, detected = 0, others = 0, silent = 0;  // silent: others without alarm
};
struct EventTally {
  EventCounts all;
  std::vector<std::pair<std::string, EventCounts>> strata;  // in the order they come
  std::int64_t false_alarms = 0, in_others = 0;             // in_others: of them, in such a trial
  double outside_s = 0;  // of the observation, outside of the windows of targets
};
EventTally tally_events(std::span<const Stimulus> stimuli, std::span<const double> alarms,
                        const EventMatching& matching, double early, double window,
                        double observed_s);

}  // namespace carebench
