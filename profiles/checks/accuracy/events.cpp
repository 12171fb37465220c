// Does a device tell of what happens, in time, and of nothing else? Falls, calls, bed exits,
// leaving an area. What was done and when stands against what the device told and when
// (profiles/measuring/event_trial.h); each alarm belongs to one event at most and the other way
// round (event_matching.h).
//
// Sensitivity is the share of the events that must alarm (targets) which did within `window`,
// specificity that of the other events which did not; both with their exact interval. An alarm
// that no target explains is a false one, in a trial or between them; their rate is taken over the
// time outside of the windows of targets. A target without alarm has an infinite time to alarm.
// Strata (slow gait, heavy blanket …) are told apart: the mean of easy and hard ones hides the hard
// ones.
#include <algorithm>
#include <cmath>

#include "profiles/measuring/event_trial.h"
#include "profiles/measuring/latencies.h"
#include "profiles/measuring/named.h"
#include "standards/stats/proportions.h"
#include "standards/stats/rates.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device that must tell of the events"},
    {"reference", false, false, "a device that tells when an event happened"},
    {"stimulus", false, false, "an actuator that makes an event happen when it is told to"},
};

constexpr ParamSpec params[] = {
    {"alarm", ParamKind::tree, false, "",
     "what the device says: {message: …, where: …}, {field: …, equals: …} or {register: …}"},
    {"alarms_file", ParamKind::file, false, "", "CSV file of alarms instead, time_s[,kind]"},
    {"alarm_kinds", ParamKind::texts, false, "", "kinds in that file that count; not given: all"},
    {"script", ParamKind::tree, false, "",
     "[{kind, stratum, times, send}]: what the operator, or an actuator, does"},
    {"reference_event", ParamKind::tree, false, "", "what the reference says when it happens"},
    {"stimuli_file", ParamKind::file, false, "", "CSV file of events, time_s[,kind][,stratum]"},
    {"targets", ParamKind::texts, false, "", "kinds that must alarm; not given: all"},
    {"window", ParamKind::duration, true, "", "an alarm within this time answers the event"},
    {"early", ParamKind::duration, false, "0 s",
     "how much before the event an alarm may lie, by the error of the clocks"},
    {"repeats_within", ParamKind::duration, false, "0 s",
     "an alarm that follows on the last one within this time tells it again"},
    {"quiet", ParamKind::duration, false, "0 s", "how long to listen before the first event"},
    {"rest", ParamKind::duration, false, "0 s", "script: pause after the window of each event"},
    {"duration", ParamKind::duration, false, "0 s", "how long to observe, without a script"},
    {"stimulus_u", ParamKind::number, false, "0",
     "standard uncertainty of the events' times, s: reaction of the operator, clock of a file", 0,
     1e6},
    {"alarm_u", ParamKind::number, false, "0",
     "standard uncertainty of the times in the alarms' file, s", 0, 1e6},
    {"poll", ParamKind::duration, false, "1 s", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "500 ms", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"sensitivity", OutputKind::number, "1", "share of the events that must alarm which did", {}},
    {"specificity", OutputKind::number, "1", "share of the other events without an alarm", {}},
    {"lowest_stratum_sensitivity",
     OutputKind::number,
     "1",
     "sensitivity of the stratum where it is lowest",
     {}},
    {"missed", OutputKind::number, "{count}", "events that must alarm and did not", {}},
    {"false_alarms", OutputKind::number, "{count}", "alarms that no event explains", {}},
    {"false_alarm_rate", OutputKind::number, "/d", "false alarms in 24 h", {}},
    {"p50", OutputKind::number, "s", "median of the times to alarm, nearest rank", {}},
    {"p95", OutputKind::number, "s", "95th percentile of the times to alarm, nearest rank", {}},
    {"max", OutputKind::number, "s", "longest time to alarm", {}},
};

