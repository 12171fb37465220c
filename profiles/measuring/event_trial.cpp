#include "profiles/measuring/event_trial.h"

#include <algorithm>
#include <cmath>

#include "profiles/measuring/named.h"
#include "profiles/measuring/table_file.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_alarms = 1'000'000;
constexpr std::string_view only_kind = "event";  // of a reference device's stimuli

tl::unexpected<Error> profile_error(std::string message) {
  return fail(Errc::bad_input, Blame::profile, std::move(message));
}

Result<Bytes> frame_of(const yaml::Node& send, const Protocol* protocol, Problems& problems) {
  yaml::MapReader map(send, problems);
  const auto node = map.required("message");
  const auto fields = map.optional("fields");
  map.finish();
  if (!node) return Bytes{};
  const auto message = sent_message(protocol, node.text());
  if (!message) {
    node.problem(problems, message.error().message);
    return Bytes{};
  }
  auto octets = protocol->encode((*message)->id, inputs_of(fields, problems));
  if (!octets) node.problem(problems, octets.error().message);
  return octets;
}

}  // namespace

std::vector<ScriptLine> read_script(const yaml::Node& script, const Protocol* actuator,
                                    Problems& problems) {
  std::vector<ScriptLine> out;
  if (script.kind() != yaml::Kind::list || script.items().empty()) {
    script.problem(problems, "script is a list of {kind, stratum, times}");
    return out;
  }
  for (const auto& item : script.items()) {
    yaml::MapReader map(item, problems);
    ScriptLine line;
    line.kind = map.text("kind");
    line.stratum = map.text_or("stratum", "");
    line.times = map.integer_or("times", 1, 10'000, 1);
    line.send = map.optional("send");
    line.at = item.at();
    map.finish();
    if (actuator && !line.send)
      item.problem(problems, "the actuator must be told: give `send: {message: …}`");
    if (!actuator && line.send)
      line.send.problem(problems, "there is nothing to send it to: bind an actuator to `stimulus`");
    if (actuator && line.send) (void)frame_of(line.send, actuator, problems);
    out.push_back(std::move(line));
  }
  return out;
}

EventTrial::EventTrial(Context& context)
    : context_(context),
      with_(context.with()),
      watching_(context, with_.duration("poll"), with_.duration("timeout")) {
  early_s = with_.duration("early").seconds();
  window_s = with_.duration("window").seconds();
}

Result<void> EventTrial::run() {
  if (auto read = read_files(); !read) return read;
  if (auto observed = observe(); !observed) return observed;
  if (auto found = uncertainty(); !found) return found;
  const auto earlier = [](const auto& a, const auto& b) { return a.time_s < b.time_s; };
  std::stable_sort(stimuli.begin(), stimuli.end(), earlier);
  std::stable_sort(alarms.begin(), alarms.end(), earlier);
  if (reference_.condition) leave_out_the_last();
  if (auto fits = check_times(); !fits) return fits;

  std::vector<double> times;
  for (const Alarm& alarm : alarms) times.push_back(alarm.time_s);
  std::vector<Alarm> kept;
  for (const std::size_t i : without_repeats(times, with_.duration("repeats_within").seconds()))
    kept.push_back(alarms[i]);
  repeats = static_cast<std::int64_t>(alarms.size() - kept.size());
  alarms = std::move(kept);
  return {};
}

bool EventTrial::is_target(std::string_view kind) const {
  const auto& targets = with_.texts("targets");
  return targets.empty() || std::find(targets.begin(), targets.end(), kind) != targets.end();
}

Result<void> EventTrial::read_files() {
  if (with_.has("stimuli_file"))
    if (auto read = read_stimuli_file(); !read) return read;
  if (with_.has("alarms_file"))
    if (auto read = read_alarms_file(); !read) return read;
  return {};
}

Result<void> EventTrial::read_stimuli_file() {
  const std::string& name = with_.text("stimuli_file");
  const auto text = context_.input_file(name);
  if (!text) return tl::unexpected(text.error());
  const auto table = TableFile::parse(*text, name, {"time_s"}, {"kind", "stratum"});
  if (!table) return tl::unexpected(table.error());
  const auto times = table->rising("time_s", 0, longest_file_s);
  if (!times) return tl::unexpected(times.error());
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string_view kind = table->has("kind") ? table->cell(row, "kind") : only_kind;
    if (kind.empty()) return table->refuse(row, "kind", "the kind of the event is missing");
    stimuli.push_back({(*times)[row], std::string(kind), std::string(table->cell(row, "stratum")),
                       is_target(kind)});
  }
  stimulus_source = cat("the file ", name);
  return {};
}

