// Are the octets that a device sends sound frames of its protocol? Everything heard is accounted
// for: it belongs to a message of the protocol, to a sound frame that no message names, or to no
// frame.
//
// Not counted are the end of a frame that began before the step, and a frame that the end of the
// step cuts off. A Modbus device is asked for one register again and again, and its answers are
// what is counted; no answer at all is no frame.
#include <cmath>

#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/registers.h"
#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "the device whose frames are heard"}};

constexpr ParamSpec params[] = {
    {"duration", ParamKind::duration, true, "", "how long to listen"},
    {"register", ParamKind::text, false, "", "Modbus: the register that is asked for"},
    {"poll", ParamKind::duration, false, "500 ms", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "1 s", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"frames", OutputKind::number, "{frame}", "sound frames, unknown ones included", {}},
    {"checksum_errors",
     OutputKind::number,
     "{frame}",
     "frames that are sound but for their checksum",
     {}},
    {"malformed",
     OutputKind::number,
     "{frame}",
     "start marks followed by an impossible length or a missing end mark",
     {}},
    {"unknown_frames",
     OutputKind::number,
     "{frame}",
     "sound frames that no message of the protocol names",
     {}},
    {"garbage_octets", OutputKind::number, "{octet}", "octets that belong to no sound frame", {}},
    {"resyncs", OutputKind::number, "{count}", "times a start mark had to be looked for", {}},
    {"checksum_error_share",
     OutputKind::number,
     "1",
     "checksum errors per sound, malformed or false frame",
     {}},
    {"malformed_share",
     OutputKind::number,
     "1",
     "malformed frames per sound, malformed or false frame",
     {}},
    {"unknown_share", OutputKind::number, "1", "unknown frames per sound frame", {}},
    {"garbage_share", OutputKind::number, "1", "garbage octets per octet heard", {}},
    {"explained_share",
     OutputKind::number,
     "1",
     "share of the octets heard that the protocol's messages explain; 0 for silence",
     {}},
    {"frames_sound", OutputKind::truth, "",
     "frames came, and nothing but sound frames of known messages", true},
};

// What was heard, whichever way.
struct Tally {
  std::uint64_t octets = 0, explained_octets = 0, garbage = 0;
  std::uint64_t frames = 0, unknown = 0, checksum_errors = 0, malformed = 0, resyncs = 0;
  std::uint64_t violations = 0;  // GATT: inside values that could be read
  SeqRange evidence;
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"duration", "poll", "timeout"}, problems);
  const Access access = access_of(step, "test", problems);
  if (access == Access::registers)
    linted(step, "register", readable_register(step.protocol("test"), step.with.text("register")),
           problems);
  if (access == Access::messages && step.with.has("register"))
    step.with.problem("register", step.at, "only a Modbus device is asked for a register",
                      problems);
}

void share(Context& context, std::string_view output, std::uint64_t part, std::uint64_t whole,
           const SeqRange& evidence) {
  const auto x = static_cast<std::int64_t>(part), n = static_cast<std::int64_t>(whole);
  if (n == 0)
    return context.number(output, std::nan(""), 0, 0, evidence, {}, "nothing came to be counted");
  context.number(output, static_cast<double>(x) / static_cast<double>(n), 0, n, evidence,
                 stats::clopper_pearson(x, n));
}

void emit(Context& context, const Tally& tally) {
  const auto count = [&](std::string_view output, std::uint64_t value) {
    context.number(output, static_cast<double>(value), 0, static_cast<std::int64_t>(tally.frames),
                   tally.evidence);
  };
  count("frames", tally.frames);
  count("checksum_errors", tally.checksum_errors);
  count("malformed", tally.malformed);
  count("unknown_frames", tally.unknown);
  count("garbage_octets", tally.garbage);
  count("resyncs", tally.resyncs);
  const std::uint64_t candidates = tally.frames + tally.checksum_errors + tally.malformed;
  share(context, "checksum_error_share", tally.checksum_errors, candidates, tally.evidence);
  share(context, "malformed_share", tally.malformed, candidates, tally.evidence);
  share(context, "unknown_share", tally.unknown, tally.frames, tally.evidence);
  share(context, "garbage_share", tally.garbage, tally.octets, tally.evidence);
  if (tally.octets == 0)
    context.number("explained_share", 0, 0, 0, tally.evidence, {}, "nothing was heard");
  else
    share(context, "explained_share", tally.explained_octets, tally.octets, tally.evidence);
  const bool sound = tally.frames > 0 && tally.garbage == 0 && tally.unknown == 0 &&
                     tally.checksum_errors == 0 && tally.malformed == 0 && tally.violations == 0;
  context.truth("frames_sound", sound, tally.evidence);
}

void take_counts(Tally& tally, const FrameCounts& counts, const FrameCounts& before) {
  tally.octets = counts.octets - before.dropped_octets;
  tally.garbage = counts.dropped_octets - before.dropped_octets;
  tally.frames = counts.frames;
  tally.unknown = counts.unknown;
  tally.checksum_errors = counts.checksum_errors;
  tally.malformed = counts.malformed - before.malformed;
  tally.violations = counts.violations;
  tally.resyncs = counts.resyncs - before.resyncs;
}

