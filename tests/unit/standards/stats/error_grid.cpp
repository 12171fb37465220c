#include "standards/stats/error_grid.h"

#include <array>
#include <cmath>
#include <ostream>
#include <vector>

#include "standards/stats/bootstrap.h"
#include "standards/stats/zone_table.h"
#include "tests/support/boost_test.h"

using namespace carebench;
using stats::Parkes;
using stats::Zone;

namespace {

struct Point {
  double reference, device;
  char clarke, type_1, type_2;
};
std::ostream& operator<<(std::ostream& out, const Point& p) {
  return out << "(" << p.reference << ", " << p.device << ")";
}
const std::array point_rows = {
    Point{100, 100, 'A', 'A', 'A'},    Point{0, 0, 'A', 'A', 'A'},
    Point{60, 69, 'A', 'A', 'A'},      Point{100, 120, 'A', 'A', 'A'},
    Point{100, 121, 'B', 'A', 'A'},    Point{100, 80, 'A', 'A', 'B'},
    Point{100, 77, 'B', 'B', 'B'},     Point{70, 180, 'E', 'C', 'C'},
    Point{180, 70, 'E', 'C', 'B'},     Point{69, 100, 'D', 'B', 'A'},
    Point{69.9, 179.9, 'D', 'C', 'C'}, Point{70, 190, 'E', 'D', 'C'},
    Point{240, 180, 'D', 'B', 'A'},    Point{239, 180, 'B', 'B', 'A'},
    Point{300, 70, 'E', 'C', 'C'},     Point{300, 71, 'D', 'C', 'C'},
    Point{100, 210, 'C', 'C', 'C'},    Point{150, 28, 'C', 'C', 'C'},
    Point{150, 28.1, 'B', 'C', 'C'},   Point{20, 300, 'E', 'E', 'E'},
    Point{400, 30, 'E', 'D', 'D'},
};

// Where the two packages place the lower C/D line of type 1 elsewhere.
struct LowerCd {
  double reference, on_line, of_the_packages;
};
std::ostream& operator<<(std::ostream& out, const LowerCd& l) { return out << l.reference; }
const std::array lower_cd_rows = {LowerCd{550, 150, 161.3}, LowerCd{400, 95, 100.7},
                                  LowerCd{850, 260, 0}};

constexpr std::array types = {Parkes::type_1, Parkes::type_2};

int number(Zone zone) { return static_cast<int>(zone); }

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_error_grid)

BOOST_DATA_TEST_CASE(zones, point_rows, row) {
  BOOST_TEST(letter(stats::clarke_zone(row.device, row.reference)) == row.clarke);
  BOOST_TEST(letter(stats::parkes_zone(Parkes::type_1, row.device, row.reference)) == row.type_1);
  BOOST_TEST(letter(stats::parkes_zone(Parkes::type_2, row.device, row.reference)) == row.type_2);
}

BOOST_DATA_TEST_CASE(lower_cd_line_of_type_1, lower_cd_rows, row) {
  const auto zone = [&](double device) {
    return letter(stats::parkes_zone(Parkes::type_1, device, row.reference));
  };
  BOOST_TEST(zone(row.on_line) == 'D');
  BOOST_TEST(zone(row.on_line - 0.01) == 'D');
  BOOST_TEST(zone(row.on_line + 0.01) == 'C');
  if (row.of_the_packages > 0) BOOST_TEST(zone(row.of_the_packages - 0.5) == 'C');
}

// Along every line, beyond its end too: the line itself and the far side are of the less
// favourable zone, a hair towards the identity is of the better one.
BOOST_DATA_TEST_CASE(lines_belong_to_the_less_favourable_zone,
                     boost::unit_test::data::xrange(std::size_t{2}), index) {
  const Parkes type = types[index];
  int lines = 0;
  for (const Zone better : {Zone::a, Zone::b, Zone::c, Zone::d})
    for (const bool above : {true, false}) {
      const auto line = stats::parkes_line(type, better, above);
      lines += !line.empty();
      for (std::size_t i = 0; i + 1 < line.size(); ++i)
        for (const double along : {0.0, 0.25, 0.5, 0.75, 1.5}) {
          if (along > 1 && i + 2 < line.size()) continue;
          const double x = line[i].x + along * (line[i + 1].x - line[i].x);
          const double y = line[i].y + along * (line[i + 1].y - line[i].y);
          const bool upright = line[i].x == line[i + 1].x;
          const double dx = upright ? (above ? 1 : -1) * 1e-6 : 0;
          const double dy = upright ? 0 : (above ? -1 : 1) * 1e-6;
          BOOST_TEST(number(stats::parkes_zone(type, y - dy, x - dx)) >= number(better) + 1);
          BOOST_TEST(number(stats::parkes_zone(type, y + dy, x + dx)) <= number(better));
          BOOST_TEST(stats::near_parkes_line(type, y, x));
        }
    }
  BOOST_TEST(lines == 7);
}