Result<void> EventTrial::read_alarms_file() {
  const std::string& name = with_.text("alarms_file");
  const auto text = context_.input_file(name);
  if (!text) return tl::unexpected(text.error());
  const auto table = TableFile::parse(*text, name, {"time_s"}, {"kind"});
  if (!table) return tl::unexpected(table.error());
  const auto times = table->rising("time_s", 0, longest_file_s);
  if (!times) return tl::unexpected(times.error());
  const auto& kinds = with_.texts("alarm_kinds");
  std::int64_t other = 0;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string_view kind = table->cell(row, "kind");
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
      ++other;
    else
      alarms.push_back({(*times)[row], 0, 0});
  }
  if (other > 0) context_.note(cat(other, " alarms in ", name, " are of other kinds"));
  alarm_source = cat("the file ", name);
  return {};
}

// What is heard counts from the moment the observation begins.
Result<void> EventTrial::observe() {
  Problems problems;
  Port& device = context_.port("test");
  if (with_.has("alarm")) {
    alarm_.condition = Condition::read(with_.tree("alarm"), device.protocol(), problems);
    alarm_.port = &device;
    alarm_.sampled = alarm_.condition->reg() != nullptr;
    watching_.add(device, alarm_.condition->reg());
    alarm_source = device.name();
  }
  if (with_.has("reference_event")) {
    Port& reference = context_.port("reference");
    reference_.condition =
        Condition::read(with_.tree("reference_event"), reference.protocol(), problems);
    reference_.port = &reference;
    reference_.sampled = true;
    watching_.add(reference, reference_.condition->reg());
    stimulus_source = reference.name();
  }
  std::vector<ScriptLine> script;
  if (with_.has("script")) {
    const bool actuated = context_.bound("stimulus");
    script = read_script(with_.tree("script"),
                         actuated ? context_.port("stimulus").protocol() : nullptr, problems);
    stimulus_source = actuated ? context_.port("stimulus").name() : "the operator";
  }
  if (!problems.empty()) return tl::unexpected(problems.as_error());

  began_ = context_.now();
  if (auto heard = listen(with_.duration("quiet")); !heard) return heard;
  if (!script.empty()) {
    if (auto played = play_script(script); !played) return played;
  } else if (auto heard = listen(with_.duration("duration")); !heard) {
    return heard;
  }
  observed_s = (until_ - *began_).seconds();
  return {};
}

Result<void> EventTrial::listen(Duration length) {
  until_ = context_.now() + length;
  if (length.ns <= 0) return {};
  Progress progress(context_, context_.now(), length);
  return watching_.until(
      until_, [&](const Watching::Heard& heard) { take(heard); },
      with_.has("script") ? nullptr : &progress);
}

Result<void> EventTrial::play_script(const std::vector<ScriptLine>& script) {
  std::int64_t all = 0, number = 0;
  for (const ScriptLine& line : script) all += line.times;
  for (const ScriptLine& line : script)
    for (std::int64_t i = 0; i < line.times; ++i) {
      const auto at = provoke(line, ++number, all);
      if (!at) return tl::unexpected(at.error());
      stimuli.push_back({(*at - *began_).seconds(), line.kind, line.stratum, is_target(line.kind)});
      // Past the window of this one, and so far that it does not touch the early end of the next.
      const Duration rest =
          with_.duration("window") + with_.duration("early") + with_.duration("rest");
      if (auto heard = listen(rest + milliseconds(1)); !heard) return heard;
      context_.progress(static_cast<double>(number) / static_cast<double>(all));
    }
  return {};
}

Result<Stamp> EventTrial::provoke(const ScriptLine& line, std::int64_t number, std::int64_t all) {
  if (line.send) {
    Problems problems;
    Port& actuator = context_.port("stimulus");
    const auto octets = frame_of(line.send, actuator.protocol(), problems);
    if (!octets) return tl::unexpected(octets.error());
    const auto written = actuator.write(*octets);
    if (auto done = done_or_error(actuator, written); !done) return tl::unexpected(done.error());
    return written->stamp;
  }
  Prompt prompt;
  const std::string what =
      line.stratum.empty() ? line.kind : cat(line.kind, " (", line.stratum, ")");
  prompt.id = line.stratum.empty() ? line.kind : cat(line.kind, "/", line.stratum);
  prompt.purpose = cat("第 ", number, " 次事件试验，共 ", all, " 次：", what, " / event trial ",
                       number, " of ", all, ": ", what);
  prompt.steps = cat("使其发生：", what, "，并在同一时刻确认 / let it happen: ", what,
                     "; confirm in that very moment");
  prompt.look_for = "确认时刻即为事件时刻 / the confirmation is the time of the event";
  const auto answer = context_.ask(prompt);
  if (!answer) return tl::unexpected(answer.error());
  if (!(*answer)["done"].boolean(false))
    return fail(Errc::not_ready, Blame::bench,
                cat("the operator did not confirm the event \"", what, "\": repeat the step"));
  return context_.prompts.back().answered;
}

