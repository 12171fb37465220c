// Zones of all three error grids by one look-up: cells of 1 mg/dL up to 600 mg/dL, each with the
// zones that hold all over it. For a grid, cells that a line crosses or comes within 1 mg/dL of,
// and points outside of the table, are decided by the functions of error_grid.h: the table never
// decides what they would not.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "standards/stats/error_grid.h"

namespace carebench::stats {

// Sums of zones; those of parts of the pairs add up.
struct GridCounts {
  ZoneCounts clarke, parkes_1, parkes_2;
  void operator+=(const GridCounts& other);
};

class ZoneTable {
 public:
  ZoneTable();
  // Any pairs whatever: NaN and negative ones are counted somewhere, and harm nothing.
  void count(std::span<const double> device, std::span<const double> reference,
             GridCounts& into) const;

 private:
  static constexpr int side = 600;            // cells
  static constexpr std::size_t block = 2048;  // points looked up before the open ones are decided
  // What a cell holds: the zone in each grid, 3 bits each (5: decided point by point), and a flag
  // above them where one is open.
  static constexpr std::uint16_t open = 5, some_open = 512;
  static std::uint16_t field(std::uint16_t code, int grid) { return (code >> 3 * grid) & 7; }

  std::uint16_t& cell(int x, int y) { return cells_[static_cast<std::size_t>(x * side + y)]; }
  void mark(int grid, const GridPoint& a, const GridPoint& b, double margin);
  void mark_column(int grid, int column, double from, double to);
  void fill(int grid);

  std::vector<std::uint16_t> cells_;
};

}  // namespace carebench::stats
