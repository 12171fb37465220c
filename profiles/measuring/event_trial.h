// A trial of events: what was done and when (stimuli), what the device told and when (alarms), side
// by side on the time axis of one observation. Stimuli come from
// - a script: the operator is asked to do each one and confirms in that moment, or an actuator in
//   the role `stimulus` is told to, by a message;
// - a device in the role `reference` that tells when it happened (a contact mat, a gate);
// - a file, with times since the observation began (a video, a motion capture system).
// Alarms come from the device itself or, where they go to a platform, from a file.
#pragma once

#include <string>
#include <vector>

#include "profiles/measuring/condition.h"
#include "profiles/measuring/event_matching.h"
#include "profiles/measuring/time_budget.h"
#include "profiles/measuring/watching.h"

namespace carebench {

// One line of `script:`, done `times` times.
struct ScriptLine {
  std::string kind, stratum;
  std::int64_t times = 1;
  yaml::Node send;  // {message, fields} of an actuator; empty: the operator is asked
  Origin at;
};
// Reads {kind, stratum, times, send}; `actuator` is null where the operator does it.
std::vector<ScriptLine> read_script(const yaml::Node& script, const Protocol* actuator,
                                    Problems& problems);

struct Alarm {
  double time_s = 0;
  std::uint64_t first_seq = 0, last_seq = 0;
};

class EventTrial {
 public:
  explicit EventTrial(Context& context);
  Result<void> run();

  std::vector<Stimulus> stimuli;  // in the order of time
  std::vector<Alarm> alarms;      // likewise, repeats left out
  double observed_s = 0;
  TimeBudget u;  // of a time from stimulus to alarm
  double early_s = 0, window_s = 0;
  std::string stimulus_source, alarm_source;  // for notes
  std::int64_t repeats = 0;

 private:
  Result<void> read_files();
  Result<void> read_stimuli_file();
  Result<void> read_alarms_file();
  Result<void> observe();
  Result<void> play_script(const std::vector<ScriptLine>& script);
  Result<Stamp> provoke(const ScriptLine& line, std::int64_t number, std::int64_t all);
  Result<void> listen(Duration length);
  void take(const Watching::Heard& heard);
  void leave_out_the_last();
  Result<void> check_times() const;
  Result<void> uncertainty();
  bool is_target(std::string_view kind) const;

  // A condition of one device, and whether its state holds.
  struct Source {
    std::optional<Condition> condition;
    Port* port = nullptr;
    bool sampled = false;  // the state is looked at from time to time, not told when it changes
    std::optional<bool> state;
    bool held_at_first = false;
    Stamp last;
    Duration widest_gap;
    // When an occasion was, or a state began; nothing else is an event.
    std::optional<Stamp> began(const Watching::Heard& heard);
  };
  Context& context_;
  const Params& with_;
  Watching watching_;
  Source alarm_, reference_;
  std::optional<Stamp> began_;
  Stamp until_;
};

}  // namespace carebench
