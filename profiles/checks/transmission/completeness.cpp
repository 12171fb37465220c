// Which share of the frames that a device ought to have sent never came? What ought to have come
// follows from the declared period, or from a number that the device counts up from frame to frame
// (see measuring/expected_frames.h). The observation itself is the frame of reference: what a
// device does not send before its first and after its last frame is lost as well, and so is
// everything after the link went away.
//
// With a tap on the HCI beside a GATT device (role `monitor`) a loss inside the bench is found out:
// an error of the bench, never a loss of the device.
//
// Made for soaks of days: memory is constant, and when the bench itself was away (a power cut, a
// resumed run) that time is left out, told as bench_gap, and made up for at the end.
//
// Where messages carry intervals that follow on each other without a hole (RR intervals of a heart
// rate monitor), these must add up to the time that passed: what is counted then are intervals, not
// messages (see measuring/interval_balance.h), and lost is known to within one of them.
//
// A Modbus device does not send on its own. It is asked for a register that counts (its samples,
// its records), often enough to see each number, and each number that was skipped is lost.
#include <algorithm>
#include <cmath>

#include "profiles/measuring/interval_balance.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/registers.h"
#include "profiles/measuring/rr_field.h"
#include "profiles/measuring/tapped_port.h"
#include "profiles/measuring/time_budget.h"
#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device whose frames are counted"},
    {"monitor", false, false, "GATT: a tap on the HCI (hci:hci0): what the bench itself lost"},
};

constexpr ParamSpec params[] = {
    {"message", ParamKind::text, false, "", "the message that is counted"},
    {"register", ParamKind::text, false, "", "Modbus: the register that counts"},
    {"by", ParamKind::text, false, "rate",
     "rate: by the period; sequence: by a number in it; intervals: by intervals that add up"},
    {"period", ParamKind::duration, false, "",
     "declared time from frame to frame; with by: sequence it also counts what is missing at the "
     "beginning and at the end"},
    {"sequence", ParamKind::text, false, "", "by: sequence: the field that counts"},
    {"intervals", ParamKind::text, false, "",
     "by: intervals: the field that holds those since the last message, as rr_1024 of 2A37"},
    {"modulus", ParamKind::integer, false, "",
     "how many values the counter takes; not given: as many as its octets hold", 2, 9e15},
    {"duration", ParamKind::duration, true, "", "how long to observe"},
    {"poll", ParamKind::duration, false, "500 ms", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "1 s", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"expected", OutputKind::number, "{frame}", "frames that ought to have come", {}},
    {"received", OutputKind::number, "{frame}", "expected frames that came, each counted once", {}},
    {"lost", OutputKind::number, "{frame}", "expected frames that never came", {}},
    {"lost_share", OutputKind::number, "1", "share of the expected frames that never came", {}},
    {"longest_gap",
     OutputKind::number,
     "s",
     "longest time without such a frame, beginning and end of the observation included",
     {}},
    {"duplicates",
     OutputKind::number,
     "{frame}",
     "frames that came again (by sequence), or that were more than expected (by rate)",
     {}},
    {"out_of_order", OutputKind::number, "{frame}", "frames that came after a later one", {}},
    {"bench_gap",
     OutputKind::number,
     "s",
     "time when the bench was not listening; left out of everything else",
     {}},
};

