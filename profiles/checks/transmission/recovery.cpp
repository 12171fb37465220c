// Does a device find back after its line was cut? The line is closed for a while and opened again,
// several times. Measured is the time from the first attempt to open it until the message comes
// again, and, where the device counts its records, which of them never came.
//
// RecordStream that the device stored while nobody listened come as `stored`, before or after the
// live ones go on. The backlog of one cut are the numbers between the last live record before it
// and the first one after it: each must come once, in order.
//
// A Modbus device has recovered when it answers a request again. A device that does not come back
// is a measured value (recovered: false, an infinite time), whatever its driver says meanwhile.
#include <algorithm>
#include <cmath>
#include <vector>

#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/record_stream.h"
#include "profiles/measuring/registers.h"
#include "profiles/measuring/time_budget.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Duration between_attempts = milliseconds(500);

constexpr RoleSpec roles[] = {{"test", true, false, "the device whose line is cut"}};
constexpr OpKind needs[] = {OpKind::connect, OpKind::disconnect};

constexpr ParamSpec params[] = {
    {"message", ParamKind::text, false, "", "the message that tells that the device is back"},
    {"register", ParamKind::text, false, "", "Modbus: the register whose answer tells it"},
    {"cut", ParamKind::duration, false, "5 s", "how long the line stays cut"},
    {"times", ParamKind::integer, false, "3", "how often it is cut, 1 … 1000", 1, 1000},
    {"within", ParamKind::duration, false, "30 s", "how long to wait until the device is back"},
    {"listen", ParamKind::duration, false, "5 s",
     "how long to listen before a cut and after the recovery; stored records must come in this "
     "time"},
    {"sequence", ParamKind::text, false, "", "field of `message` that counts the records"},
    {"stored", ParamKind::text, false, "", "message in which stored records are sent again"},
    {"stored_sequence", ParamKind::text, false, "",
     "field of `stored` that bears the record's number; not given: named as `sequence`"},
    {"stored_flag", ParamKind::text, false, "",
     "field of `stored` that is not 0 in a stored record, where live ones use the same message"},
    {"modulus", ParamKind::integer, false, "",
     "how many values the counter takes; not given: as many as its octets hold", 2, 9e15},
    {"poll", ParamKind::duration, false, "200 ms", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "500 ms", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"recovered", OutputKind::truth, "", "after each cut the device was back in time", true},
    {"recovery_time",
     OutputKind::number,
     "s",
     "longest time from opening the line until the device was back",
     {}},
    {"lost_frames",
     OutputKind::number,
     "{frame}",
     "records that came neither live nor stored, by their numbers, over the whole step",
     {}},
    {"backlog_missing",
     OutputKind::number,
     "{frame}",
     "records of the cut times that were not sent again",
     {}},
    {"backlog_duplicates", OutputKind::number, "{frame}", "stored records sent more than once", {}},
    {"backlog_in_order", OutputKind::truth, "", "stored records came in the order of their numbers",
     true},
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"cut", "within", "listen", "poll", "timeout"}, problems);
  const Protocol* protocol = step.protocol("test");
  const Access access = access_of(step, "test", problems);
  if (access == Access::registers)
    linted(step, "register", readable_register(protocol, step.with.text("register")), problems);
  for (const std::string_view name :
       {"sequence", "stored", "stored_sequence", "stored_flag", "modulus"})
    if (access == Access::registers && step.with.has(name))
      step.with.problem(name, step.at, cat(name, " is for devices that send messages"), problems);
  if (access != Access::messages) return;

  lint_records(step, problems);
}

// Whether the device was heard, and when.
struct Sign {
  bool heard = false, lost = false;
  Stamp at;
  std::string how;  // lost
};

// One way to hear that a device is there: its message, or its answer.
class Ear {
 public:
  virtual ~Ear() = default;
  // Waits for a sign of life; what still comes from before `since` is none.
  virtual Result<Sign> sign(Stamp since, Stamp limit) = 0;
  // Goes on listening; lost says whether the link went away.
  virtual Result<Sign> listen_until(Stamp end) = 0;
  virtual Result<void> after_disconnect() = 0;
  virtual void settled() {}
};

class MessageEar final : public Ear {
 public:
  MessageEar(Port& port, RecordStream& records) : stream_(port), records_(records) {}

