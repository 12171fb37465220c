// Does the device live on when it gets what it should never get? Malformed frames are made from its
// protocol's description, illegal requests from its register map; after each of them the device
// must show that it is alive. Relates to ETSI EN 303 645 5.13-1 (validation of input) and to the
// server behaviour of the MODBUS Application Protocol. Malformed input may brick a sample: a real
// device needs the customer's consent (`consent: [robustness]` in the job).
#include <limits>

#include "profiles/measuring/consent.h"
#include "profiles/measuring/identity.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/provoked.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::write};

constexpr ParamSpec params[] = {
    ProvokedParams::heartbeat,
    ProvokedParams::ask,
    ProvokedParams::ask_fields,
    ProvokedParams::answer_time,
    ProvokedParams::boot_message,
    ProvokedParams::uptime,
    ProvokedParams::seed,
    {"recover_within", ParamKind::duration, false, "5 s",
     "how long the device may take to its next sign of life; longer is a hang"},
    {"cases", ParamKind::texts, false, "", "only these of the cases; else all"},
    require_consent_param,
};

constexpr Output outputs[] = {
    {"alive_after", OutputKind::truth, "", "a sign of life came after the last case", true},
    {"hangs", OutputKind::number, "1", "cases without a sign of life within recover_within", {}},
    {"worst_recovery",
     OutputKind::number,
     "s",
     "longest time from the end of the answer time to the next sign of life (the device's own "
     "period "
     "of reports included); infinite after a hang",
     {}},
    {"restarts",
     OutputKind::number,
     "1",
     "starts of the device: its boot message, a boot banner, an uptime that fell behind, a link "
     "that "
     "went away and came back",
     {}},
    {"answered_malformed",
     OutputKind::number,
     "1",
     "frames with a wrong checksum, length or mark, cut, or for others, that were answered; only "
     "where an answer can be told from what the device says anyway",
     {}},
    {"wrong_exceptions",
     OutputKind::number,
     "1",
     "Modbus: illegal requests that got another exception than the right one, data, or no answer",
     {}},
};

constexpr std::size_t most_notes = 12;

bool speaks_modbus(const Protocol* protocol) { return protocol && protocol->is_register_map(); }

void lint(const StepView& step, Problems& problems) { lint_provoked(step, problems); }

class Ordeal {
 public:
  Ordeal(Context& context, Port& port, Provoked& device)
      : context_(context), port_(port), device_(device) {}

  Result<void> run() {
    const Duration patience = context_.with().duration("recover_within");
    const auto first = device_.wait_for_life(patience);
    if (!first) return tl::unexpected(first.error());
    if (!first->alive)
      return fail(Errc::silent, Blame::bench,
                  cat(port_.name(), " gave no sign of life within ", to_string(patience),
                      " before anything malformed was sent: check wiring, speed and `heartbeat`"));
    const auto names = device_.cases();
    const auto wanted = chosen(names);
    if (!wanted) return tl::unexpected(wanted.error());
    for (std::size_t i = 0; i < wanted->size() && alive_; ++i) {
      context_.progress(static_cast<double>(i) / static_cast<double>(wanted->size()));
      if (auto done = one((*wanted)[i], names[(*wanted)[i]], patience); !done) return done;
      if (!alive_ && i + 1 < wanted->size())
        notes_.push_back(cat(wanted->size() - i - 1, " cases were not tried any more"));
    }
    if (alive_) {
      if (auto done = device_.watch(seconds(1)); !done) return done;
      const auto last = device_.wait_for_life(patience);
      if (!last) return tl::unexpected(last.error());
      alive_ = last->alive;
      widen(evidence_, last->evidence);
    }
    return {};
  }