void lint_counter(const StepView& step, Access access, Problems& problems) {
  const std::string& name = step.with.text("sequence");
  double turn = 0;
  bool known = false;
  if (access == Access::registers) {
    if (const auto spec = linted(
            step, "register", readable_register(step.protocol("test"), step.with.text("register")),
            problems)) {
      if (!is_number(**spec))
        step.with.problem("register", step.at, "a register that counts holds a number", problems);
      turn = turn_of(**spec);
      known = true;
    }
  } else if (name.empty()) {
    step.with.problem("by", step.at, "by: sequence needs the field that counts: `sequence:`",
                      problems);
  } else if (const auto message = heard_message(step.protocol("test"), step.with.text("message"))) {
    if (const auto field = linted(step, "sequence", field_of(*message, name), problems)) {
      if (!is_number(*field->field))
        step.with.problem("sequence", step.at, "a field that counts holds a number", problems);
      turn = turn_of(*field->field);
      known = true;
    }
  }
  if (known && turn < 2 && !step.with.has("modulus"))
    step.with.problem("sequence", step.at,
                      "the protocol does not say where this counter begins again: give `modulus:`",
                      problems);
}

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"duration", "period", "poll", "timeout"}, problems);
  const std::string& by = step.with.text("by");
  if (by != "rate" && by != "sequence" && by != "intervals")
    step.with.problem("by", step.at, "by is rate, sequence or intervals", problems);
  const Access access = access_of(step, "test", problems);
  if (access == Access::registers && by != "sequence")
    return step.with.problem("by", step.at,
                             "a Modbus device sends nothing on its own, so how often it is asked "
                             "says nothing: name a register that counts and by: sequence",
                             problems);
  if (access == Access::messages)
    linted(step, "message", heard_message(step.protocol("test"), step.with.text("message")),
           problems);
  if (by == "rate" && !step.with.has("period"))
    step.with.problem("by", step.at, "by: rate needs the declared `period:`", problems);
  if (by == "intervals" && !step.with.has("intervals"))
    step.with.problem("by", step.at, "by: intervals needs the field that holds them: `intervals:`",
                      problems);
  if (by == "intervals" && step.with.has("intervals"))
    if (const auto field =
            linted(step, "intervals",
                   rr_field_of(step.protocol("test"), step.with.text("intervals")), problems);
        field && field->handle.message->id != step.with.text("message"))
      step.with.problem("intervals", step.at, "this field is of another message", problems);
  if (by == "sequence" && access != Access::none) lint_counter(step, access, problems);
  if (access == Access::registers && step.with.has("period") &&
      step.with.duration("poll").ns > step.with.duration("period").ns / 2)
    step.with.problem("poll", step.at,
                      "ask at least twice a period, or numbers are missed that were there",
                      problems);
}

// What is measured beside the balance, whichever way frames are expected.
struct Observation {
  Stamp last;  // frame, or the beginning
  Nanoseconds longest = 0;
  Duration bench_gap;
  SeqRange evidence;
  std::uint64_t uncounted = 0;

  void until(Stamp stamp) {
    longest = std::max(longest, stamp.ns - last.ns);
    last = stamp;
  }
};

// The bench was away: what it saw until then counts, and it watches as much longer at the end.
template <class Frames>
Duration put_off(Context& context, Frames& frames, Observation& seen, Progress& progress,
                 Stamp from, Stamp until, std::string_view why) {
  const Duration away = until - from;
  frames.end(from);
  seen.until(from);
  frames.resume(until);
  seen.last = until;
  seen.bench_gap = seen.bench_gap + away;
  progress.put_off(away);
  context.note(cat("the bench was not listening for ", to_string(away), ": ", why));
  return away;
}

void note_lost(Context& context, Stamp begin, Stamp at, std::string_view how) {
  context.note(cat("the link was lost after ", to_string(at - begin), ": ", how,
                   "; what should have come after that counts as lost"));
}

