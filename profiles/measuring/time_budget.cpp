#include "profiles/measuring/time_budget.h"

#include <cmath>

namespace carebench {
namespace {

constexpr double quartz = 100e-6;

Unit second() { return *Unit::parse("s"); }

}  // namespace

UncertaintyComponent TimeBudget::clock_rate(double sensitivity) const {
  return times(half_width({"测试台时钟频率", "rate of the bench's clock"}, rate, Unit(),
                          Distribution::rectangular, "quartz, 100 ppm"),
               sensitivity);
}

Budget TimeBudget::of(double seconds) const {
  Budget budget = fixed;
  if (std::isfinite(seconds)) budget.push_back(clock_rate(seconds));
  return budget;
}

TimeBudget interval_budget(const Facts& facts) {
  const double stamp = facts.stamp_uncertainty.seconds();
  return {{times(standard({"时间戳（两端）", "time stamps of both ends"}, stamp, second(),
                          "link, per stamp"),
                 std::sqrt(2.0))},
          stamp > 0 ? quartz : 0};
}

Result<TimeBudget> latency_budget(Context& context, const Port& port) {
  auto wake_up = context.wake_up();
  if (!wake_up) return tl::unexpected(wake_up.error());
  TimeBudget budget = interval_budget(port.facts());
  budget.fixed.push_back(std::move(*wake_up));
  return budget;
}

}  // namespace carebench