  void emit() {
    const std::string note =
        join({notes_.begin(),
              notes_.begin() + static_cast<std::ptrdiff_t>(std::min(notes_.size(), most_notes))},
             "; ");
    context_.truth("alive_after", alive_, evidence_, note);
    const auto count = [&](std::string_view output, std::int64_t value) {
      context_.number(output, static_cast<double>(value), 0, tried_, evidence_);
    };
    count("hangs", hangs_);
    context_.number("worst_recovery",
                    hangs_ > 0 ? std::numeric_limits<double>::infinity() : worst_.seconds(), 0,
                    tried_, evidence_);
    count("restarts", device_.restarts() + came_back_);
    if (device_.tells_answers()) count("answered_malformed", answered_);
    if (speaks_modbus(port_.protocol())) count("wrong_exceptions", wrong_exceptions_);
  }

 private:
  Result<std::vector<std::size_t>> chosen(const std::vector<std::string_view>& names) const {
    const auto& only = context_.with().texts("cases");
    std::vector<std::size_t> list;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (only.empty() || std::find(only.begin(), only.end(), names[i]) != only.end())
        list.push_back(i);
    for (const std::string& name : only)
      if (std::find(names.begin(), names.end(), name) == names.end())
        return fail(Errc::bad_input, Blame::profile,
                    cat("there is no case \"", name, "\" for this device", suggestion(name, names),
                        "; there are ", join({names.begin(), names.end()}, ", ")));
    return list;
  }

  Result<void> one(std::size_t index, std::string_view name, Duration patience) {
    const auto reaction = device_.provoke(index);
    if (!reaction) return tl::unexpected(reaction.error());
    ++tried_;
    widen(evidence_, reaction->evidence);
    answered_ += reaction->answered;
    wrong_exceptions_ += reaction->wrong_exception;
    if (reaction->answered || reaction->wrong_exception)
      notes_.push_back(cat(name, ": ", reaction->note.empty() ? "answered" : reaction->note));
    bool lost = reaction->lost;
    if (!lost) {
      const auto life = device_.wait_for_life(patience);
      if (!life) return tl::unexpected(life.error());
      widen(evidence_, life->evidence);
      if (life->alive) {
        worst_ = std::max(worst_, life->after);
        return {};
      }
      lost = life->lost;
    }
    ++hangs_;
    notes_.push_back(cat(name, lost ? ": the link went away" : ": no sign of life"));
    return reopen(patience, lost);
  }

  // A device that is dead may live again on a fresh connection; then the ordeal goes on.
  Result<void> reopen(Duration patience, bool lost) {
    if (auto closed = port_.perform(Disconnect{}); !closed) return tl::unexpected(closed.error());
    if (auto waited = pass_time(context_, seconds(2)); !waited) return waited;
    const auto opened = port_.perform(Connect{});
    if (!opened) return tl::unexpected(opened.error());
    alive_ = opened->kind == Outcome::Kind::done;
    if (!alive_) return {};
    const auto life = device_.wait_for_life(patience);
    if (!life) return tl::unexpected(life.error());
    alive_ = life->alive;
    came_back_ += alive_ && lost;
    return {};
  }

  Context& context_;
  Port& port_;
  Provoked& device_;
  bool alive_ = true;
  std::int64_t tried_ = 0, hangs_ = 0, answered_ = 0, wrong_exceptions_ = 0, came_back_ = 0;
  Duration worst_;
  SeqRange evidence_;
  std::vector<std::string> notes_;
};

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (!port.protocol())
    return fail(
        Errc::bad_input, Blame::profile,
        cat("malformed frames are made from a protocol: give ", port.name(), " a `protocol:`"));
  if (auto agreed = need_consent(context, port, "robustness"); !agreed) return agreed;
  auto device = speaks_modbus(port.protocol()) ? provoked_by_requests(context, port)
                                               : provoked_by_frames(context, port);
  if (!device) return tl::unexpected(device.error());
  Ordeal ordeal(context, port, **device);
  if (auto done = ordeal.run(); !done) return done;
  ordeal.emit();
  return {};
}

}  // namespace

extern const Check security_robustness;
const Check security_robustness{
    .id = "security/robustness",
    .revision = 1,
    .summary = "the device survives malformed frames and illegal requests",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .hazard = Hazard::destructive,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