// Listens until `duration` was observed. `take(message, seen)` puts a frame to the balance.
template <class Frames, class Take>
Result<Observation> observe(Context& context, Port& port, Frames& frames, Duration duration,
                            Take&& take) {
  TappedPort tapped(context, port);
  if (auto begun = tapped.begin_whole(); !begun) return tl::unexpected(begun.error());
  MessageStream stream(port);
  const Stamp begin = context.now();
  Stamp end = begin + duration;
  Progress progress(context, begin, duration);
  Observation seen;
  seen.last = begin;
  const auto hear = [&](const Message& message) {
    if (!take(message, seen)) return;
    seen.until(message.stamp);
    if (seen.evidence.first == 0) seen.evidence.first = message.first_seq;
    seen.evidence.last = message.last_seq;
  };
  while (true) {
    const auto ending = listen_to(tapped, stream, end, LastPacket::left, &progress, hear);
    if (!ending) return tl::unexpected(ending.error());
    if (ending->kind == Ending::Kind::gap) {
      end = end + put_off(context, frames, seen, progress, ending->from, ending->at, ending->how);
      continue;
    }
    if (ending->kind == Ending::Kind::lost) note_lost(context, begin, ending->at, ending->how);
    frames.end(end);
    seen.until(end);
    if (auto whole = tapped.end_whole(); !whole) return tl::unexpected(whole.error());
    return seen;
  }
}

// Asks for the counter; each new number is a frame.
Result<Observation> observe_register(Context& context, Port& port, const RegisterSpec& spec,
                                     FramesByNumber& frames, Duration duration) {
  if (auto client = port.modbus(); !client) return tl::unexpected(client.error());
  const Stamp begin = context.now();
  Stamp end = begin + duration;
  frames.resume(begin);
  Progress progress(context, begin, duration);
  RegisterPoll poll(context, port, spec, context.with().duration("poll"),
                    context.with().duration("timeout"));
  Observation seen;
  seen.last = begin;
  std::uint64_t asked = 0, answered = 0;
  double last_number = -1;
  while (true) {
    const auto reading = poll.next(end);
    if (!reading) return tl::unexpected(reading.error());
    if (!*reading) break;
    const ModbusAnswer& answer = (*reading)->answer;
    if (answer.kind == ModbusAnswer::Kind::gap) {
      end = end +
            put_off(context, frames, seen, progress, answer.sent, answer.received, answer.problem);
      continue;
    }
    ++asked;
    progress.at(context.now());
    if (answer.kind == ModbusAnswer::Kind::lost) {
      note_lost(context, begin, answer.received, answer.problem);
      break;
    }
    const FieldValue& value = (*reading)->value;
    if (value.kind != FieldValue::Kind::number || value.number < 0) continue;
    ++answered;
    if (value.number == last_number) continue;
    last_number = value.number;
    frames.add(static_cast<std::uint64_t>(value.number), answer.received);
    seen.until(answer.received);
    seen.evidence.extend(answer.first_seq);
    seen.evidence.extend(answer.last_seq);
  }
  frames.end(end);
  seen.until(end);
  context.note(cat("asked ", asked, " times, ", answered, " answers bore a number"));
  return seen;
}

void emit(Context& context, const FrameBalance& balance, const Observation& seen, bool by_number,
          const Facts& facts) {
  const auto expected = static_cast<std::int64_t>(balance.expected());
  const auto lost = static_cast<std::int64_t>(balance.lost);
  const auto count = [&](std::string_view output, std::uint64_t value) {
    context.number(output, static_cast<double>(value), 0, expected, seen.evidence);
  };
  count("expected", balance.expected());
  count("received", balance.received);
  count("lost", balance.lost);
  context.number("lost_share", static_cast<double>(lost) / static_cast<double>(expected), 0,
                 expected, seen.evidence, stats::clopper_pearson(lost, expected));
  const double longest = static_cast<double>(seen.longest) * 1e-9;
  context.number("longest_gap", longest, interval_budget(facts).of(longest), expected,
                 seen.evidence);
  count("duplicates", balance.duplicates);
  if (by_number) count("out_of_order", balance.out_of_order);
  context.number("bench_gap", seen.bench_gap.seconds());
  if (balance.restarts > 0)
    context.note(cat("the device's count began again ", balance.restarts,
                     " times; what was lost around that is not known beyond what the period says"));
  if (seen.uncounted > 0)
    context.note(cat(seen.uncounted, by_number
                                         ? " frames bore no number and are not counted as received"
                                         : " messages held no interval"));
}

