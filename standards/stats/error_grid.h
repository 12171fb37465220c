// Error grids of blood glucose, in mg/dL, reference x and device y, both finite and >= 0.
//
// Consensus grid (Parkes; vertices as Pfützner et al. 2013 list them), types 1 and 2; the last
// segment of a line goes on beyond 550 mg/dL. ISO 15197:2013 6.3.3 b) judges type 1. Who owns a
// line is not published: here the less favourable zone does. (R ega 2.0.0 and Python methcomp begin
// the lower C/D line of type 1 at (410,110); it begins at (250,0)-(250,40).)
//
// Clarke grid (1987), informative: no standard has a limit for it.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <span>

namespace carebench::stats {

enum class Zone : std::uint8_t { a, b, c, d, e };
inline char letter(Zone zone) { return static_cast<char>('A' + static_cast<int>(zone)); }

enum class Parkes : std::uint8_t { type_1, type_2 };
Zone parkes_zone(Parkes type, double device, double reference);
// Is the point within 1 mg/dL (Euclid) of a line of the grid? The number of these is reported.
bool near_parkes_line(Parkes type, double device, double reference);

Zone clarke_zone(double device, double reference);

struct ZoneCounts {
  std::array<std::int64_t, 5> count{};  // A … E
  std::int64_t near_line = 0;           // Parkes only
  std::int64_t n() const { return std::accumulate(count.begin(), count.end(), std::int64_t{0}); }
  std::int64_t a_and_b() const { return count[0] + count[1]; }
  bool operator==(const ZoneCounts&) const = default;
};
ZoneCounts parkes_counts(Parkes type, std::span<const double> device,
                         std::span<const double> reference);
ZoneCounts clarke_counts(std::span<const double> device, std::span<const double> reference);

struct GridPoint {
  double x = 0, y = 0;  // reference, device
  bool operator==(const GridPoint&) const = default;
};
// The line of the consensus grid that parts `better` from the next zone, above or below the
// identity; at most 5 vertices, for plots and tests. Empty where the grid has none (lower D/E).
std::span<const GridPoint> parkes_line(Parkes type, Zone better, bool above);

}  // namespace carebench::stats