void lint(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  lint_positive(step, {"window", "poll", "timeout"}, problems);
  const int stimuli =
      int{with.has("script")} + int{with.has("reference_event")} + int{with.has("stimuli_file")};
  if (stimuli != 1)
    problems.add(step.at,
                 "say when events happen by one of `script:`, `reference_event:` and "
                 "`stimuli_file:`");
  if (with.has("alarm") == with.has("alarms_file"))
    problems.add(step.at, "say what the alarms are by one of `alarm:` and `alarms_file:`");
  if (with.has("alarm")) {
    if (step.protocol("test"))
      (void)Condition::read(with.tree("alarm"), step.protocol("test"), problems);
    else
      (void)access_of(step, "test", problems);
  }
  if (with.has("reference_event")) {
    if (!step.bound("reference"))
      with.problem("reference_event", step.at, "bind a device to the role `reference`", problems);
    else if (step.protocol("reference"))
      (void)Condition::read(with.tree("reference_event"), step.protocol("reference"), problems);
    else
      (void)access_of(step, "reference", problems);
  }
  const bool scripted = with.has("script"), actuated = scripted && step.bound("stimulus");
  if (actuated && !step.protocol("stimulus")) (void)access_of(step, "stimulus", problems);
  if (scripted && (!actuated || step.protocol("stimulus"))) {
    const auto script =
        read_script(with.tree("script"), actuated ? step.protocol("stimulus") : nullptr, problems);
    for (const std::string& target : with.texts("targets"))
      if (std::none_of(script.begin(), script.end(),
                       [&](const ScriptLine& line) { return line.kind == target; }))
        with.problem("targets", step.at, cat("the script has no kind \"", target, "\""), problems);
  }
  if (!scripted && with.duration("duration").ns <= 0)
    problems.add(step.at, "without a script, say how long to observe: `duration:`");
  const bool by_hand = (scripted && !actuated) || with.has("stimuli_file");
  if (by_hand && with.number("stimulus_u") == 0)
    with.problem("stimulus_u", step.at,
                 "times of an operator or a file are not exact: give their standard uncertainty "
                 "in s, `stimulus_u:`",
                 problems);
  if (with.has("alarms_file") && with.number("alarm_u") == 0)
    with.problem("alarm_u", step.at,
                 "the clock of the alarms' file is not the bench's: give the standard uncertainty "
                 "of its times in s, `alarm_u:`",
                 problems);
}

double share(std::int64_t part, std::int64_t all) {
  return all == 0 ? std::nan("") : static_cast<double>(part) / static_cast<double>(all);
}

std::string with_interval(std::int64_t part, std::int64_t all) {
  if (all == 0) return "none";
  const Interval interval = stats::clopper_pearson(part, all);
  return cat(number(share(part, all), 3), " [", number(interval.low, 3), ", ",
             number(interval.high, 3), "]");
}

class Report {
 public:
  Report(Context& context, const EventTrial& trial) : context_(context), trial_(trial) {
    for (const Alarm& alarm : trial.alarms) {
      times_.push_back(alarm.time_s);
      if (alarm.first_seq == 0) continue;
      evidence_.extend(alarm.first_seq);
      evidence_.extend(alarm.last_seq);
    }
    matching_ = match_events(trial.stimuli, times_, trial.early_s, trial.window_s);
    tally_ = tally_events(trial.stimuli, times_, matching_, trial.early_s, trial.window_s,
                          trial.observed_s);
  }

  void emit() {
    const EventCounts& all = tally_.all;
    proportion("sensitivity", all.detected, all.targets, "no event that must alarm happened");
    proportion("specificity", all.silent, all.others,
               "there was no event that must not alarm: nothing to be silent at");
    lowest_stratum();
    context_.number("missed", static_cast<double>(all.targets - all.detected), 0, all.targets,
                    evidence_);
    false_alarms();
    latencies();
    notes();
  }

 private:
  void proportion(std::string_view output, std::int64_t part, std::int64_t all,
                  std::string_view none) {
    if (all == 0)
      context_.number(output, std::nan(""), 0, 0, evidence_, {}, std::string(none));
    else
      context_.number(output, share(part, all), 0, all, evidence_,
                      stats::clopper_pearson(part, all));
  }

