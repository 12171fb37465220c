// Is the identifier the same after every reconnection, and after a power cycle that the operator
// does? An identifier that changes cannot tell a unit on a platform.
#include <algorithm>

#include "profiles/measuring/identity.h"
#include "profiles/measuring/listening.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::connect, OpKind::disconnect};

constexpr ParamSpec params[] = {
    {"source", ParamKind::text, true, "", "where the identifier stands, as in identifier/present"},
    identity_ask,
    identity_ask_fields,
    identity_afterwards,
    identity_timeout,
    identity_tries,
    {"reconnects", ParamKind::integer, false, "3", "how often the link is closed and opened", 1,
     1000},
    {"pause", ParamKind::duration, false, "1 s", "how long it stays closed"},
    {"settle", ParamKind::duration, false, "500 ms",
     "how long the device gets after it was opened"},
    {"rebond", ParamKind::text, false, "",
     "GATT: also drop the bond and pair anew, with this input and output capability of the bench"},
    {"power_cycle", ParamKind::boolean, false, "false",
     "the operator switches the device off and on once more at the end"},
};

constexpr Output outputs[] = {
    {"stable", OutputKind::truth, "",
     "every reading gave an identifier, and all of them are the same, octet by octet", true},
    {"identifier", OutputKind::text, "", "the first one read", {}},
    {"readings", OutputKind::number, "1", "readings that gave an identifier", {}},
    {"missing", OutputKind::number, "1", "readings that gave none: silent, refused, not back", {}},
};

void lint(const StepView& step, Problems& problems) {
  const std::string source[] = {step.with.text("source")};
  lint_identity(step, source, "source", problems);
}

struct Tally {
  std::vector<std::string> values;  // different ones, in the order they came
  std::int64_t readings = 0, missing = 0;
  SeqRange evidence;
  std::vector<std::string> notes;
};

class Reconnecting {
 public:
  Reconnecting(Context& context, const IdentitySource& source, IdentityAsking asking)
      : context_(context),
        port_(context.port("test")),
        source_(source),
        asking_(std::move(asking)) {}

  // Reads once. A device that is not there (any more) is a missing reading here, not an error.
  Result<void> read(const std::string& when) {
    const auto reading = read_identity(context_, port_, source_, asking_);
    if (!reading && reading.error().code == Errc::lost) {
      miss(when, reading.error().message);
      return {};
    }
    if (!reading) return tl::unexpected(reading.error());
    widen(tally.evidence, reading->evidence);
    if (!reading->value) {
      miss(when, reading->note);
      return {};
    }
    ++tally.readings;
    auto& values = tally.values;
    if (std::find(values.begin(), values.end(), *reading->value) == values.end()) {
      if (!values.empty()) tally.notes.push_back(cat(when, ": ", *reading->value));
      values.push_back(*reading->value);
    }
    return {};
  }

  Result<void> close() {
    const auto closed = port_.perform(Disconnect{});
    if (!closed) return tl::unexpected(closed.error());
    tally.evidence.extend(closed->seq);
    // What came before the link was closed is no answer to what is asked after it.
    const auto flushed = port_.flush();
    if (!flushed) return tl::unexpected(flushed.error());
    return {};
  }

  Result<void> open_and_read(const std::string& when) {
    const auto opened = port_.perform(Connect{});
    if (!opened) return tl::unexpected(opened.error());
    tally.evidence.extend(opened->seq);
    if (opened->kind != Outcome::Kind::done) {
      miss(when,
           cat("it could not be opened: ", to_string(opened->kind), " ", printable(opened->text)));
      return {};
    }
    if (auto waited = pass_time(context_, context_.with().duration("settle")); !waited)
      return waited;
    return read(when);
  }

