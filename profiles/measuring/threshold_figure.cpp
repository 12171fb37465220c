#include "profiles/measuring/threshold_figure.h"

#include <algorithm>
#include <cmath>

#include "profiles/context.h"

namespace carebench {
namespace {

constexpr std::size_t most_edges = 400;

Figure::Series bars(std::span<const AlarmEdge> edges, bool on, double ends_s, double height) {
  Figure::Series out{{"报警", "alarm"}, {}, {}};
  const auto put = [&](double at, double value) {
    out.x.push_back(at);
    out.y.push_back(value);
  };
  if (on) put(0, height);
  for (const AlarmEdge& edge : edges.first(std::min(edges.size(), most_edges))) {
    if (edge.on == on) continue;
    put(edge.time_s, height);
    if (!edge.on) put(edge.time_s, std::nan(""));
    on = edge.on;
  }
  if (on && edges.size() <= most_edges) put(ends_s, height);
  return out;
}

}  // namespace

Figure threshold_figure(std::span<const CoursePoint> course, std::span<const AlarmEdge> edges,
                        bool on_at_first, const ThresholdRule& rule, double ends_s, Unit unit) {
  Figure figure;
  figure.kind = rule.staircase ? "steps" : "series";
  figure.title = {"激励过程与报警", "course of the quantity and alarms"};
  figure.x_label = {"时间", "time"};
  figure.x_unit = "s";
  figure.y_unit = unit.code();
  std::vector<double> x, y;
  double low = rule.threshold, high = rule.threshold;
  for (const CoursePoint& point : course) {
    x.push_back(point.time_s);
    y.push_back(point.value);
    low = std::min(low, point.value);
    high = std::max(high, point.value);
  }
  if (rule.staircase && !course.empty()) {
    x.push_back(ends_s);
    y.push_back(y.back());
  }
  figure.series.push_back(thinned({"被测量", "quantity"}, x, y));
  Figure::Series alarm = bars(edges, on_at_first, ends_s, high + (high - low) * 0.08);
  if (!alarm.x.empty()) figure.series.push_back(std::move(alarm));
  figure.marks.push_back({{"报警阈值", "alarm threshold"}, 'y', rule.threshold, "limit"});
  const double back = rule.above ? -rule.hysteresis : rule.hysteresis;
  if (back != 0)
    figure.marks.push_back({{"恢复阈值", "clears at"}, 'y', rule.threshold + back, "guard"});
  return figure;
}

}  // namespace carebench
