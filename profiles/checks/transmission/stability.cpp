// Does a connection hold? The bench keeps a GATT device connected, asks for the signal strength
// from time to time, and counts what is lost; after each loss it connects again. Rates have exact
// Poisson intervals. With a tap on the HCI (role `monitor`) it also counts the values that the
// kernel saw and the bench did not: what is lost inside the bench is no fault of the device.
#include <algorithm>
#include <limits>

#include "probes/hci/monitor.h"
#include "profiles/measuring/gatt_session.h"
#include "standards/stats/rates.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

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
     "lost links by the hour of holding; exact Poisson interval",
     {}},
    {"longest_outage",
     OutputKind::number,
     "s",
     "from a loss to the next connection; infinite where none came about",
     {}},
    {"rssi_median", OutputKind::number, "1", "median signal strength in dBm", {}},
    {"rssi_lowest", OutputKind::number, "1", "lowest signal strength in dBm", {}},
    {"values", OutputKind::number, "{count}", "values that came", {}},
    {"unheard",
     OutputKind::number,
     "{count}",
     "values that the tap saw and the bench did not get; only with a tap",
     {}},
};

class Holding {
 public:
  explicit Holding(Context& context) : context_(context), session_(context.port("test")) {}

  Result<void> run() {
    if (context_.bound("monitor"))
      if (auto flushed = context_.port("monitor").flush(); !flushed)
        return tl::unexpected(flushed.error());
    const Stamp begin = context_.now(), end = begin + context_.with().duration("duration");
    auto connected = attach();
    if (!connected) return tl::unexpected(connected.error());
    if (!*connected) longest_s_ = std::numeric_limits<double>::infinity();
    while (*connected && context_.now() < end) {
      const Stamp until = std::min(end, context_.now() + context_.with().duration("every"));
      auto held = session_.listen(until, [this](const Outcome& outcome, const GattEvent& event) {
        if (event.kind != EventKind::advertising) ++values_;
        evidence_.extend(outcome.seq);
      });
      if (!held) return tl::unexpected(held.error());
      context_.progress((context_.now() - begin).seconds() /
                        context_.with().duration("duration").seconds());
      if (*held) {
        if (auto looked = look(); !looked) return looked;
        continue;
      }
      ++losses_;
      context_.note(cat("lost after ", number((context_.now() - begin).seconds(), 6),
                        " s: ", session_.why()));
      connected = attach_again(end);
      if (!connected) return tl::unexpected(connected.error());
    }
    report((context_.now() - begin).seconds() / 3600);
    if (context_.bound("monitor"))
      if (auto counted = count_at_the_tap(); !counted) return counted;
    return session_.disconnect();
  }

 private:
  Result<bool> attach() {
    auto found = session_.discover();
    if (!found || !*found) return found;
    for (const std::string& path : context_.with().texts("subscribe")) {
      auto outcome = session_.port().perform(Subscribe{path, session_.port().device().gatt.notify},
                                             seconds(35));
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::refused)
        context_.note(cat(path, " could not be subscribed to: ", outcome->text));
    }
    return true;
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
      if (auto waited = context_.sleep(std::min(seconds(1), end - context_.now())); !waited)
        return tl::unexpected(waited.error());
    }
    longest_s_ = std::numeric_limits<double>::infinity();
    return false;
  }

  Result<void> look() {
    auto status = session_.status();
    if (!status) return tl::unexpected(status.error());
    if (status->rssi) rssi_.push_back(*status->rssi);
    return {};
  }

  void report(double hours) {
    context_.number("disconnections", static_cast<double>(losses_), 0, 0, evidence_);
    if (hours > 0)
      context_.number("disconnections_per_hour", static_cast<double>(losses_) / hours, 0, losses_,
                      evidence_, stats::poisson_rate(losses_, hours));
    context_.number("longest_outage", longest_s_, 0, losses_, evidence_);
    context_.number("values", static_cast<double>(values_), 0, 0, evidence_);
    if (rssi_.empty()) {
      context_.note("the stack told no signal strength");
      return;
    }
    std::sort(rssi_.begin(), rssi_.end());
    const auto n = static_cast<std::int64_t>(rssi_.size());
    context_.number("rssi_median", rssi_[rssi_.size() / 2], 0, n);
    context_.number("rssi_lowest", rssi_.front(), 0, n);
  }

  Result<void> count_at_the_tap() {
    hci::MonitorReader reader;
    std::int64_t seen = 0;
    Port& tap = context_.port("monitor");
    while (true) {
      auto outcome = tap.next(context_.now());
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind != Outcome::Kind::frame) break;
      reader.feed(outcome->octets);
      for (hci::Event event; reader.next(event);)
        if (event.kind == hci::Event::Kind::att && !event.sent)
          seen += hci::values_sent(event.octets);
    }
    context_.number("unheard", static_cast<double>(std::max<std::int64_t>(0, seen - values_)), 0,
                    seen, evidence_);
    return {};
  }

  Context& context_;
  GattSession session_;
  std::int64_t losses_ = 0, values_ = 0;
  double longest_s_ = 0;
  std::vector<int> rssi_;
  SeqRange evidence_;
};

Result<void> run(Context& context) { return Holding(context).run(); }

}  // namespace

extern const Check transmission_stability;
const Check transmission_stability{"transmission/stability",
                                   1,
                                   "losses of the link, by the hour, and its signal strength",
                                   roles,
                                   needs,
                                   params,
                                   outputs,
                                   Hazard::none,
                                   false,
                                   nullptr,
                                   &run};

}  // namespace carebench::checks