  Result<Sign> sign(Stamp since, Stamp limit) override {
    while (true) {
      const auto heard = stream_.next(limit);
      if (!heard) return tl::unexpected(heard.error());
      switch (heard->kind) {
        case MessageStream::Heard::Kind::message:
          records_.take(heard->message);
          if (heard->message.spec == records_.live && heard->message.stamp >= since)
            return Sign{true, false, heard->message.stamp, {}};
          if (heard->message.stamp >= limit) return Sign{};
          continue;
        case MessageStream::Heard::Kind::lost:
          return Sign{false, true, heard->outcome.stamp, std::string(heard->outcome.text)};
        case MessageStream::Heard::Kind::gap:
          return cut_off();
        case MessageStream::Heard::Kind::timed_out:
          if (stream_.port().now() >= limit) return Sign{};
      }
    }
  }

  Result<Sign> listen_until(Stamp end) override {
    const auto ending = listen(stream_, end, LastPacket::heard, nullptr,
                               [this](const Message& message) { records_.take(message); });
    if (!ending) return tl::unexpected(ending.error());
    if (ending->kind == Ending::Kind::gap) return cut_off();
    return Sign{false, ending->kind == Ending::Kind::lost, ending->at, ending->how};
  }

  // What came before the line was closed is still queued. A GATT port must not connect for it.
  Result<void> after_disconnect() override {
    stream_.port().by_hand();
    const auto rest = listen_until(stream_.port().now());
    if (!rest) return tl::unexpected(rest.error());
    stream_.reader().reset();
    if (records_.backlog) records_.backlog->cut(stream_.port().now());
    return {};
  }

  void settled() override {
    if (records_.backlog) records_.backlog->settle();
  }

 private:
  MessageStream stream_;
  RecordStream& records_;
};

class AnswerEar final : public Ear {
 public:
  AnswerEar(Context& context, Port& port, const RegisterSpec& spec, RecordStream& records)
      : context_(context), port_(port), spec_(spec), records_(records) {}

  Result<Sign> sign(Stamp, Stamp limit) override { return ask(limit, true); }
  Result<Sign> listen_until(Stamp end) override { return ask(end, false); }
  Result<void> after_disconnect() override { return {}; }

 private:
  Result<Sign> ask(Stamp end, bool stop_at_answer) {
    RegisterPoll poll(context_, port_, spec_, context_.with().duration("poll"),
                      context_.with().duration("timeout"));
    while (true) {
      const auto reading = poll.next(end);
      if (!reading) return tl::unexpected(reading.error());
      if (!*reading) return Sign{};
      const ModbusAnswer& answer = (*reading)->answer;
      const Stamp at = answer.received;
      if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
      if (answer.kind == ModbusAnswer::Kind::lost) return Sign{false, true, at, answer.problem};
      const bool answered = answer.kind == ModbusAnswer::Kind::response ||
                            answer.kind == ModbusAnswer::Kind::exception;
      if (answered) {
        records_.evidence.extend(answer.first_seq);
        records_.evidence.extend(answer.last_seq);
      }
      if (answered && stop_at_answer) return Sign{true, false, at, {}};
    }
  }

  Context& context_;
  Port& port_;
  const RegisterSpec& spec_;
  RecordStream& records_;
};

// Opens the line until it is open or time is up. What the driver says while a device is still
// starting (absent, busy, refused) is no error of the bench.
Result<bool> open_line(Context& context, Port& port, Stamp limit) {
  while (true) {
    const auto outcome = port.perform(Connect{});
    if (outcome && outcome->kind == Outcome::Kind::done) return true;
    if (outcome && outcome->kind == Outcome::Kind::gap) return cut_off();
    if (!outcome) {
      const Errc code = outcome.error().code;
      const bool of_the_device = code == Errc::not_found || code == Errc::busy ||
                                 code == Errc::not_permitted || code == Errc::silent ||
                                 code == Errc::lost;
      if (!of_the_device) return tl::unexpected(outcome.error());
    }
    if (context.now() + between_attempts >= limit) return false;
    if (auto waited = pass_time(context, between_attempts); !waited)
      return tl::unexpected(waited.error());
  }
}

// From the first attempt to open the line until the device is heard, s; infinite: it was not.
Result<double> recover(Context& context, Port& port, Ear& ear) {
  const Stamp opened = context.now(), limit = opened + context.with().duration("within");
  while (true) {
    const auto open = open_line(context, port, limit);
    if (!open) return tl::unexpected(open.error());
    if (!*open) return infinity;
    const auto sign = ear.sign(opened, limit);
    if (!sign) return tl::unexpected(sign.error());
    if (sign->heard) return (sign->at - opened).seconds();
    if (!sign->lost || context.now() + between_attempts >= limit) return infinity;
    if (auto waited = pass_time(context, between_attempts); !waited)
      return tl::unexpected(waited.error());
  }
}

