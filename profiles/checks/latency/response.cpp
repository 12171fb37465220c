// How long does a device take to answer? Many requests; each time runs from the moment the bench
// began to write the request to the packet that completed the answer, so the time on the line is
// part of it. A request that is not answered within `within` counts as an infinite time.
//
// The pauses between requests spread evenly over half to one and a half `spacing` (a golden-ratio
// sequence, the same in each run), so that the requests do not keep step with the device's own
// cycle. An answer that comes after its time is waited for before the next request, and never taken
// for the answer to that.
//
// With a tap on the HCI beside a GATT device (role `monitor`) both ends are what passed the
// adapter, with the kernel's time stamps: the request as it went out, the answer as it came in.
#include <cmath>

#include "profiles/measuring/latencies.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/registers.h"
#include "profiles/measuring/tapped_port.h"
#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the device that is asked"},
    {"monitor", false, false, "GATT: a tap on the HCI (hci:hci0), which stamps what passes it"},
};

constexpr ParamSpec params[] = {
    {"request", ParamKind::text, false, "", "the message that is sent"},
    {"fields", ParamKind::tree, false, "", "values of the request's fields"},
    {"answer", ParamKind::text, false, "", "the message that answers it"},
    {"register", ParamKind::text, false, "", "Modbus: the register that is read"},
    {"settle", ParamKind::duration, false, "1 s", "how long to wait before the first request"},
    {"n", ParamKind::integer, false, "100", "how many requests, 1 … 1000000", 1, 1e6},
    {"spacing", ParamKind::duration, false, "200 ms", "mean pause from an answer to a request"},
    {"within", ParamKind::duration, false, "2 s", "how long to wait for an answer"},
};

constexpr Output outputs[] = {
    {"p50", OutputKind::number, "s", "median of the response times, nearest rank", {}},
    {"p95", OutputKind::number, "s", "95th percentile of the response times, nearest rank", {}},
    {"max", OutputKind::number, "s", "longest response time", {}},
    {"unanswered", OutputKind::number, "{count}", "requests that got no answer in time", {}},
    {"unanswered_share", OutputKind::number, "1", "share of the requests without answer", {}},
};

// What the bench sends, and what it waits for.
struct Request {
  Bytes octets;
  const MessageSpec* answer = nullptr;
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"within"}, problems);
  const Protocol* protocol = step.protocol("test");
  const Access access = access_of(step, "test", problems);
  if (access == Access::registers) {
    linted(step, "register", readable_register(protocol, step.with.text("register")), problems);
    for (const std::string_view name : {"request", "fields", "answer"})
      if (step.with.has(name))
        step.with.problem(name, step.at, "a Modbus device is asked for a `register:`", problems);
  }
  if (access != Access::messages) return;
  if (step.with.has("register"))
    step.with.problem("register", step.at, "only a Modbus device is asked for a register",
                      problems);
  const auto request =
      linted(step, "request", sent_message(protocol, step.with.text("request")), problems);
  linted(step, "answer", heard_message(protocol, step.with.text("answer")), problems);
  if (!request) return;
  const FieldInputs inputs = inputs_of(step.with.tree("fields"), problems);
  linted(step, step.with.has("fields") ? "fields" : "request",
         protocol->encode((*request)->id, inputs), problems);
}

Result<Request> request_of(const Protocol* protocol, const Params& with) {
  const auto sent = sent_message(protocol, with.text("request"));
  if (!sent) return tl::unexpected(sent.error());
  const auto answer = heard_message(protocol, with.text("answer"));
  if (!answer) return tl::unexpected(answer.error());
  Problems problems;
  const FieldInputs inputs = inputs_of(with.tree("fields"), problems);
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  auto octets = protocol->encode((*sent)->id, inputs);
  if (!octets) return tl::unexpected(octets.error());
  return Request{std::move(*octets), *answer};
}

Duration pause(Duration spacing, std::int64_t i) {
  constexpr double golden = 0.6180339887498949;
  const double turn = static_cast<double>(i + 1) * golden;
  const double share = 0.5 + turn - std::floor(turn);
  return {static_cast<Nanoseconds>(static_cast<double>(spacing.ns) * share)};
}

// How one request went.
struct Exchange {
  bool answered = false;
  double seconds = 0;
  std::uint64_t first_seq = 0, last_seq = 0;
};

Result<Exchange> ask_message(TappedPort& tapped, MessageStream& stream, const Request& request,
                             Duration within) {
  Port& port = tapped.port();
  Exchange exchange;
  const auto written = port.write(request.octets, within);
  if (!written) return tl::unexpected(written.error());
  if (written->kind == Outcome::Kind::timed_out) return exchange;
  if (auto done = done_or_error(port, written); !done) return tl::unexpected(done.error());
  const Stamp begun = written->from, limit = begun + within;
  exchange.first_seq = written->seq;
  Message message;
  while (true) {
    while (stream.take(message)) {
      if (message.stamp > limit) return exchange;
      // What was on its way before the request is no answer to it.
      if (message.spec != request.answer || message.stamp <= begun) continue;
      const Stamp sent = tapped.shown() ? tapped.sent_after(begun).value_or(begun) : begun;
      exchange.answered = true;
      exchange.seconds = (message.stamp - sent).seconds();
      exchange.last_seq = message.last_seq;
      return exchange;
    }
    const auto outcome = tapped.next(limit);
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->kind == Outcome::Kind::lost) return link_lost(port, outcome->text);
    if (outcome->kind == Outcome::Kind::gap) return cut_off();
    if (outcome->kind == Outcome::Kind::frame)
      stream.feed(*outcome);
    else if (port.now() >= limit)
      return exchange;
  }
}

