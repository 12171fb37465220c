#include "profiles/measuring/plots.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

using stats::GridPoint;
using stats::Zone;

// The last segment goes on to the edge of the plot.
Figure::Border line_to_edge(std::span<const GridPoint> points, double edge, double scale) {
  Figure::Border border{{}, {}, {}, "zone"};
  const auto put = [&](double x, double y) {
    border.x.push_back(x * scale);
    border.y.push_back(y * scale);
  };
  for (std::size_t i = 0; i + 1 < points.size(); ++i) put(points[i].x, points[i].y);
  if (points.size() < 2) return border;
  const GridPoint &from = points[points.size() - 2], &last = points.back();
  const double dx = last.x - from.x, dy = last.y - from.y;
  const double to_right = dx > 0 ? (edge - from.x) / dx : 1e9;
  const double to_top = dy > 0 ? (edge - from.y) / dy : 1e9;
  const double share = std::min(to_right, to_top);
  put(from.x + share * dx, from.y + share * dy);
  return border;
}

Figure grid_figure(Text2 title, Figure::Series points, Unit unit) {
  Figure figure;
  figure.kind = "error_grid";
  figure.title = std::move(title);
  figure.x_label = {"参考值", "reference"};
  figure.y_label = {"被测值", "device"};
  figure.x_unit = figure.y_unit = unit.code();
  figure.note = cat("n = ", points.x.size());
  figure.series.push_back(std::move(points));
  return figure;
}

// As far as the grid is drawn in any case, or the readings go; whole steps of 50 mg/dL.
double edge_of(const Figure::Series& points, double least, double scale) {
  double edge = least;
  for (const std::vector<double>* values : {&points.x, &points.y})
    for (const double value : *values)
      if (std::isfinite(value)) edge = std::max(edge, std::ceil(value / scale / 50) * 50);
  return std::min(edge, 5000.0);
}

void name_zone(Figure& figure, std::string letter, double x, double y, double scale) {
  figure.places.push_back({{letter, letter}, x * scale, y * scale});
}

void identity(Figure& figure, double edge, double scale) {
  figure.borders.push_back({{}, {0, edge * scale}, {0, edge * scale}, "identity"});
}

}  // namespace

Figure bland_altman_figure(BlandAltmanData data) {
  Figure figure;
  figure.kind = "bland_altman";
  figure.title = std::move(data.title);
  figure.x_label =
      data.against_reference ? Text2{"参考值", "reference"} : Text2{"两者均值", "mean of the two"};
  figure.y_label = {"被测值 − 参考值", "device − reference"};
  figure.x_unit = figure.y_unit = data.unit.code();
  figure.note = cat("n = ", data.n);
  if (const auto points = static_cast<std::int64_t>(data.points.x.size()); points < data.n)
    figure.note += cat("; thinned to ", points, " points");
  figure.series.push_back(std::move(data.points));
  const auto mark = [&](Text2 label, double value, std::string style,
                        std::optional<Interval> interval) {
    if (std::isfinite(value))
      figure.marks.push_back({std::move(label), 'y', value, std::move(style), std::move(interval)});
  };
  mark({"平均偏差", "bias"}, data.bias, "mean", data.bias_interval);
  mark({"一致性上限", "upper limit of agreement"}, data.high, "", data.high_interval);
  mark({"一致性下限", "lower limit of agreement"}, data.low, "", data.low_interval);
  return figure;
}

