// How long are the intervals between messages of one kind (the notification interval of a monitor,
// the heartbeat of an alarm)? An interval longer than `dropout` is a drop-out and counts as
// infinite: the message that was waited for did not come. So do the times before the first and
// after the last message, when they are that long; silence is nothing but drop-outs.
//
// With a tap on the HCI beside a GATT device (role `monitor`) the time stamps are the kernel's, and
// the bench's own way from the adapter to the check is no part of the intervals, nor of their U.
#include <cmath>

#include "profiles/measuring/latencies.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/tapped_port.h"
#include "profiles/measuring/thinned_series.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device whose messages are timed"},
    {"monitor", false, false, "GATT: a tap on the HCI (hci:hci0), which stamps what passes it"},
};

constexpr ParamSpec params[] = {
    {"message", ParamKind::text, false, "", "the message that is timed"},
    {"duration", ParamKind::duration, true, "", "how long to listen"},
    {"dropout", ParamKind::duration, true, "", "an interval longer than that counts as infinite"},
};

constexpr Output outputs[] = {
    {"p50", OutputKind::number, "s", "median of the intervals, nearest rank", {}},
    {"p95", OutputKind::number, "s", "95th percentile of the intervals, nearest rank", {}},
    {"p99", OutputKind::number, "s", "99th percentile of the intervals, nearest rank", {}},
    {"max", OutputKind::number, "s", "longest interval; infinite with a single drop-out", {}},
    {"dropouts", OutputKind::number, "{count}", "intervals longer than `dropout`", {}},
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"duration", "dropout"}, problems);
  const Protocol* protocol = step.protocol("test");
  switch (access_of(step, "test", problems)) {
    case Access::messages:
      linted(step, "message", heard_message(protocol, step.with.text("message")), problems);
      break;
    case Access::registers:
      problems.add(step.at,
                   "a Modbus device sends nothing on its own, so there is no interval to measure: "
                   "use latency/response");
      break;
    case Access::none:
      break;
  }
  if (step.with.duration("dropout") >= step.with.duration("duration"))
    step.with.problem("dropout", step.at, "dropout must be shorter than the duration", problems);
}

struct Intervals {
  Intervals(Stamp start, Duration longest) : begin(start), last(start), dropout(longest.ns) {}

  void add(const Message& message) {
    const Nanoseconds interval = message.stamp.ns - last.ns;
    const double s = static_cast<double>(interval) * 1e-9;
    last = message.stamp;
    if (interval > dropout) {
      latencies.add_never();
      curve.hole();
    } else if (any) {
      latencies.add(s, message.first_seq, message.last_seq);
    }
    if (any && interval <= dropout) curve.add((message.stamp - begin).seconds(), s);
    any = true;
  }
  void end(Stamp stamp) {
    if (stamp.ns - last.ns > dropout) latencies.add_never();
  }

  Stamp begin, last;
  Nanoseconds dropout;
  bool any = false;
  Latencies latencies;
  ThinnedSeries curve;
};

Result<void> run(Context& context) {
  Port& port = context.port("test");
  const Params& with = context.with();
  const auto wanted = heard_message(port.protocol(), with.text("message"));
  if (!wanted) return tl::unexpected(wanted.error());
  // Before anything comes, for it takes its time.
  if (auto late = context.wake_up(); !late) return tl::unexpected(late.error());

  TappedPort tapped(context, port);
  if (auto begun = tapped.begin_whole(); !begun) return begun;
  MessageStream stream(port);
  const Duration duration = with.duration("duration");
  const Stamp begin = context.now(), end = begin + duration;
  Progress progress(context, begin, duration);
  Intervals intervals(begin, with.duration("dropout"));
  const auto ending = listen_to(tapped, stream, end, LastPacket::left, &progress,
                                [&intervals, spec = *wanted](const Message& message) {
                                  if (message.spec == spec) intervals.add(message);
                                });
  if (!ending) return tl::unexpected(ending.error());
  if (ending->kind == Ending::Kind::gap) return cut_off();
  if (ending->kind == Ending::Kind::lost)
    context.note(cat("the link was lost after ", to_string(ending->at - begin), ": ", ending->how,
                     "; that counts as a drop-out where it lasts long enough"));
  intervals.end(end);
  if (auto whole = tapped.end_whole(); !whole) return whole;
  const auto u = tapped.budget();
  if (!u) return tl::unexpected(u.error());

  Latencies& latencies = intervals.latencies;
  const SeqRange evidence = latencies.evidence();
  const std::int64_t n = latencies.n(), dropouts = latencies.never();
  static constexpr Latencies::Percentile percentiles[] = {
      {"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}};
  latencies.emit(context, percentiles, *u,
                 {"报文间隔分布", "distribution of the intervals between messages"},
                 {"间隔", "interval"});
  context.number("dropouts", static_cast<double>(dropouts), 0, n, evidence);
  if (intervals.curve.points() == 0) return {};
  Figure figure;
  figure.kind = "series";
  figure.title = {"报文间隔随时间变化", "intervals in the course of time"};
  figure.x_label = {"时间", "time"};
  figure.y_label = {"间隔", "interval"};
  figure.x_unit = figure.y_unit = "s";
  figure.series.push_back(intervals.curve.series({"间隔", "intervals"}));
  figure.note = intervals.curve.note();
  context.figure(std::move(figure));
  return {};
}

}  // namespace

extern const Check latency_interval;
const Check latency_interval{.id = "latency/interval",
                             .revision = 1,
                             .summary =
                                 "intervals between messages of one kind, drop-outs included "
                                 "as infinite",
                             .roles = roles,
                             .needs = {},
                             .params = params,
                             .outputs = outputs,
                             .hazard = Hazard::none,
                             .resumable = false,
                             .lint = lint,
                             .run = run};

}  // namespace carebench::checks