BOOST_AUTO_TEST_CASE(points_near_a_line) {
  BOOST_TEST(stats::near_parkes_line(Parkes::type_1, 51, 10));  // A/B at 50
  BOOST_TEST(!stats::near_parkes_line(Parkes::type_1, 51.1, 10));
  BOOST_TEST(stats::near_parkes_line(Parkes::type_1, 15, 49));  // upright line at 50
  BOOST_TEST(!stats::near_parkes_line(Parkes::type_1, 15, 48.9));
  BOOST_TEST(!stats::near_parkes_line(Parkes::type_1, 100, 100));
  // Beyond 550 mg/dL the line goes on: A/B lower of type 1 at x = 605 is 500.
  BOOST_TEST(stats::near_parkes_line(Parkes::type_1, 500.5, 605));
}

// Another line is never nearer than those about the zone of a point.
BOOST_DATA_TEST_CASE(near_means_any_line, boost::unit_test::data::xrange(std::size_t{2}), index) {
  const Parkes type = types[index];
  stats::Generator random(11);
  const auto by_all_lines = [&](double y, double x) {
    double nearest = 1e9;
    for (const Zone better : {Zone::a, Zone::b, Zone::c, Zone::d})
      for (const bool above : {true, false}) {
        const auto line = stats::parkes_line(type, better, above);
        for (std::size_t i = 0; i + 1 < line.size(); ++i) {
          const double dx = line[i + 1].x - line[i].x, dy = line[i + 1].y - line[i].y;
          double t = ((x - line[i].x) * dx + (y - line[i].y) * dy) / (dx * dx + dy * dy);
          t = std::max(t, 0.0);
          if (i + 2 < line.size()) t = std::min(t, 1.0);
          nearest = std::min(nearest, std::hypot(x - line[i].x - t * dx, y - line[i].y - t * dy));
        }
      }
    return nearest;
  };
  int seen = 0;
  for (int i = 0; i < 40000; ++i) {
    const double x = 600 * random.uniform(), y = 600 * random.uniform();
    const double nearest = by_all_lines(y, x);
    if (std::abs(nearest - 1) < 1e-9) continue;
    BOOST_TEST(stats::near_parkes_line(type, y, x) == (nearest < 1));
    seen += nearest < 1;
  }
  BOOST_TEST(seen > 300);
}

BOOST_AUTO_TEST_CASE(counts) {
  const std::vector<double> device = {100, 121, 180, 51}, reference = {100, 100, 70, 10};
  const stats::ZoneCounts clarke = stats::clarke_counts(device, reference);
  BOOST_TEST(clarke.n() == 4);
  BOOST_TEST((clarke.count == std::array<std::int64_t, 5>{2, 1, 0, 0, 1}));
  const stats::ZoneCounts type_1 = stats::parkes_counts(Parkes::type_1, device, reference);
  BOOST_TEST((type_1.count == std::array<std::int64_t, 5>{2, 1, 1, 0, 0}));
  BOOST_TEST(type_1.a_and_b() == 3);
  BOOST_TEST(type_1.near_line == 1);
}

// The table of the panel decides nothing that the functions would not: random points, whole
// numbers, points on every line, points outside, and what is no reading at all.
BOOST_AUTO_TEST_CASE(table_of_cells) {
  std::vector<double> x, y;
  const auto add = [&](double reference, double device) {
    x.push_back(reference);
    y.push_back(device);
  };
  stats::Generator random(2);
  for (int i = 0; i < 100000; ++i) add(700 * random.uniform(), 700 * random.uniform());
  for (int i = 0; i < 620; i += 5)
    for (int k = 0; k < 620; ++k) add(i, k);
  for (const Parkes type : types)
    for (const Zone better : {Zone::a, Zone::b, Zone::c, Zone::d})
      for (const bool above : {true, false}) {
        const auto line = stats::parkes_line(type, better, above);
        for (std::size_t i = 0; i + 1 < line.size(); ++i)
          for (int k = 0; k < 200; ++k) {
            const double t = k / 199.0;
            add(line[i].x + t * (line[i + 1].x - line[i].x),
                line[i].y + t * (line[i + 1].y - line[i].y) + (k % 3 - 1) * 1e-9);
          }
      }
  for (int i = 0; i <= 600; ++i)
    for (const double slope : {0.8, 1.2, 1.4}) add(i, slope * i - (slope == 1.4 ? 182 : 0));
  for (const double odd : {-1.0, -0.0, 1e300, 599.9999999999999, 600.0}) {
    add(odd, 100);
    add(100, odd);
  }
  stats::GridCounts found;
  stats::ZoneTable().count(y, x, found);
  BOOST_TEST((found.clarke == stats::clarke_counts(y, x)));
  BOOST_TEST((found.parkes_1 == stats::parkes_counts(Parkes::type_1, y, x)));
  BOOST_TEST((found.parkes_2 == stats::parkes_counts(Parkes::type_2, y, x)));
  const std::vector<double> none(3, std::nan(""));
  stats::ZoneTable().count(none, none, found);
  BOOST_TEST(found.clarke.n() == static_cast<std::int64_t>(x.size()) + 3);
}

BOOST_AUTO_TEST_SUITE_END()