Result<void> run_by_number(Context& context, Port& port) {
  const Params& with = context.with();
  const Duration duration = with.duration("duration"), period = with.duration("period");
  const auto modulus = [&](double turn) {
    return with.has("modulus") ? static_cast<std::uint64_t>(with.integer("modulus"))
                               : static_cast<std::uint64_t>(std::max(2.0, turn));
  };
  if (period.ns == 0)
    context.note(
        "no period is declared: what is missing before the first and after the last "
        "number is not counted");
  if (port.protocol()->is_register_map()) {
    const auto spec = readable_register(port.protocol(), with.text("register"));
    if (!spec) return tl::unexpected(spec.error());
    FramesByNumber frames(modulus(turn_of(**spec)), period, context.now());
    const auto seen = observe_register(context, port, **spec, frames, duration);
    if (!seen) return tl::unexpected(seen.error());
    emit(context, frames.balance(), *seen, true, port.facts());
    return {};
  }
  const auto message = heard_message(port.protocol(), with.text("message"));
  if (!message) return tl::unexpected(message.error());
  const auto field = field_of(*message, with.text("sequence"));
  if (!field) return tl::unexpected(field.error());
  FramesByNumber frames(modulus(turn_of(*field->field)), period, context.now());
  const auto take = [&frames, spec = *message, handle = *field](const Message& heard,
                                                                Observation& seen) {
    if (heard.spec != spec) return false;
    const FieldValue value = heard.value(handle);
    if (value.kind != FieldValue::Kind::number || !(value.number >= 0 && value.number < 1e16)) {
      ++seen.uncounted;
      return false;
    }
    frames.add(static_cast<std::uint64_t>(value.number), heard.stamp);
    return true;
  };
  const auto seen = observe(context, port, frames, duration, take);
  if (!seen) return tl::unexpected(seen.error());
  emit(context, frames.balance(), *seen, true, port.facts());
  return {};
}

Result<void> run_by_interval(Context& context, Port& port) {
  const Params& with = context.with();
  const auto field = rr_field_of(port.protocol(), with.text("intervals"));
  if (!field) return tl::unexpected(field.error());
  FramesByInterval frames(context.now());
  const auto take = [&](const Message& heard, Observation& seen) {
    if (heard.spec != field->handle.message) return false;
    const std::vector<double> intervals = field->of(heard.value(field->handle));
    seen.uncounted += intervals.empty();
    frames.add(intervals, heard.stamp);
    return true;
  };
  const auto seen = observe(context, port, frames, with.duration("duration"), take);
  if (!seen) return tl::unexpected(seen.error());
  emit(context, frames.balance(), *seen, false, port.facts());
  return {};
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  const Params& with = context.with();
  if (with.text("by") == "sequence") return run_by_number(context, port);
  if (with.text("by") == "intervals") return run_by_interval(context, port);
  const auto message = heard_message(port.protocol(), with.text("message"));
  if (!message) return tl::unexpected(message.error());
  FramesByPeriod frames(with.duration("period"), context.now());
  const auto take = [&frames, spec = *message](const Message& heard, Observation&) {
    if (heard.spec != spec) return false;
    frames.add(heard.stamp);
    return true;
  };
  const auto seen = observe(context, port, frames, with.duration("duration"), take);
  if (!seen) return tl::unexpected(seen.error());
  emit(context, frames.balance(), *seen, false, port.facts());
  return {};
}

}  // namespace

extern const Check transmission_completeness;
const Check transmission_completeness{.id = "transmission/completeness",
                                      .revision = 1,
                                      .summary =
                                          "frames that never came, by declared period, by a "
                                          "number in them, or by intervals that add up",
                                      .roles = roles,
                                      .needs = {},
                                      .params = params,
                                      .outputs = outputs,
                                      .hazard = Hazard::none,
                                      .resumable = true,
                                      .lint = lint,
                                      .run = run};

}  // namespace carebench::checks