  void lowest_stratum() {
    const std::pair<std::string, EventCounts>* lowest = nullptr;
    for (const auto& one : tally_.strata) {
      if (one.second.targets == 0) continue;
      if (!lowest || share(one.second.detected, one.second.targets) <
                         share(lowest->second.detected, lowest->second.targets))
        lowest = &one;
    }
    if (!lowest)
      return proportion("lowest_stratum_sensitivity", 0, 0, "no event that must alarm happened");
    const auto& [name, counts] = *lowest;
    context_.number("lowest_stratum_sensitivity", share(counts.detected, counts.targets), 0,
                    counts.targets, evidence_,
                    stats::clopper_pearson(counts.detected, counts.targets),
                    name.empty() ? "there is one stratum" : cat("stratum \"", name, "\""));
  }

  void false_alarms() {
    const std::int64_t k = tally_.false_alarms;
    context_.number("false_alarms", static_cast<double>(k), 0, 0, evidence_, {},
                    cat(tally_.in_others, " of them in events that must not alarm"));
    const double days = tally_.outside_s / 86400;
    if (days <= 0)
      return context_.number("false_alarm_rate", std::nan(""), 0, 0, evidence_, {},
                             "all of the time lies in windows of events that must alarm");
    context_.number("false_alarm_rate", static_cast<double>(k) / days, 0, 0, evidence_,
                    stats::poisson_rate(k, days),
                    cat("in ", number(tally_.outside_s / 3600, 4),
                        " h outside of the windows of events that must alarm"));
  }

  void latencies() {
    Latencies latencies;
    for (std::size_t i = 0; i < trial_.stimuli.size(); ++i) {
      const Stimulus& one = trial_.stimuli[i];
      if (!one.target || !one.counted) continue;
      if (const auto a = matching_.alarm_of[i])
        latencies.add(times_[*a] - one.time_s, trial_.alarms[*a].first_seq,
                      trial_.alarms[*a].last_seq);
      else
        latencies.add_never();
    }
    static constexpr Latencies::Percentile percentiles[] = {{"p50", 0.50}, {"p95", 0.95}};
    latencies.emit(context_, percentiles, trial_.u,
                   {"报警时延分布", "distribution of the times to alarm"},
                   {"报警时延", "time to alarm"});
  }

  void notes() {
    context_.note(cat("events by ", trial_.stimulus_source, ", alarms by ", trial_.alarm_source,
                      ", ", number(trial_.observed_s, 6), " s observed"));
    const auto& all = tally_.all;
    context_.note(
        cat("must alarm: ", all.detected, " alarmed, ", all.targets - all.detected,
            " missed; must not: ", all.others - all.silent, " alarmed, ", all.silent,
            " silent; alarms outside of all events: ", tally_.false_alarms - tally_.in_others));
    if (tally_.strata.size() > 1)
      for (const auto& [name, counts] : tally_.strata)
        context_.note(cat("stratum \"", name, "\": sensitivity ",
                          with_interval(counts.detected, counts.targets), " of ", counts.targets,
                          "; specificity ", with_interval(counts.silent, counts.others), " of ",
                          counts.others));
    if (trial_.repeats > 0)
      context_.note(cat(trial_.repeats, " alarms told the one before again and count as one"));
  }

  Context& context_;
  const EventTrial& trial_;
  std::vector<double> times_;
  SeqRange evidence_;
  EventMatching matching_;
  EventTally tally_;
};

Result<void> run(Context& context) {
  EventTrial trial(context);
  if (auto done = trial.run(); !done) return done;
  Report(context, trial).emit();
  return {};
}

}  // namespace

extern const Check accuracy_events;
const Check accuracy_events{.id = "accuracy/events",
                            .revision = 1,
                            .summary =
                                "event trials (falls, calls, bed exits): sensitivity, specificity, "
                                "false alarms a day, time to alarm",
                            .roles = roles,
                            .needs = {},
                            .params = params,
                            .outputs = outputs,
                            .hazard = Hazard::none,
                            .resumable = false,
                            .lint = lint,
                            .run = run};

}  // namespace carebench::checks
