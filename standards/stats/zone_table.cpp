#include "standards/stats/zone_table.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace carebench::stats {
namespace {

constexpr double beyond = 1e5;  // mg/dL, where a line that goes on is far outside of the table

// All lines that part zones of the Clarke grid.
constexpr std::array<std::array<GridPoint, 2>, 11> clarke_lines = {{
    {{{0, 0}, {beyond, 1.2 * beyond}}},
    {{{0, 0}, {beyond, 0.8 * beyond}}},
    {{{70, 0}, {70, beyond}}},
    {{{0, 70}, {70, 70}}},
    {{{180, 70}, {beyond, 70}}},
    {{{0, 180}, {70, 180}}},
    {{{180, 180}, {beyond, 180}}},
    {{{180, 0}, {180, 70}}},
    {{{240, 70}, {240, 180}}},
    {{{70, 180}, {beyond, beyond + 110}}},
    {{{130, 0}, {180, 70}}},
}};

constexpr int grids = 3;  // Clarke, Parkes type 1, type 2

Zone zone_of(int grid, double device, double reference) {
  if (grid == 0) return clarke_zone(device, reference);
  return parkes_zone(grid == 1 ? Parkes::type_1 : Parkes::type_2, device, reference);
}

bool near_line(int grid, double device, double reference) {
  return grid != 0 &&
         near_parkes_line(grid == 1 ? Parkes::type_1 : Parkes::type_2, device, reference);
}

void operator+=(ZoneCounts& counts, const ZoneCounts& other) {
  for (std::size_t i = 0; i < counts.count.size(); ++i) counts.count[i] += other.count[i];
  counts.near_line += other.near_line;
}

}  // namespace

void GridCounts::operator+=(const GridCounts& other) {
  clarke += other.clarke;
  parkes_1 += other.parkes_1;
  parkes_2 += other.parkes_2;
}

ZoneTable::ZoneTable() : cells_(std::size_t{side} * side) {
  constexpr double rounding = 1e-6;  // of the products in the functions that decide
  for (const auto& [a, b] : clarke_lines) mark(0, a, b, rounding);
  for (const int grid : {1, 2})
    for (const bool above : {true, false})
      for (const Zone better : {Zone::a, Zone::b, Zone::c, Zone::d}) {
        const std::span<const GridPoint> line =
            parkes_line(grid == 1 ? Parkes::type_1 : Parkes::type_2, better, above);
        for (std::size_t i = 0; i + 1 < line.size(); ++i) {
          GridPoint to = line[i + 1];
          if (i + 2 == line.size()) {  // goes on
            const double factor = beyond / (to.x - line[i].x);
            to = {line[i].x + beyond, line[i].y + factor * (to.y - line[i].y)};
          }
          mark(grid, line[i], to, 1 + rounding);
        }
      }
  for (int grid = 0; grid < grids; ++grid) fill(grid);
}

// No line parts neighbours of a column that are not marked: one decision for each run of them.
void ZoneTable::fill(int grid) {
  for (int x = 0; x < side; ++x) {
    std::uint16_t before = open;
    for (int y = 0; y < side; ++y) {
      std::uint16_t& code = cell(x, y);
      if (field(code, grid) != open) {
        if (before == open) before = static_cast<std::uint16_t>(zone_of(grid, y + 0.5, x + 0.5));
        code = static_cast<std::uint16_t>(code | before << 3 * grid);
      } else {
        before = open;
      }
    }
  }
}

// Marks all cells with a point within `margin` of the segment, and some beside them.
void ZoneTable::mark(int grid, const GridPoint& a, const GridPoint& b, double margin) {
  const int first = std::max(0, static_cast<int>(std::floor(a.x - margin)));
  const int last = std::min(side - 1, static_cast<int>(std::floor(std::min(b.x, 1e6) + margin)));
  for (int column = first; column <= last; ++column) {
    double low = std::min(a.y, b.y), high = std::max(a.y, b.y);
    if (b.x > a.x) {
      const auto at = [&](double x) {
        return a.y + (std::clamp(x, a.x, b.x) - a.x) * (b.y - a.y) / (b.x - a.x);
      };
      low = at(column - margin);
      high = at(column + 1 + margin);
    }
    mark_column(grid, column, std::min(low, high) - margin, std::max(low, high) + margin);
  }
}

void ZoneTable::mark_column(int grid, int column, double from, double to) {
  if (from >= side || to < 0) return;
  const int first = std::max(0, static_cast<int>(std::floor(from)));
  const int last = std::min(side - 1, static_cast<int>(std::floor(std::min(to, 1e6))));
  for (int row = first; row <= last; ++row) {
    std::uint16_t& code = cell(column, row);
    code = static_cast<std::uint16_t>(code | some_open | open << 3 * grid);
  }
}

void ZoneTable::count(std::span<const double> device, std::span<const double> reference,
                      GridCounts& into) const {
  assert(device.size() == reference.size());
  constexpr std::uint16_t nowhere = some_open | open | open << 3 | open << 6;
  constexpr double end = side;
  const std::array<ZoneCounts*, grids> counts = {&into.clarke, &into.parkes_1, &into.parkes_2};
  // Two of them, so that neighbours of the same cell do not wait for each other.
  std::array<std::array<std::uint32_t, 2 * some_open>, 2> seen{};
  struct Undecided {
    std::uint32_t point;
    std::uint16_t code;
  };
  std::array<Undecided, block> undecided;
  for (std::size_t begin = 0; begin < device.size(); begin += block) {
    const std::size_t size = std::min(block, device.size() - begin);
    const double *y = device.data() + begin, *x = reference.data() + begin;
    std::size_t left = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const bool inside = x[i] >= 0 && x[i] < end && y[i] >= 0 && y[i] < end;
      const int at = inside ? static_cast<int>(x[i]) * side + static_cast<int>(y[i]) : 0;
      const std::uint16_t code = inside ? cells_[static_cast<std::size_t>(at)] : nowhere;
      ++seen[i & 1][code];
      undecided[left] = {static_cast<std::uint32_t>(i), code};
      left += code >= some_open;
    }
    for (std::size_t k = 0; k < left; ++k) {
      const auto [i, code] = undecided[k];
      for (int grid = 0; grid < grids; ++grid) {
        if (field(code, grid) != open) continue;
        ZoneCounts& to = *counts[static_cast<std::size_t>(grid)];
        ++to.count[static_cast<std::size_t>(zone_of(grid, y[i], x[i]))];
        to.near_line += near_line(grid, y[i], x[i]);
      }
    }
  }
  for (std::uint16_t code = 0; code < 2 * some_open; ++code)
    for (int grid = 0; grid < grids; ++grid)
      if (field(code, grid) < open)
        counts[static_cast<std::size_t>(grid)]->count[field(code, grid)] +=
            static_cast<std::int64_t>(seen[0][code]) + seen[1][code];
}

}  // namespace carebench::stats
