#include "profiles/measuring/figure_limits.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

// A line of the limit: at which sides of zero it stands, and to which side the guard band lies.
struct Edge {
  double sign = 1;    // of the bound: -1 mirrors it
  double inward = 0;  // -1: allowed values lie below
  double bound = 0;   // unit of the limit
};

std::vector<Edge> edges_of(const Limit& limit, bool mirrored) {
  switch (limit.comparison) {
    case Comparison::le:
    case Comparison::lt:
      if (mirrored) return {{1, -1, limit.value}, {-1, 1, limit.value}};
      return {{1, -1, limit.value}};
    case Comparison::ge:
    case Comparison::gt:
      return {{1, 1, limit.value}};
    case Comparison::abs_le:
      return {{1, -1, limit.value}, {-1, 1, limit.value}};
    case Comparison::within:
      return {{1, 1, limit.low}, {1, -1, limit.high}};
    case Comparison::equals:
      break;
  }
  return {};
}

// Deviations convert as differences: 1 °C of error is 1 K.
std::optional<double> on_axis(double value, Unit from, const Figure& figure, char axis) {
  const auto unit = Unit::parse(axis == 'x' ? figure.x_unit : figure.y_unit);
  if (!unit) return std::nullopt;
  const bool difference =
      axis == 'y' && (figure.kind == "deviation" || figure.kind == "bland_altman");
  return difference ? from.convert_difference(value, *unit) : from.convert(value, *unit);
}

std::optional<double> width_on_axis(double width, Unit from, const Figure& figure, char axis) {
  const auto unit = Unit::parse(axis == 'x' ? figure.x_unit : figure.y_unit);
  return unit ? from.convert_difference(width, *unit) : std::nullopt;
}

Text2 named(std::string_view zh, std::string_view en, const std::string& value) {
  const std::string output = value.substr(value.rfind('.') + 1);
  return {cat(zh, " ", output), cat(en, " ", output)};
}

void straight(Figure& figure, const Figure::Shown& shown, const Limit& limit, double guard,
              Unit unit) {
  for (const Edge& edge : edges_of(limit, shown.mirrored)) {
    const auto bound = on_axis(edge.sign * edge.bound, limit.unit, figure, shown.axis);
    if (!bound || !std::isfinite(*bound)) continue;
    figure.marks.push_back(
        {named("限值", "limit", shown.value), shown.axis, *bound, "limit", std::nullopt});
    const auto width = width_on_axis(guard, unit, figure, shown.axis);
    if (guard > 0 && width)
      figure.marks.push_back({named("限值与保护带 w", "limit and guard band w", shown.value),
                              shown.axis, *bound + edge.inward * *width, "guard", std::nullopt});
  }
}

// The bound at many places over the readings; where it jumps, two places lie close together.
void over_reference(Figure& figure, const Figure::Shown& shown, const Limit& limit, double guard,
                    Unit unit) {
  constexpr int places = 400;
  double low = std::nan(""), high = low;
  for (const Figure::Series& series : figure.series)
    for (const double x : series.x) {
      if (!std::isfinite(x)) continue;
      low = std::isnan(low) ? x : std::min(low, x);
      high = std::isnan(high) ? x : std::max(high, x);
    }
  const auto x_unit = Unit::parse(figure.x_unit);
  if (std::isnan(low) || !x_unit) return;
  const std::size_t count = edges_of(limit, shown.mirrored).size();
  for (std::size_t e = 0; e < count; ++e) {
    Figure::Border bound{named("限值", "limit", shown.value), {}, {}, "limit"};
    Figure::Border band{
        named("限值与保护带 w", "limit and guard band w", shown.value), {}, {}, "guard"};
    for (int i = 0; i <= places; ++i) {
      const double x = low + (high - low) * i / places;
      const auto index = x_unit->convert(x, limit.bound->by_unit);
      const auto fixed = index ? at_index(limit, *index) : std::nullopt;
      if (!fixed) continue;
      const Edge edge = edges_of(*fixed, shown.mirrored)[e];
      const auto y = on_axis(edge.sign * edge.bound, limit.unit, figure, 'y');
      if (!y) continue;
      bound.x.push_back(x);
      bound.y.push_back(*y);
      if (const auto width = width_on_axis(guard, unit, figure, 'y'); guard > 0 && width) {
        band.x.push_back(x);
        band.y.push_back(*y + edge.inward * *width);
      }
    }
    if (!bound.x.empty()) figure.borders.push_back(std::move(bound));
    if (!band.x.empty()) figure.borders.push_back(std::move(band));
  }
}

}  // namespace

void add_limit(Figure& figure, const Figure::Shown& shown, const Limit& limit,
               std::optional<double> guard_band, Unit unit) {
  if (limit.status != LimitStatus::established || !limit.is_number() || limit.is_composite())
    return;
  const double guard = guard_band.value_or(0);
  if (!limit.bound) return straight(figure, shown, limit, guard, unit);
  const bool by_x = limit.bound->by == "reference" && figure.kind == "deviation";
  if (by_x && shown.axis == 'y') over_reference(figure, shown, limit, guard, unit);
}

void add_limits(std::span<Figure> figures, const JudgedRecord& judged, const Limit& limit,
                Unit unit) {
  for (Figure& figure : figures)
    for (const Figure::Shown& shown : figure.shows)
      if (shown.value == judged.value) add_limit(figure, shown, limit, judged.guard_band, unit);
}

}  // namespace carebench
