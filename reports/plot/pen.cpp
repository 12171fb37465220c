#include "reports/plot/pen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

constexpr std::string_view ink = "#16191c";
constexpr std::array series_strokes = {
    Stroke{"curve", "#0b3d5c", "", "1.8"},    Stroke{"curve", "#8a3b00", "7 3", "1.8"},
    Stroke{"curve", "#2f5d1e", "2 3", "1.8"}, Stroke{"curve", "#5b2a6e", "9 3 2 3", "1.8"},
    Stroke{"curve", "#444444", "4 4", "1.8"}, Stroke{"curve", "#7a1f3d", "12 4", "1.8"}};
struct Style {
  std::string_view name;
  Stroke stroke;
};
constexpr std::array styles = {Style{"", {"mark", ink, "6 3", "1"}},
                               Style{"mean", {"mark", ink, "", "1.4"}},
                               Style{"limit", {"limit", ink, "", "2"}},
                               Style{"guard", {"guard", ink, "2 3", "1.6"}},
                               Style{"zone", {"zone", ink, "", "1"}},
                               Style{"identity", {"identity", "#7a8288", "1 4", "1.2"}}};

// Liang and Barsky: the part of a line that lies in the box.
std::optional<std::pair<Point, Point>> clipped(Point a, Point b, const Box& box) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  double from = 0, to = 1;
  for (const auto& [step, room] :
       {std::pair{-dx, a.x - box.left}, std::pair{dx, box.right - a.x},
        std::pair{-dy, a.y - box.top}, std::pair{dy, box.bottom - a.y}}) {
    if (step == 0) {
      if (room < 0) return std::nullopt;
      continue;
    }
    if (step < 0)
      from = std::max(from, room / step);
    else
      to = std::min(to, room / step);
  }
  if (from > to) return std::nullopt;
  return std::pair{Point{a.x + from * dx, a.y + from * dy}, Point{a.x + to * dx, a.y + to * dy}};
}

}  // namespace

const Stroke grid_stroke{"grid", "#dde2e5"}, zero_stroke{"zero", "#7a8288"},
    leader_stroke{"leader", "#7a8288"}, band_stroke{"band", "#9aa4aa", "", "0.8"};

const Stroke& series_stroke(std::size_t series) {
  return series_strokes[series % series_strokes.size()];
}

const Stroke& mark_stroke(std::string_view style) {
  for (const Style& one : styles)
    if (one.name == style) return one.stroke;
  return styles.front().stroke;
}

std::string at(double place) { return number(std::round(place * 10) / 10, 7); }

void Pen::line(Point from, Point to, const Stroke& stroke) {
  out_.leaf("line",
            {{"class", std::string(stroke.kind)},
             {"stroke", std::string(stroke.colour)},
             {"stroke-width", std::string(stroke.width)},
             {"stroke-dasharray", std::string(stroke.dash)},
             {"x1", at(from.x)},
             {"y1", at(from.y)},
             {"x2", at(to.x)},
             {"y2", at(to.y)}},
            {});
}

void Pen::path(const std::string& d, const Stroke& stroke) {
  out_.leaf("path",
            {{"class", std::string(stroke.kind)},
             {"fill", "none"},
             {"stroke-width", std::string(stroke.width)},
             {"stroke-linejoin", "round"},
             {"d", d},
             {"stroke", std::string(stroke.colour)},
             {"stroke-dasharray", std::string(stroke.dash)}},
            {});
}

void Pen::path_within(std::span<const Point> points, const Box& box, const Stroke& stroke) {
  std::string d;
  std::optional<Point> pen;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const auto part = clipped(points[i], points[i + 1], box);
    if (!part) {
      pen.reset();
      continue;
    }
    if (!pen || std::hypot(pen->x - part->first.x, pen->y - part->first.y) > 1e-6)
      d += cat("M", at(part->first.x), " ", at(part->first.y));
    d += cat("L", at(part->second.x), " ", at(part->second.y));
    pen = part->second;
  }
  if (!d.empty()) path(d, stroke);
}

void Pen::area(std::span<const Point> outline, std::string_view kind, std::string_view fill) {
  if (outline.empty()) return;
  std::string d;
  for (const Point& p : outline) d += cat(d.empty() ? "M" : "L", at(p.x), " ", at(p.y));
  out_.leaf("path",
            {{"class", std::string(kind)},
             {"fill", std::string(fill)},
             {"stroke", std::string(band_stroke.colour)},
             {"stroke-width", std::string(band_stroke.width)},
             {"d", d + "z"}},
            {});
}

void Pen::rect(const Box& box, std::string_view kind, std::string_view fill, const Stroke& stroke) {
  out_.leaf("rect",
            {{"class", std::string(kind)},
             {"fill", std::string(fill)},
             {"x", at(box.left)},
             {"y", at(box.top)},
             {"width", at(box.width())},
             {"height", at(box.height())},
             {"stroke", std::string(stroke.colour)},
             {"stroke-width", std::string(stroke.width)}},
            {});
}

void Pen::hatched(const Box& box) {
  constexpr double distance = 7;
  rect(box, "gap", "#ffffff", band_stroke);
  std::string d;
  for (double start = box.left - box.height(); start < box.right; start += distance) {
    const auto part = clipped({start, box.bottom}, {start + box.height(), box.top}, box);
    if (part)
      d += cat("M", at(part->first.x), " ", at(part->first.y), "L", at(part->second.x), " ",
               at(part->second.y));
  }
  path(d, {"hatch", band_stroke.colour, "", "0.7"});
}

void Pen::marker(Point middle, std::size_t series, double r) {
  const auto [x, y] = middle;
  std::string d;
  if (series % 4 == 0)
    d = cat("M", at(x - r), " ", at(y), "a", r, " ", r, " 0 1 0 ", 2 * r, " 0a", r, " ", r,
            " 0 1 0 ", -2 * r, " 0");
  else if (series % 4 == 1)
    d = cat("M", at(x - r), " ", at(y - r), "h", 2 * r, "v", 2 * r, "h", -2 * r, "z");
  else if (series % 4 == 2)
    d = cat("M", at(x), " ", at(y - r - 1), "l", r + 1, " ", 2 * r, "h", -2 * (r + 1), "z");
  else
    d = cat("M", at(x - r), " ", at(y - r), "l", 2 * r, " ", 2 * r, "m0 ", -2 * r, "l", -2 * r, " ",
            2 * r);
  path(d, {"point", series_stroke(series).colour, "", "1.4"});
}

void Pen::words(Point where, std::string_view text, std::string_view anchor,
                std::string_view transform, std::string_view weight) {
  out_.leaf("text",
            {{"x", at(where.x)},
             {"y", at(where.y)},
             {"text-anchor", std::string(anchor)},
             {"font-weight", std::string(weight)},
             {"transform", std::string(transform)}},
            text);
}

}  // namespace carebench::plot