// A sampled state began somewhere between the last sample without it and the first with it: the
// middle is taken, and half the gap bounds the error.
std::optional<Stamp> EventTrial::Source::began(const Watching::Heard& heard) {
  if (!condition || heard.port->channel() != port->channel()) return std::nullopt;
  std::optional<bool> holds;
  if (heard.message)
    holds = condition->in(*heard.message);
  else if (heard.reg == condition->reg())
    holds = condition->in(heard.value);
  if (!holds) return std::nullopt;
  if (condition->is_occasion()) return *holds ? std::optional(heard.stamp) : std::nullopt;
  const bool begins = *holds && state == false;
  held_at_first = held_at_first || (*holds && !state);
  state = *holds;
  const Stamp before = last;
  last = heard.stamp;
  if (!begins) return std::nullopt;
  if (!sampled) return heard.stamp;
  const Duration gap = heard.stamp - before;
  widest_gap = std::max(widest_gap, gap);
  return before + Duration{gap.ns / 2};
}

void EventTrial::take(const Watching::Heard& heard) {
  const auto alarmed = alarm_.began(heard), happened = reference_.began(heard);
  const auto seconds = [&](Stamp at) { return (at - *began_).seconds(); };
  if (alarmed && *alarmed >= *began_ && alarms.size() < most_alarms)
    alarms.push_back({seconds(*alarmed), heard.first_seq, heard.last_seq});
  if (happened && *happened >= *began_ && stimuli.size() < most_alarms)
    stimuli.push_back({seconds(*happened), std::string(only_kind), "", true});
}

// What happened so late that its window was not observed can not be counted, neither way.
void EventTrial::leave_out_the_last() {
  std::int64_t late = 0;
  for (Stimulus& one : stimuli) {
    one.counted = one.time_s + window_s <= observed_s;
    if (!one.counted) ++late;
  }
  if (late > 0)
    context_.note(cat(late, " events of the reference, in the last ", number(window_s),
                      " s, are left out with the alarms to them: their window was not observed"));
}

Result<void> EventTrial::check_times() const {
  if (alarm_.condition && !alarm_.condition->is_occasion() && !alarm_.state)
    context_.note("the device never told the state that is taken for its alarm");
  for (const Source* source : {&alarm_, &reference_})
    if (source->held_at_first)
      context_.note(cat(source->port->name(),
                        ": the state held already when it was first told, which is no event"));
  for (const Alarm& alarm : alarms)
    if (alarm.time_s > observed_s && !alarm_.condition)
      return profile_error(cat("an alarm at ", number(alarm.time_s), " s lies behind the ",
                               number(observed_s), " s that were observed"));
  if (with_.has("stimuli_file") && !stimuli.empty() &&
      stimuli.back().time_s + window_s > observed_s)
    return profile_error(cat("the window of the last event, at ", number(stimuli.back().time_s),
                             " s, ends behind the ", number(observed_s),
                             " s that were observed: raise `duration`"));
  if (const auto one = ambiguous_stimulus(stimuli, early_s, window_s))
    return profile_error(
        cat("an alarm after the event at ", number(stimuli[*one].time_s),
            " s could belong to the next one of the other sort as well: let `window` pass between "
            "events that must alarm and events that must not"));
  return {};
}

// Clock error of both sides, half the gap between samples, and how late the bench wakes up.
Result<void> EventTrial::uncertainty() {
  const Unit second = *Unit::parse("s");
  const auto add = [&](UncertaintyComponent one) { u.fixed.push_back(std::move(one)); };
  const auto clock_of = [&](Text2 name, std::string_view param) {
    add(standard(std::move(name), with_.number(param), second, cat("profile: ", param)));
  };
  const auto sampling_of = [&](Text2 name, const Source& source) {
    add(resolution(std::move(name), source.widest_gap.seconds(), second, "widest gap of readings"));
  };
  const auto stamp_of = [&](std::string_view role) {
    const Facts& facts = context_.port(role).facts();
    add(standard({cat("时间戳：", role), cat("time stamp: ", role)},
                 facts.stamp_uncertainty.seconds(), second, "link, per stamp"));
    u.rate = std::max(u.rate, interval_budget(facts).rate);
  };
  clock_of({"事件发生时刻", "when the event happened"}, "stimulus_u");
  sampling_of({"参考的采样间隔", "sampling of the reference"}, reference_);
  if (with_.has("reference_event")) stamp_of("reference");
  if (with_.has("script") && context_.bound("stimulus")) stamp_of("stimulus");
  clock_of({"报警时刻", "when the alarm came"}, "alarm_u");
  sampling_of({"报警的采样间隔", "sampling of the alarm"}, alarm_);
  if (!with_.has("alarm")) return {};
  stamp_of("test");
  auto wake_up = context_.wake_up();
  if (!wake_up) return tl::unexpected(wake_up.error());
  add(std::move(*wake_up));
  return {};
}

}  // namespace carebench
