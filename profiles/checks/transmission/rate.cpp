// How often does a message come, and how evenly? Silence is a rate of nothing, and a period without
// end.
//
// Drift is the deviation of the device's own period from the declared one in the long run: whole
// periods without a frame (lost ones) are allowed for by rounding each interval to periods, so that
// it tells a clock that is off from frames that are missing.
//
// With a tap on the HCI beside a GATT device (role `monitor`) the stamps are the kernel's, and what
// the bench itself lost is an error of the bench.
//
// A Modbus device does not send on its own; the rate of a register that counts is measured instead,
// by the answers in which it moved on (which is known no better than the time between requests).
#include <algorithm>
#include <cmath>

#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/order_statistics.h"
#include "profiles/measuring/registers.h"
#include "profiles/measuring/tapped_port.h"
#include "profiles/measuring/time_budget.h"
#include "standards/stats/moments.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device whose messages are timed"},
    {"monitor", false, false, "GATT: a tap on the HCI (hci:hci0), which stamps what passes it"},
};

constexpr ParamSpec params[] = {
    {"message", ParamKind::text, false, "", "the message that is timed"},
    {"register", ParamKind::text, false, "", "Modbus: a register that counts"},
    {"period", ParamKind::duration, true, "", "declared time from message to message"},
    {"duration", ParamKind::duration, true, "", "how long to listen"},
    {"poll", ParamKind::duration, false, "100 ms", "Modbus: time from request to request"},
    {"timeout", ParamKind::duration, false, "1 s", "Modbus: how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"mean_rate", OutputKind::number, "/s", "messages per time of observation", {}},
    {"period_p5", OutputKind::number, "s", "5th percentile of the intervals, nearest rank", {}},
    {"period_p50", OutputKind::number, "s", "median of the intervals, nearest rank", {}},
    {"period_p95", OutputKind::number, "s", "95th percentile of the intervals, nearest rank", {}},
    {"jitter", OutputKind::number, "s", "standard deviation of the intervals", {}},
    {"longest_interval",
     OutputKind::number,
     "s",
     "longest time without such a message, beginning and end of the observation included",
     {}},
    {"drift",
     OutputKind::number,
     "[ppm]",
     "deviation of the mean period from the declared one, missing messages allowed for",
     {}},
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"duration", "period", "poll", "timeout"}, problems);
  const Protocol* protocol = step.protocol("test");
  switch (access_of(step, "test", problems)) {
    case Access::messages:
      linted(step, "message", heard_message(protocol, step.with.text("message")), problems);
      break;
    case Access::registers:
      if (!step.with.has("register"))
        step.with.problem("message", step.at,
                          "a Modbus device sends nothing on its own, so how often it is asked says "
                          "nothing: name a register that counts with `register:`",
                          problems);
      else if (const auto spec =
                   linted(step, "register", readable_register(protocol, step.with.text("register")),
                          problems);
               spec && turn_of(**spec) < 2)
        step.with.problem("register", step.at, "a register that counts is a u16 or a u32",
                          problems);
      break;
    case Access::none:
      break;
  }
}

// What comes of the messages' stamps.
struct Timing {
  Timing(Stamp begin, Duration nominal) : last(begin), period(nominal.ns) {}

  void add(Stamp stamp, std::uint64_t seq, std::uint64_t by = 1) {
    const Nanoseconds interval = stamp.ns - last.ns;
    longest = std::max(longest, interval);
    if (messages > 0) {
      const double each = static_cast<double>(interval) * 1e-9 / static_cast<double>(by);
      intervals.push_back(each);
      moments.add(each);
      // Rounded to periods; the division only where it is not the usual single one.
      const bool usual = interval < period + period / 2 && interval >= period / 2;
      periods += usual ? 1 : static_cast<std::uint64_t>((interval + period / 2) / period);
    } else {
      first = stamp;
      evidence.first = seq;
    }
    messages += by;
    last = stamp;
    evidence.last = seq;
  }
  void end(Stamp stamp) { longest = std::max(longest, stamp.ns - last.ns); }

  Stamp first, last;
  Nanoseconds period, longest = 0;
  std::uint64_t messages = 0, periods = 0;
  std::vector<double> intervals;
  stats::Moments moments;
  SeqRange evidence;
};

// In ppm: of the whole span both ends count, and the clock it is measured by.
Budget drift_budget(const TimeBudget& u, double span) {
  Budget budget = u.fixed;
  for (UncertaintyComponent& one : budget) one.sensitivity *= 1e6 / span;
  budget.push_back(u.clock_rate(1e6));
  return budget;
}