Result<double> cut_once(Context& context, Port& port, Ear& ear) {
  const Params& with = context.with();
  if (auto done = done_or_error(port, port.perform(Disconnect{})); !done)
    return tl::unexpected(done.error());
  if (auto rest = ear.after_disconnect(); !rest) return tl::unexpected(rest.error());
  if (auto waited = pass_time(context, with.duration("cut")); !waited)
    return tl::unexpected(waited.error());
  const auto time = recover(context, port, ear);
  if (!time || std::isinf(*time)) return time;
  const auto after = ear.listen_until(context.now() + with.duration("listen"));
  if (!after) return tl::unexpected(after.error());
  if (after->lost) {
    context.note(cat("the link was lost again after the recovery: ", after->how));
    return infinity;
  }
  ear.settled();
  return time;
}

void emit(Context& context, const RecordStream& records, const std::vector<double>& times,
          bool alive) {
  const SeqRange& evidence = records.evidence;
  const auto cuts = static_cast<std::int64_t>(times.size());
  const double worst = times.empty() ? infinity : *std::max_element(times.begin(), times.end());
  const TimeBudget u = interval_budget(context.port("test").facts());
  context.truth("recovered", alive && !std::isinf(worst), evidence);
  context.number("recovery_time", worst, u.of(worst), cuts, evidence, {},
                 "from the first attempt to open the line; the wait for the next message of the "
                 "device is part of it");
  if (!records.backlog) return;
  const Backlog& backlog = *records.backlog;
  const auto made = static_cast<std::int64_t>(backlog.records());
  const auto count = [&](std::string_view output, std::uint64_t value, bool any,
                         std::string_view why_not) {
    context.number(output, any ? static_cast<double>(value) : std::nan(""), 0, made, evidence, {},
                   any ? "" : std::string(why_not));
  };
  count("lost_frames", backlog.lost(), backlog.received() > 0, "no numbered record came at all");
  if (backlog.restarts() > 0)
    context.note(cat("after ", backlog.restarts(),
                     " cuts the device counted anew: what it made meanwhile is not known"));
  if (!records.stored) return;
  constexpr std::string_view none = "no record was made while the line was cut";
  count("backlog_missing", backlog.missing(), made > 0, none);
  count("backlog_duplicates", backlog.duplicates(), made > 0, none);
  // Where nothing was sent again there is no order.
  if (backlog.records() > backlog.missing())
    context.truth("backlog_in_order", backlog.in_order(), evidence);
}

Result<void> run_with(Context& context, Port& port, Ear& ear, const RecordStream& records) {
  const Params& with = context.with();
  const auto times = static_cast<std::size_t>(with.integer("times"));
  auto before = ear.sign(context.now(), context.now() + with.duration("within"));
  if (!before) return tl::unexpected(before.error());
  const bool alive = before->heard;
  if (!alive) context.note("nothing came before the first cut: the line was not cut at all");
  std::vector<double> recoveries;
  if (alive) {
    before = ear.listen_until(context.now() + with.duration("listen"));
    if (!before) return tl::unexpected(before.error());
  }
  while (alive && recoveries.size() < times) {
    const auto time = cut_once(context, port, ear);
    if (!time) return tl::unexpected(time.error());
    recoveries.push_back(*time);
    context.progress(static_cast<double>(recoveries.size()) / static_cast<double>(times));
    if (std::isinf(*time)) break;
  }
  std::string each;
  for (const double time : recoveries) each += cat(each.empty() ? "" : ", ", number(time, 4));
  if (!each.empty()) context.note(cat("recovery times, s: ", each));
  emit(context, records, recoveries, alive);
  return {};
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  RecordStream records;
  if (port.protocol() && port.protocol()->is_register_map()) {
    const auto spec = readable_register(port.protocol(), context.with().text("register"));
    if (!spec) return tl::unexpected(spec.error());
    if (auto client = port.modbus(); !client) return tl::unexpected(client.error());
    AnswerEar ear(context, port, **spec, records);
    return run_with(context, port, ear, records);
  }
  auto found = record_stream(port.protocol(), context.with());
  if (!found) return tl::unexpected(found.error());
  records = std::move(*found);
  MessageEar ear(port, records);
  return run_with(context, port, ear, records);
}

}  // namespace

extern const Check transmission_recovery;
const Check transmission_recovery{.id = "transmission/recovery",
                                  .revision = 1,
                                  .summary =
                                      "whether a device finds back after its line was cut, "
                                      "how fast, and which records it loses",
                                  .roles = roles,
                                  .needs = needs,
                                  .params = params,
                                  .outputs = outputs,
                                  .hazard = Hazard::none,
                                  .resumable = false,
                                  .lint = lint,
                                  .run = run};

}  // namespace carebench::checks
