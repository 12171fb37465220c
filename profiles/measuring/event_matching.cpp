#include "profiles/measuring/event_matching.h"

#include <algorithm>

namespace carebench {
namespace {

void serve(std::span<const Stimulus> stimuli, std::span<const double> alarms, double early,
           double window, bool targets, EventMatching& out) {
  std::size_t first = 0;  // alarms before it lie before every stimulus to come
  for (std::size_t i = 0; i < stimuli.size(); ++i) {
    if (stimuli[i].target != targets) continue;
    while (first < alarms.size() && alarms[first] < stimuli[i].time_s - early) ++first;
    for (std::size_t a = first; a < alarms.size() && alarms[a] <= stimuli[i].time_s + window; ++a) {
      if (out.stimulus_of[a]) continue;
      out.stimulus_of[a] = i;
      out.alarm_of[i] = a;
      break;
    }
  }
}

void count(const Stimulus& stimulus, bool alarmed, EventCounts& counts) {
  if (stimulus.target) {
    ++counts.targets;
    if (alarmed) ++counts.detected;
  } else {
    ++counts.others;
    if (!alarmed) ++counts.silent;
  }
}

// Of [0, observed], what lies in no window of a target.
double outside(std::span<const Stimulus> stimuli, double early, double window, double observed) {
  double covered = 0, until = 0;
  for (const Stimulus& one : stimuli) {
    if (!one.target) continue;
    const double from = std::clamp(one.time_s - early, until, observed);
    const double to = std::clamp(one.time_s + window, until, observed);
    covered += to - from;
    until = std::max(until, to);
  }
  return observed - covered;
}

}  // namespace

EventMatching match_events(std::span<const Stimulus> stimuli, std::span<const double> alarms,
                           double early, double window) {
  EventMatching out;
  out.alarm_of.resize(stimuli.size());
  out.stimulus_of.resize(alarms.size());
  serve(stimuli, alarms, early, window, true, out);
  serve(stimuli, alarms, early, window, false, out);
  return out;
}

std::optional<std::size_t> ambiguous_stimulus(std::span<const Stimulus> stimuli, double early,
                                              double window) {
  std::optional<std::size_t> last[2];  // of either sort
  for (std::size_t i = 0; i < stimuli.size(); ++i) {
    const auto before = last[stimuli[i].target ? 0 : 1];
    if (before && stimuli[*before].time_s + window >= stimuli[i].time_s - early) return *before;
    last[stimuli[i].target ? 1 : 0] = i;
  }
  return std::nullopt;
}

std::vector<std::size_t> without_repeats(std::span<const double> alarms, double repeats_within) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < alarms.size(); ++i)
    if (i == 0 || repeats_within <= 0 || alarms[i] - alarms[i - 1] > repeats_within)
      kept.push_back(i);
  return kept;
}

EventTally tally_events(std::span<const Stimulus> stimuli, std::span<const double> alarms,
                        const EventMatching& matching, double early, double window,
                        double observed_s) {
  EventTally tally;
  for (std::size_t i = 0; i < stimuli.size(); ++i) {
    if (!stimuli[i].counted) continue;
    const bool alarmed = matching.alarm_of[i].has_value();
    count(stimuli[i], alarmed, tally.all);
    auto stratum = std::find_if(tally.strata.begin(), tally.strata.end(),
                                [&](const auto& one) { return one.first == stimuli[i].stratum; });
    if (stratum == tally.strata.end())
      stratum = tally.strata.insert(stratum, {stimuli[i].stratum, {}});
    count(stimuli[i], alarmed, stratum->second);
  }
  for (std::size_t a = 0; a < alarms.size(); ++a) {
    const auto stimulus = matching.stimulus_of[a];
    if (stimulus ? stimuli[*stimulus].target : alarms[a] > observed_s) continue;
    ++tally.false_alarms;
    if (stimulus) ++tally.in_others;
  }
  tally.outside_s = outside(stimuli, early, window, observed_s);
  return tally;
}

}  // namespace carebench
