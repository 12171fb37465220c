#include "standards/stats/error_grid.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace carebench::stats {
namespace {

// One line of the consensus grid: vertices from the axis outward; the last segment goes on.
struct Polyline {
  std::array<GridPoint, 5> points{};
  std::size_t size = 0;
};

// Upper lines A/B … D/E, lower lines A/B … C/D (there is no lower D/E).
struct Grid {
  std::array<Polyline, 4> above;
  std::array<Polyline, 3> below;
};

constexpr Grid type_1 = {{{{{{{0, 50}, {30, 50}, {140, 170}, {280, 380}, {430, 550}}}, 5},
                           {{{{0, 60}, {30, 60}, {50, 80}, {70, 110}, {260, 550}}}, 5},
                           {{{{0, 100}, {25, 100}, {50, 125}, {80, 215}, {125, 550}}}, 5},
                           {{{{0, 150}, {35, 155}, {50, 550}}}, 3}}},
                         {{{{{{50, 0}, {50, 30}, {170, 145}, {385, 300}, {550, 450}}}, 5},
                           {{{{120, 0}, {120, 30}, {260, 130}, {550, 250}}}, 4},
                           {{{{250, 0}, {250, 40}, {550, 150}}}, 3}}}};

constexpr Grid type_2 = {{{{{{{0, 50}, {30, 50}, {230, 330}, {440, 550}}}, 4},
                           {{{{0, 60}, {30, 60}, {280, 550}}}, 3},
                           {{{{0, 80}, {25, 80}, {35, 90}, {125, 550}}}, 4},
                           {{{{0, 200}, {35, 200}, {50, 550}}}, 3}}},
                         {{{{{{50, 0}, {50, 30}, {90, 80}, {330, 230}, {550, 450}}}, 5},
                           {{{{90, 0}, {260, 130}, {550, 250}}}, 3},
                           {{{{250, 0}, {250, 40}, {410, 110}, {550, 160}}}, 4}}}};

constexpr const Grid& grid_of(Parkes type) { return type == Parkes::type_1 ? type_1 : type_2; }

// > 0: the point lies above the line through a and b (a.x < b.x); exact for whole mg/dL.
constexpr double side(const GridPoint& a, const GridPoint& b, double x, double y) {
  return (y - a.y) * (b.x - a.x) - (x - a.x) * (b.y - a.y);
}

// The segment that spans x; the last one beyond the end.
constexpr std::size_t segment(const Polyline& line, double x) {
  std::size_t i = 0;
  while (i + 2 < line.size && x > line.points[i + 1].x) ++i;
  return i;
}

constexpr bool on_or_above(const Polyline& line, double x, double y) {
  const std::size_t i = segment(line, x);
  return side(line.points[i], line.points[i + 1], x, y) >= 0;
}

// Lower lines begin on the x axis, most of them upright: left of it nothing is below the line.
constexpr bool on_or_below(const Polyline& line, double x, double y) {
  const GridPoint &foot = line.points[0], &knee = line.points[1];
  if (x < foot.x) return false;
  if (x == foot.x) return y <= (knee.x == foot.x ? knee.y : foot.y);
  const std::size_t i = segment(line, x);
  return side(line.points[i], line.points[i + 1], x, y) <= 0;
}

// Is the point within 1 mg/dL of the segment, or of the ray that goes on beyond b?
bool near(const GridPoint& a, const GridPoint& b, bool ray, double x, double y) {
  if (x < a.x - 1 || (!ray && x > b.x + 1)) return false;
  const double dx = b.x - a.x, dy = b.y - a.y, px = x - a.x, py = y - a.y;
  const double along = px * dx + py * dy, length2 = dx * dx + dy * dy;
  if (along <= 0) return px * px + py * py <= 1;
  if (!ray && along >= length2) return (x - b.x) * (x - b.x) + (y - b.y) * (y - b.y) <= 1;
  const double across = px * dy - py * dx;
  return across * across <= length2;
}

bool near(const Polyline& line, double x, double y) {
  for (std::size_t i = 0; i + 1 < line.size; ++i)
    if (near(line.points[i], line.points[i + 1], i + 2 == line.size, x, y)) return true;
  return false;
}

// How many of the lines, the nearest to the identity first, the point lies on or beyond.
template <std::size_t n, class Beyond>
std::size_t beyond(const std::array<Polyline, n>& lines, const Beyond& is_beyond, double x,
                   double y) {
  std::size_t count = 0;
  while (count < n && is_beyond(lines[count], x, y)) ++count;
  return count;
}

// The lines of one side that bound the zone beyond `count` of them.
template <std::size_t n>
bool near_bounds(const std::array<Polyline, n>& lines, std::size_t count, double x, double y) {
  return (count > 0 && near(lines[count - 1], x, y)) || (count < n && near(lines[count], x, y));
}

}  // namespace

Zone parkes_zone(Parkes type, double device, double reference) {
  const Grid& grid = grid_of(type);
  const std::size_t above = beyond(grid.above, on_or_above, reference, device);
  return static_cast<Zone>(std::max(above, beyond(grid.below, on_or_below, reference, device)));
}

// Another line than those about its zone is further off.
bool near_parkes_line(Parkes type, double device, double reference) {
  const Grid& grid = grid_of(type);
  const double x = reference, y = device;
  return near_bounds(grid.above, beyond(grid.above, on_or_above, x, y), x, y) ||
         near_bounds(grid.below, beyond(grid.below, on_or_below, x, y), x, y);
}

Zone clarke_zone(double device, double reference) {
  const double x = reference, y = device;
  if (5 * std::abs(y - x) <= x || (x < 70 && y < 70)) return Zone::a;
  if ((x <= 70 && y >= 180) || (x >= 180 && y <= 70)) return Zone::e;
  if ((x >= 70 && y >= x + 110) || (x >= 130 && x <= 180 && 5 * y <= 7 * x - 910)) return Zone::c;
  if (y >= 70 && y <= 180 && (x >= 240 || x < 70)) return Zone::d;
  return Zone::b;
}

ZoneCounts parkes_counts(Parkes type, std::span<const double> device,
                         std::span<const double> reference) {
  assert(device.size() == reference.size());
  ZoneCounts out;
  for (std::size_t i = 0; i < device.size(); ++i) {
    ++out.count[static_cast<std::size_t>(parkes_zone(type, device[i], reference[i]))];
    out.near_line += near_parkes_line(type, device[i], reference[i]);
  }
  return out;
}

ZoneCounts clarke_counts(std::span<const double> device, std::span<const double> reference) {
  assert(device.size() == reference.size());
  ZoneCounts out;
  for (std::size_t i = 0; i < device.size(); ++i)
    ++out.count[static_cast<std::size_t>(clarke_zone(device[i], reference[i]))];
  return out;
}

std::span<const GridPoint> parkes_line(Parkes type, Zone better, bool above) {
  const Grid& grid = grid_of(type);
  const auto index = static_cast<std::size_t>(better);
  if (index >= (above ? grid.above.size() : grid.below.size())) return {};
  const Polyline& line = above ? grid.above[index] : grid.below[index];
  return std::span(line.points).first(line.size);
}

}  // namespace carebench::stats