Figure parkes_figure(stats::Parkes type, Figure::Series points, Unit unit, double per_mg_dl) {
  const double edge = edge_of(points, 550, per_mg_dl);
  const bool first = type == stats::Parkes::type_1;
  Figure figure = grid_figure(first ? Text2{"一致性误差网格（Parkes，1 型糖尿病）",
                                            "consensus error grid (Parkes, type 1 diabetes)"}
                                    : Text2{"一致性误差网格（Parkes，2 型糖尿病）",
                                            "consensus error grid (Parkes, type 2 diabetes)"},
                              std::move(points), unit);
  for (const bool above : {true, false})
    for (const Zone better : {Zone::a, Zone::b, Zone::c, Zone::d})
      if (const auto line = stats::parkes_line(type, better, above); !line.empty())
        figure.borders.push_back(line_to_edge(line, edge, per_mg_dl));
  identity(figure, edge, per_mg_dl);

  // A letter stands at the upper or right edge, in the middle between two lines.
  const double inside = edge * 0.94;
  const auto crossing = [&](const Figure::Border& border, bool above) {
    const std::vector<double>&along = above ? border.y : border.x,
          &across = above ? border.x : border.y;
    for (std::size_t i = 0; i + 1 < along.size(); ++i)
      if (along[i] <= inside * per_mg_dl && along[i + 1] >= inside * per_mg_dl &&
          along[i] != along[i + 1])
        return (across[i] + (across[i + 1] - across[i]) * (inside * per_mg_dl - along[i]) /
                                (along[i + 1] - along[i])) /
               per_mg_dl;
    return inside;
  };
  name_zone(figure, "A", inside, edge * 0.9, per_mg_dl);
  constexpr std::size_t lines_above = 4;
  for (std::size_t i = 0; i + 1 < figure.borders.size(); ++i) {
    const bool above = i < lines_above;
    const std::size_t of_side = above ? i : i - lines_above;
    const bool last = above ? i + 1 == lines_above : i + 2 == figure.borders.size();
    const double near = crossing(figure.borders[i], above);
    const double far = last ? 0 : crossing(figure.borders[i + 1], above);
    const double middle = (near + far) / 2;
    name_zone(figure, std::string(1, static_cast<char>('B' + of_side)), above ? middle : inside,
              above ? inside : middle, per_mg_dl);
  }
  return figure;
}

Figure clarke_figure(Figure::Series points, Unit unit, double per_mg_dl) {
  const double edge = edge_of(points, 400, per_mg_dl);
  Figure figure = grid_figure({"Clarke 误差网格（参考性）", "Clarke error grid (informative)"},
                              std::move(points), unit);
  // Zone A within 20 % or both below 70; E, C and D by their corners (Clarke 1987).
  const std::array<std::vector<GridPoint>, 8> lines = {{
      {{0, 70}, {70 / 1.2, 70}, {edge / 1.2, edge}},
      {{70, 0}, {70, 56}, {edge, edge * 0.8}},
      {{70, 84}, {70, 180}, {70, edge}},
      {{0, 180}, {70, 180}, {edge - 110, edge}},
      {{130, 0}, {180, 70}},
      {{180, 0}, {180, 70}},
      {{180, 70}, {240, 70}, {edge, 70}},
      {{240, 70}, {240, 180}, {edge, 180}},
  }};
  for (const std::vector<GridPoint>& line : lines) {
    Figure::Border border{{}, {}, {}, "zone"};
    for (const GridPoint& point : line) {
      border.x.push_back(point.x * per_mg_dl);
      border.y.push_back(point.y * per_mg_dl);
    }
    figure.borders.push_back(std::move(border));
  }
  identity(figure, edge, per_mg_dl);
  const auto place = [&](std::string letter, double x, double y) {
    name_zone(figure, std::move(letter), x, y, per_mg_dl);
  };
  place("A", edge * 0.94, edge * 0.88);
  const double b = std::min(edge * 0.95, 480.0);  // from 660 mg/dL on, C borders on A
  place("B", (b / 1.2 + b - 110) / 2, b);
  place("B", edge * 0.94, edge * 0.64);
  place("C", edge * 0.4, edge * 0.95);
  place("C", 167, 22);
  place("D", 35, 125);
  place("D", edge * 0.94, 125);
  place("E", 35, edge * 0.95);
  place("E", edge * 0.94, 35);
  return figure;
}

}  // namespace carebench