Result<void> run_heard(Context& context, Port& port) {
  MessageStream stream(port);
  const Duration duration = context.with().duration("duration");
  const Stamp begin = context.now();
  Progress progress(context, begin, duration);
  const auto longest = static_cast<std::uint64_t>(port.protocol()->framing().max_length);

  Tally tally;
  FrameCounts lead_in;  // the end of a frame that began before the step
  const auto take = [&](const Message& message) {
    if (tally.evidence.first == 0) {
      const FrameCounts& counts = stream.counts();
      if (counts.checksum_errors == 0 && counts.dropped_octets < longest) lead_in = counts;
      tally.evidence.first = message.first_seq;
    }
    tally.evidence.last = message.last_seq;
    if (message.spec) tally.explained_octets += message.frame.size();
  };
  const auto ending = listen(stream, begin + duration, LastPacket::left, &progress, take);
  if (!ending) return tl::unexpected(ending.error());
  if (ending->kind == Ending::Kind::gap) return cut_off();
  // What came before says nothing about what would have come: no pass for half a listening.
  if (ending->kind == Ending::Kind::lost) return link_lost(port, ending->how);
  const std::uint64_t unfinished = stream.reader().pending();
  take_counts(tally, stream.counts(), lead_in);
  tally.octets -= unfinished;
  if (lead_in.dropped_octets > 0)
    context.note(cat(lead_in.dropped_octets,
                     " octets before the first frame are not counted: the end of a frame that "
                     "began before the step"));
  if (tally.violations > 0)
    context.note(cat(tally.violations, " times a value contradicted its own specification"));
  if (!stream.reader().last_error().empty())
    context.note(cat("the last rejected frame: ", stream.reader().last_error()));
  emit(context, tally);
  return {};
}

void take_answer(Tally& tally, const ModbusAnswer& answer, ModbusFraming framing) {
  // Address and CRC, or the head of Modbus TCP, stand around the PDU.
  const std::uint64_t around = framing == ModbusFraming::rtu ? 3 : 7;
  tally.evidence.extend(answer.first_seq);
  tally.evidence.extend(answer.last_seq);
  tally.garbage += answer.discarded_octets;
  if (answer.discarded_octets > 0) ++tally.resyncs;
  switch (answer.kind) {
    case ModbusAnswer::Kind::response:
    case ModbusAnswer::Kind::exception:
      ++tally.frames;
      tally.explained_octets += answer.pdu.size() + around;
      break;
    case ModbusAnswer::Kind::foreign:
      ++tally.frames;
      ++tally.unknown;
      break;
    case ModbusAnswer::Kind::malformed:
      ++(answer.bad_crc ? tally.checksum_errors : tally.malformed);
      break;
    default:
      break;
  }
}

Result<void> run_polled(Context& context, Port& port) {
  const auto spec = readable_register(port.protocol(), context.with().text("register"));
  if (!spec) return tl::unexpected(spec.error());
  const auto client = port.modbus();
  if (!client) return tl::unexpected(client.error());
  const Duration duration = context.with().duration("duration");
  const Stamp begin = context.now();
  Progress progress(context, begin, duration);
  RegisterPoll poll(context, port, **spec, context.with().duration("poll"),
                    context.with().duration("timeout"));
  Tally tally;
  std::uint64_t silent = 0, asked = 0;
  while (true) {
    auto reading = poll.next(begin + duration);
    if (!reading) return tl::unexpected(reading.error());
    if (!*reading) break;
    ++asked;
    const ModbusAnswer& answer = (*reading)->answer;
    if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
    take_answer(tally, answer, (*client)->setup().framing);
    if (answer.kind == ModbusAnswer::Kind::timed_out) ++silent;
    progress.at(context.now());
    if (answer.kind != ModbusAnswer::Kind::lost) continue;
    context.note(
        cat("the link was lost after ", to_string(answer.received - begin), ": ", answer.problem));
    break;
  }
  tally.octets = tally.explained_octets + tally.garbage;
  context.note(cat(asked, " requests, ", silent, " of them not answered"));
  emit(context, tally);
  return {};
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (!port.protocol())
    return fail(Errc::bad_input, Blame::profile,
                cat("the device ", port.name(), " has no protocol: give it one"));
  return port.protocol()->is_register_map() ? run_polled(context, port) : run_heard(context, port);
}

}  // namespace

extern const Check transmission_frames;
const Check transmission_frames{.id = "transmission/frames",
                                .revision = 1,
                                .summary =
                                    "checksum errors, garbage and unknown frames among all "
                                    "that a device sends",
                                .roles = roles,
                                .needs = {},
                                .params = params,
                                .outputs = outputs,
                                .hazard = Hazard::none,
                                .resumable = false,
                                .lint = lint,
                                .run = run};

}  // namespace carebench::checks
