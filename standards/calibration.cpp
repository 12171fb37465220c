#include "standards/calibration.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench {
namespace {

constexpr std::size_t most_points = 1000;

// The value of `member` between the two points about `x`; the nearest point's beyond them.
template <class Member>
double interpolated(const std::vector<CalibrationPoint>& points, double x, Member member) {
  const auto above = std::lower_bound(points.begin(), points.end(), x,
                                      [](const CalibrationPoint& p, double v) { return p.at < v; });
  if (above == points.begin()) return member(points.front());
  if (above == points.end()) return member(points.back());
  const CalibrationPoint &a = *std::prev(above), &b = *above;
  return std::lerp(member(a), member(b), (x - a.at) / (b.at - a.at));
}

double expanded_of(const CalibrationPoint& point) { return point.expanded_uncertainty; }

CalibrationPoint read_point(const yaml::Node& node, Problems& problems) {
  yaml::MapReader map(node, problems);
  CalibrationPoint point;
  point.at = map.number("at");
  point.error = map.number_or("error", 0);
  point.expanded_uncertainty = map.number("U");
  point.coverage_factor = map.number_or("k", 2);
  if (point.expanded_uncertainty <= 0 || point.coverage_factor <= 0)
    map.problem("U and k of a point must be above 0");
  return point;
}

void read_points(yaml::MapReader& map, CalibratedRange& range, Problems& problems) {
  const std::vector<yaml::Node> nodes = map.list_or_empty("points");
  if (nodes.size() > most_points) return map.problem(cat("more than ", most_points, " points"));
  for (const yaml::Node& node : nodes) {
    const CalibrationPoint point = read_point(node, problems);
    if (!range.points.empty() && point.at <= range.points.back().at)
      node.problem(problems, "points stand in rising order, each once");
    else if (point.at < range.low || point.at > range.high)
      node.problem(problems, cat("the point ", point.at, " lies outside of the range"));
    else
      range.points.push_back(point);
  }
}

}  // namespace

bool CalibratedRange::covers(double x) const {
  if (!(x >= low && x <= high)) return false;
  return points.empty() || (x >= points.front().at && x <= points.back().at);
}

double CalibratedRange::error(double x) const {
  return points.empty()
             ? 0
             : interpolated(points, x, [](const CalibrationPoint& p) { return p.error; });
}

double CalibratedRange::expanded(double x) const {
  return points.empty() ? expanded_uncertainty : interpolated(points, x, expanded_of);
}

double CalibratedRange::standard(double x) const {
  if (points.empty()) return expanded_uncertainty / coverage_factor;
  return interpolated(points, x, [](const CalibrationPoint& p) {
    return p.expanded_uncertainty / p.coverage_factor;
  });
}

double CalibratedRange::largest_expanded(double from, double to) const {
  if (points.empty()) return expanded_uncertainty;
  const bool all = from > to;
  double largest = all ? 0 : std::max(expanded(from), expanded(to));
  for (const CalibrationPoint& point : points)
    if (all || (point.at >= from && point.at <= to))
      largest = std::max(largest, point.expanded_uncertainty);
  return largest;
}

std::string calibration_state(const Calibration& calibration, std::int64_t first,
                              std::int64_t last) {
  if (trim(calibration.certificate).empty()) return "no certificate given";
  const auto from = parse_date(calibration.calibrated), due = parse_date(calibration.due);
  if (!from) return "no calibration date given";
  if (!due) return "no due date given";
  if (last > *due) return "overdue";
  return first < *from ? "not yet valid" : "valid";
}

Text2 calibration_problem(const Calibration& calibration, std::string_view state) {
  if (state == "valid") return {};
  if (state == "overdue")
    return {cat("校准已于 ", calibration.due, " 到期"),
            cat("calibration overdue since ", calibration.due)};
  if (state == "not yet valid")
    return {cat("校准日期 ", calibration.calibrated, " 晚于试验日期"),
            cat("calibrated on ", calibration.calibrated, ", after the test")};
  if (state == "no certificate given")
    return {"未给出校准证书编号", "no calibration certificate is given"};
  if (state == "no calibration date given")
    return {"未给出校准日期", "no calibration date is given"};
  return {"未给出校准有效期", "no calibration due date is given"};
}

CalibratedRange read_calibrated_range(const yaml::Node& node, Problems& problems) {
  yaml::MapReader map(node, problems);
  CalibratedRange range;
  range.quantity = map.text("quantity");
  range.unit = map.unit_or("unit", Unit());
  range.low = map.number("low");
  range.high = map.number("high");
  range.resolution = map.number_or("resolution", 0);
  if (range.low > range.high || range.resolution < 0)
    map.problem("low must not be above high, and no resolution is below 0");
  read_points(map, range, problems);
  const bool of_range = range.points.empty() || map.has("U");
  if (of_range) range.expanded_uncertainty = map.number("U");
  range.coverage_factor = map.number_or("k", 2);
  if ((of_range && range.expanded_uncertainty <= 0) || range.coverage_factor <= 0)
    map.problem("U and k must be above 0");
  const yaml::Node components = map.optional("components");
  if (!components) return range;
  range.components = read_budget(map.list("components"), problems);
  if (!in_unit(range.components, range.unit))
    components.problem(problems, cat("a component in another unit than ", range.unit.code(),
                                     " wants its sensitivity"));
  return range;
}

}  // namespace carebench