// Without an answer in time, whatever still comes in as long again is not taken for the next one.
Result<void> wait_between(TappedPort& tapped, MessageStream& stream, const Exchange& last,
                          Duration within, Duration spacing) {
  const Duration length = last.answered ? spacing : Duration{std::max(within.ns, spacing.ns)};
  return ignore_until(tapped, stream, stream.port().now() + length);
}

Result<void> ask_messages(Context& context, TappedPort& tapped, Latencies& latencies) {
  Port& port = tapped.port();
  const Params& with = context.with();
  const auto request = request_of(port.protocol(), with);
  if (!request) return tl::unexpected(request.error());
  const std::int64_t n = with.integer("n");
  if (auto begun = tapped.begin_whole(); !begun) return begun;
  MessageStream stream(port);
  if (auto settled = ignore_until(tapped, stream, context.now() + with.duration("settle"));
      !settled)
    return settled;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto exchange = ask_message(tapped, stream, *request, with.duration("within"));
    if (!exchange) return tl::unexpected(exchange.error());
    if (exchange->answered)
      latencies.add(exchange->seconds, exchange->first_seq, exchange->last_seq);
    else
      latencies.add_never();
    context.progress(static_cast<double>(i + 1) / static_cast<double>(n));
    if (auto waited = wait_between(tapped, stream, *exchange, with.duration("within"),
                                   pause(with.duration("spacing"), i));
        !waited)
      return waited;
  }
  return {};
}

Result<void> ask_registers(Context& context, Port& port, Latencies& latencies) {
  const Params& with = context.with();
  const auto spec = readable_register(port.protocol(), with.text("register"));
  if (!spec) return tl::unexpected(spec.error());
  const auto client = port.modbus();
  if (!client) return tl::unexpected(client.error());
  const std::int64_t n = with.integer("n");
  std::int64_t exceptions = 0, wrong = 0;
  if (auto settled = pass_time(context, with.duration("settle")); !settled) return settled;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto reading = read_register(**client, **spec, with.duration("within"));
    if (!reading) return tl::unexpected(reading.error());
    const ModbusAnswer& answer = reading->answer;
    switch (answer.kind) {
      case ModbusAnswer::Kind::exception:
        ++exceptions;
        [[fallthrough]];
      case ModbusAnswer::Kind::response:
        latencies.add((answer.received - answer.sent).seconds(), answer.first_seq, answer.last_seq);
        break;
      case ModbusAnswer::Kind::lost:
        return link_lost(port, answer.problem);
      case ModbusAnswer::Kind::gap:
        return cut_off();
      case ModbusAnswer::Kind::malformed:
      case ModbusAnswer::Kind::foreign:
        ++wrong;
        [[fallthrough]];
      case ModbusAnswer::Kind::timed_out:
        latencies.add_never();
    }
    context.progress(static_cast<double>(i + 1) / static_cast<double>(n));
    if (auto waited = pass_time(context, pause(with.duration("spacing"), i)); !waited)
      return waited;
  }
  if (exceptions > 0) context.note(cat(exceptions, " answers were exceptions"));
  if (wrong > 0)
    context.note(cat(wrong, " answers were malformed or not ours; they count as not answered"));
  return {};
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  // Before anything is asked, for it takes its time.
  if (auto late = context.wake_up(); !late) return tl::unexpected(late.error());
  TappedPort tapped(context, port);
  Latencies latencies;
  const bool registers = port.protocol() && port.protocol()->is_register_map();
  auto asked = registers ? ask_registers(context, port, latencies)
                         : ask_messages(context, tapped, latencies);
  if (!asked) return asked;
  if (auto whole = tapped.end_whole(); !whole) return whole;
  const auto u = tapped.budget();
  if (!u) return tl::unexpected(u.error());

  const SeqRange evidence = latencies.evidence();
  const std::int64_t n = latencies.n(), unanswered = latencies.never();
  static constexpr Latencies::Percentile percentiles[] = {{"p50", 0.50}, {"p95", 0.95}};
  latencies.emit(context, percentiles, *u, {"响应时间分布", "distribution of the response times"},
                 {"响应时间", "response time"});
  context.number("unanswered", static_cast<double>(unanswered), 0, n, evidence);
  context.number("unanswered_share", static_cast<double>(unanswered) / static_cast<double>(n), 0, n,
                 evidence, stats::clopper_pearson(unanswered, n));
  return {};
}

}  // namespace

extern const Check latency_response;
const Check latency_response{.id = "latency/response",
                             .revision = 1,
                             .summary = "how long a device takes to answer a request",
                             .roles = roles,
                             .needs = {},
                             .params = params,
                             .outputs = outputs,
                             .hazard = Hazard::none,
                             .resumable = false,
                             .lint = lint,
                             .run = run};

}  // namespace carebench::checks