  // Bonds, so that the device holds one, forgets it at the bench's end, and bonds again.
  Result<void> bond_anew(const std::string& capability) {
    constexpr std::string_view when = "after bonding anew";
    for (const bool again : {false, true}) {
      if (auto closed = close(); !closed) return closed;
      if (again)
        if (const auto forgot = port_.perform(Unpair{}); !forgot)
          return tl::unexpected(forgot.error());
      const auto opened = port_.perform(Connect{});
      if (!opened) return tl::unexpected(opened.error());
      const auto paired = opened->kind == Outcome::Kind::done ? port_.pair(capability) : opened;
      if (!paired) return tl::unexpected(paired.error());
      if (paired->kind == Outcome::Kind::done) continue;
      miss(std::string(when), cat("it did not pair: ", printable(paired->text)));
      return {};
    }
    return read(std::string(when));
  }

  Tally tally;

 private:
  void miss(const std::string& when, std::string_view why) {
    ++tally.missing;
    tally.notes.push_back(cat(when, ": none: ", why));
  }

  Context& context_;
  Port& port_;
  const IdentitySource& source_;
  IdentityAsking asking_;
};

Result<void> power_cycle(Context& context) {
  const std::string& name = context.port("test").name();
  Prompt prompt;
  prompt.id = cat("power-cycle/", name);
  prompt.purpose = "检查断电后标识码是否不变 / see whether the identifier survives a loss of power";
  prompt.steps =
      cat("关闭 ", name, "；电池设计为可取出时取出电池；等待 10 s 后开机 / switch ", name,
          " off, take its battery out where that is meant to be done, "
          "wait 10 s, switch it on");
  prompt.look_for = "设备已启动 / the device has started";
  const auto answer = context.ask(prompt);
  if (!answer) return tl::unexpected(answer.error());
  if ((*answer)["done"].boolean()) return {};
  return fail(Errc::not_ready, Blame::bench,
              "the operator did not switch the device off and on; repeat the step, or leave "
              "`power_cycle` out");
}

Result<void> run(Context& context) {
  const Params& with = context.with();
  const Protocol* protocol = context.port("test").protocol();
  const auto source = identity_source(with.text("source"), protocol);
  if (!source) return tl::unexpected(source.error());
  auto asking = identity_asking(with, protocol);
  if (!asking) return tl::unexpected(asking.error());
  Reconnecting device(context, *source, std::move(*asking));

  if (auto done = device.read("at first"); !done) return done;
  const auto reconnects = with.integer("reconnects");
  for (std::int64_t i = 1; i <= reconnects; ++i) {
    context.progress(static_cast<double>(i) / static_cast<double>(reconnects + 1));
    if (auto done = device.close(); !done) return done;
    if (auto done = pass_time(context, with.duration("pause")); !done) return done;
    if (auto done = device.open_and_read(cat("after reconnection ", i)); !done) return done;
  }
  if (const std::string& capability = with.text("rebond"); !capability.empty())
    if (auto done = device.bond_anew(capability); !done) return done;
  if (with.boolean("power_cycle")) {
    if (auto done = device.close(); !done) return done;
    if (auto done = power_cycle(context); !done) return done;
    if (auto done = device.open_and_read("after the power cycle"); !done) return done;
  }

  const Tally& tally = device.tally;
  const bool stable = tally.values.size() == 1 && tally.missing == 0;
  const std::size_t told = std::min<std::size_t>(tally.notes.size(), 10);
  context.truth(
      "stable", stable, tally.evidence,
      join({tally.notes.begin(), tally.notes.begin() + static_cast<std::ptrdiff_t>(told)}, "; "));
  if (!tally.values.empty()) context.text("identifier", tally.values.front(), tally.evidence);
  context.number("readings", static_cast<double>(tally.readings), 0, 0, tally.evidence);
  context.number("missing", static_cast<double>(tally.missing), 0, 0, tally.evidence);
  return {};
}

}  // namespace

extern const Check identifier_stable;
const Check identifier_stable{
    .id = "identifier/stable",
    .revision = 1,
    .summary = "the identifier is the same after every reconnection",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
