// Does a connection hold? The bench keeps a GATT device connected, asks for the signal strength
// from time to time, and counts what is lost; after each loss it connects again. Rates are by the
// time connected and have exact Poisson intervals. With a tap on the HCI (role `monitor`) it also
// counts the values that the kernel saw and the bench did not: what is lost inside the bench is no
// fault of the device.
#include <algorithm>
#include <cmath>
#include <limits>

#include "profiles/measuring/gatt_session.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/tapped_port.h"
#include "standards/stats/rates.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr RoleSpec roles[] = {
    {"test", true, false, "device under test"},
    {"monitor", false, false, "a tap on the HCI (hci:hci0), which counts what passed it"},
};
constexpr OpKind needs[] = {OpKind::connect, OpKind::subscribe};

constexpr ParamSpec params[] = {
    {"duration", ParamKind::duration, true, "", "how long to hold the connection"},
    {"every", ParamKind::duration, false, "10 s", "time between two looks at the signal"},
    {"subscribe", ParamKind::texts, false, "",
     "attributes to subscribe to meanwhile, as 180D/2A37; not given: nothing is sent"},
};

constexpr Output outputs[] = {
    {"disconnections", OutputKind::number, "{count}", "times the link was lost", {}},
    {"disconnections_per_hour",
     OutputKind::number,
     "/h",
     "lost links by the hour connected; exact Poisson interval",
     {}},
    {"longest_outage",
     OutputKind::number,
     "s",
     "from a loss to the next connection; infinite where none came about",
     {}},
    {"rssi_median", OutputKind::number, "dB[mW]", "median signal strength", {}},
    {"rssi_lowest", OutputKind::number, "dB[mW]", "lowest signal strength", {}},
    {"values", OutputKind::number, "{count}", "values that came, or that a tap saw", {}},
    {"unheard",
     OutputKind::number,
     "{count}",
     "values that the tap saw and the bench did not get; only with a tap",
     {}},
};

class Holding {
 public:
  explicit Holding(Context& context)
      : context_(context), session_(context.port("test")), tapped_(context, context.port("test")) {}

  Result<void> run() {
    const Duration duration = context_.with().duration("duration");
    const Stamp begin = context_.now(), end = begin + duration;
    auto connected = attach();
    if (!connected) return tl::unexpected(connected.error());
    if (!*connected) {
      context_.number("longest_outage", infinity, 0, 0, evidence_, {}, session_.why());
      context_.note("it was never connected: there is nothing to count");
      return {};
    }
    Progress progress(context_, begin, duration);
    while (*connected && context_.now() < end) {
      const Stamp from = context_.now();
      auto held = hold(std::min(end, from + context_.with().duration("every")));
      if (!held) return tl::unexpected(held.error());
      connected_s_ += (context_.now() - from).seconds();
      progress.at(context_.now());
      if (*held) {
        if (auto looked = look(); !looked) return looked;
        continue;
      }
      tapped_.end(context_.now());
      ++losses_;
      context_.note(cat("lost after ", number((context_.now() - begin).seconds(), 6),
                        " s: ", session_.why()));
      connected = attach_again(end);
      if (!connected) return tl::unexpected(connected.error());
    }
    tapped_.end(context_.now());
    if (auto settled = tapped_.settle(); !settled) return settled;
    report();
    return session_.disconnect();
  }

 private:
  Result<bool> attach() {
    auto found = session_.attach();
    if (!found || !*found) return found;
    for (const std::string& path : context_.with().texts("subscribe")) {
      auto outcome = session_.port().perform(Subscribe{path, session_.port().device().gatt.notify},
                                             seconds(35));
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::refused)
        return fail(Errc::not_ready, Blame::profile,
                    cat(path, " could not be subscribed to: ", outcome->text,
                        "; where it wants pairing, say so in the profile: ble: {pair: "
                        "CAPABILITY}"));
    }
    tapped_.begin(context_.now());
    return true;
  }

  // False: the link was lost.
  Result<bool> hold(Stamp until) {
    return session_.listen(tapped_, until, [&](const Outcome& outcome, const GattEvent& event) {
      if (!event.is_value()) return;
      ++values_;
      evidence_.extend(outcome.seq);
    });
  }

  Result<bool> attach_again(Stamp end) {
    const Stamp lost = context_.now();
    while (context_.now() < end) {
      auto attached = attach();
      if (!attached) return attached;
      if (*attached) {
        longest_s_ = std::max(longest_s_, (context_.now() - lost).seconds());
        return true;
      }
      if (auto waited = pass_time(context_, std::min(seconds(1), end - context_.now())); !waited)
        return tl::unexpected(waited.error());
    }
    longest_s_ = infinity;
    return false;
  }

  Result<void> look() {
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    if (status->rssi) rssi_.push_back(*status->rssi);
    return {};
  }

  void report() {
    const double hours = connected_s_ / 3600;
    context_.number("disconnections", static_cast<double>(losses_), 0, 0, evidence_);
    if (hours > 0)
      context_.number("disconnections_per_hour", static_cast<double>(losses_) / hours, 0, losses_,
                      evidence_, stats::poisson_rate(losses_, hours));
    context_.number("longest_outage", longest_s_, 0, losses_, evidence_);
    // What the bench lost on the way the device has sent.
    const bool known = tapped_.tapped() && tapped_.sees_it();
    const std::int64_t lost_here = known ? tapped_.unheard() : 0;
    context_.number("values", static_cast<double>(values_ + lost_here), 0, 0, evidence_);
    if (tapped_.tapped()) {
      tapped_.note();
      context_.number("unheard", known ? static_cast<double>(lost_here) : std::nan(""), 0,
                      tapped_.passed(), evidence_, {},
                      !known          ? "the tap listens to another adapter"
                      : lost_here > 0 ? "lost inside the bench: no fault of the device"
                                      : "");
    }
    if (rssi_.empty()) {
      context_.note("the stack told no signal strength");
      return;
    }
    std::sort(rssi_.begin(), rssi_.end());
    const auto n = static_cast<std::int64_t>(rssi_.size());
    context_.number("rssi_median", rssi_[rssi_.size() / 2], 0, n);
    context_.number("rssi_lowest", rssi_.front(), 0, n);
  }

  Context& context_;
  GattSession session_;
  TappedPort tapped_;
  std::int64_t losses_ = 0, values_ = 0;
  double connected_s_ = 0, longest_s_ = 0;
  std::vector<int> rssi_;
  SeqRange evidence_;
};

void lint(const StepView& step, Problems& problems) {
  lint_positive(step, {"duration", "every"}, problems);
  for (const std::string& path : step.with.texts("subscribe"))
    if (const auto parsed = AttributePath::parse(path); !parsed)
      step.with.problem("subscribe", step.at, parsed.error().message, problems);
}

Result<void> run(Context& context) { return Holding(context).run(); }

}  // namespace

extern const Check transmission_stability;
const Check transmission_stability{
    .id = "transmission/stability",
    .revision = 1,
    .summary = "losses of the link, by the hour, and its signal strength",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run};

}  // namespace carebench::checks
