#include "profiles/measuring/latencies.h"

#include <cmath>

#include "profiles/measuring/order_statistics.h"
#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench {

void Latencies::emit(Context& context, std::span<const Percentile> percentiles, const TimeBudget& u,
                     Text2 title, Text2 x_label) {
  const auto came = static_cast<std::int64_t>(seconds_.size());
  OrderStatistics order(std::move(seconds_), never_);
  seconds_.clear();
  Figure figure;
  figure.kind = "ecdf";
  figure.title = std::move(title);
  figure.x_label = std::move(x_label);
  figure.y_label = {"累积占比", "share"};
  figure.x_unit = "s";
  figure.y_unit = "1";
  figure.note = never_ == 0 ? cat("n = ", order.n())
                            : cat("n = ", order.n(), ", of which ", never_, " never came");
  if (came > 0) figure.series.push_back(order.distribution({"实测", "measured"}));
  for (Figure::Series& series : figure.series) {
    series.band = {"95 % 区间（Clopper-Pearson）", "95 % interval (Clopper-Pearson)"};
    for (const double share : series.y) {
      const auto x = std::llround(share * static_cast<double>(order.n()));
      const Interval band = stats::clopper_pearson(x, order.n());
      series.low.push_back(band.low);
      series.high.push_back(band.high);
    }
  }

  const std::string note =
      never_ == 0 ? "" : cat(never_, " of ", order.n(), " never came and count as infinite");
  const auto put = [&](std::string_view output, double value, std::optional<Interval> interval) {
    context.number(output, value, u.of(value), order.n(), evidence_, std::move(interval), note);
  };
  for (const Percentile& one : percentiles) figure.shows.push_back({std::string(one.output), 'x'});
  figure.shows.push_back({"max", 'x'});
  for (const Percentile& one : percentiles) {
    const double value = order.percentile(one.p);
    put(one.output, value, order.percentile_interval(one.p));
    const std::string label = cat("P", number(100 * one.p));
    if (std::isfinite(value)) figure.marks.push_back({{label, label}, 'x', value});
  }
  put("max", order.max(), std::nullopt);
  if (came > 0) context.figure(std::move(figure));
}

}  // namespace carebench