void emit(Context& context, Timing& timing, double observed, const TimeBudget& u) {
  const auto n = static_cast<std::int64_t>(timing.intervals.size());
  const double rate = static_cast<double>(timing.messages) / observed;
  // The window cuts the stream at two places it does not choose: half a message either side,
  // rectangular each, hence triangular together (JCGM 100 4.3.9).
  const UncertaintyComponent cut = half_width(
      {"观察窗口两端的截断", "messages cut by the ends of the observation"}, 1 / observed,
      *Unit::parse("/s"), Distribution::triangular, "half a message at either end");
  context.number("mean_rate", rate, timing.messages ? Budget{cut, u.clock_rate(rate)} : Budget{},
                 static_cast<std::int64_t>(timing.messages), timing.evidence);

  const double span = (timing.last - timing.first).seconds();
  const double period = static_cast<double>(timing.period) * 1e-9;
  OrderStatistics order(std::move(timing.intervals), n == 0 ? 1 : 0);
  const auto percentile = [&](std::string_view output, double p) {
    const double value = order.percentile(p);
    context.number(output, value, u.of(value), order.n(), timing.evidence,
                   order.percentile_interval(p),
                   n == 0 ? "fewer than two messages came: an interval without end" : "");
  };
  const std::string points = cat(order.n(), " intervals");
  Figure figure;
  figure.kind = "ecdf";
  figure.title = {"报文间隔分布", "distribution of the intervals between messages"};
  figure.x_label = {"间隔", "interval"};
  figure.y_label = {"累积占比", "share of intervals"};
  figure.x_unit = "s";
  figure.y_unit = "1";
  figure.note = points;
  if (n > 0) figure.series.push_back(order.distribution({"间隔", "intervals"}));
  figure.marks.push_back({{"声称周期", "declared period"}, 'x', period});
  percentile("period_p5", 0.05);
  percentile("period_p50", 0.50);
  percentile("period_p95", 0.95);
  context.number("jitter", n < 2 ? std::nan("") : timing.moments.sd(), u.fixed, n, timing.evidence,
                 {}, n < 2 ? "fewer than three messages came" : "");
  const double longest = static_cast<double>(timing.longest) * 1e-9;
  context.number("longest_interval", longest, u.of(longest), n, timing.evidence);
  if (timing.periods == 0)
    context.number("drift", std::nan(""), 0, n, timing.evidence, {},
                   "fewer than two messages came");
  else
    context.number("drift", (span / static_cast<double>(timing.periods) / period - 1) * 1e6,
                   drift_budget(u, span), n, timing.evidence);
  if (n > 0) context.figure(std::move(figure));
}

Result<void> run_heard(Context& context, Port& port) {
  const Params& with = context.with();
  const auto wanted = heard_message(port.protocol(), with.text("message"));
  if (!wanted) return tl::unexpected(wanted.error());
  const Duration duration = with.duration("duration");
  TappedPort tapped(context, port);
  if (auto begun = tapped.begin_whole(); !begun) return begun;
  MessageStream stream(port);
  const Stamp begin = context.now(), end = begin + duration;
  Progress progress(context, begin, duration);
  Timing timing(begin, with.duration("period"));
  const auto ending = listen_to(tapped, stream, end, LastPacket::left, &progress,
                                [&timing, spec = *wanted](const Message& message) {
                                  if (message.spec == spec)
                                    timing.add(message.stamp, message.last_seq);
                                });
  if (!ending) return tl::unexpected(ending.error());
  if (ending->kind == Ending::Kind::gap) return cut_off();
  // What came before says nothing about what would have come: no pass for half a listening.
  if (ending->kind == Ending::Kind::lost) return link_lost(port, ending->how);
  timing.end(end);
  if (auto whole = tapped.end_whole(); !whole) return whole;
  if (!tapped.tapped()) {
    emit(context, timing, duration.seconds(), interval_budget(port.facts()));
    return {};
  }
  const auto u = tapped.budget();
  if (!u) return tl::unexpected(u.error());
  emit(context, timing, duration.seconds(), *u);
  return {};
}

Result<void> run_polled(Context& context, Port& port) {
  const Params& with = context.with();
  const auto spec = readable_register(port.protocol(), with.text("register"));
  if (!spec) return tl::unexpected(spec.error());
  if (auto client = port.modbus(); !client) return tl::unexpected(client.error());
  const auto turn = static_cast<std::uint64_t>(std::max(2.0, turn_of(**spec)));
  const Duration duration = with.duration("duration");
  const Stamp begin = context.now(), end = begin + duration;
  Progress progress(context, begin, duration);
  Timing timing(begin, with.duration("period"));
  RegisterPoll poll(context, port, **spec, with.duration("poll"), with.duration("timeout"));
  std::optional<std::uint64_t> last;
  while (true) {
    const auto reading = poll.next(end);
    if (!reading) return tl::unexpected(reading.error());
    if (!*reading) break;
    progress.at(context.now());
    const ModbusAnswer& answer = (*reading)->answer;
    if (answer.kind == ModbusAnswer::Kind::gap) return cut_off();
    if (answer.kind == ModbusAnswer::Kind::lost) {
      context.note(cat("the link was lost after ", to_string(answer.received - begin), ": ",
                       answer.problem, "; the time after that is part of the observation"));
      break;
    }
    const FieldValue& value = (*reading)->value;
    if (value.kind != FieldValue::Kind::number || value.number < 0) continue;
    const auto number = static_cast<std::uint64_t>(value.number);
    const std::uint64_t by = last ? (number + turn - *last) % turn : 0;
    // More than half a turn is a step back: the device counts anew.
    if (by > 0 && by <= turn / 2) timing.add(answer.received, answer.last_seq, by);
    last = number;
  }
  timing.end(end);
  // When the counter moved on is only known to lie between two requests.
  TimeBudget u = interval_budget(port.facts());
  u.fixed.push_back(half_width({"轮询间隔", "time between requests"},
                               with.duration("poll").seconds(), *Unit::parse("s"),
                               Distribution::triangular, "poll of the step"));
  emit(context, timing, duration.seconds(), u);
  return {};
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (port.protocol() && port.protocol()->is_register_map()) return run_polled(context, port);
  return run_heard(context, port);
}

}  // namespace

extern const Check transmission_rate;
const Check transmission_rate{.id = "transmission/rate",
                              .revision = 1,
                              .summary =
                                  "how often a message comes, how evenly, and how far from "
                                  "its declared period",
                              .roles = roles,
                              .needs = {},
                              .params = params,
                              .outputs = outputs,
                              .hazard = Hazard::none,
                              .resumable = false,
                              .lint = lint,
                              .run = run};

}  // namespace carebench::checks
