#include "profiles/measuring/plots.h"

#include "tests/support/boost_test.h"

namespace data = boost::unit_test::data;
using namespace carebench;

BOOST_AUTO_TEST_SUITE(profiles_plots)

namespace {

struct Scale {
  const char* unit;
  double per_mg_dl;
};
std::ostream& operator<<(std::ostream& out, const Scale& scale) { return out << scale.unit; }
const Scale scales[] = {{"mg/dL", 1}, {"mmol/L", 1 / 18.0}};

Figure::Series readings(double per_mg_dl) {
  return {{"配对读数", "pairs"}, {90 * per_mg_dl, 610 * per_mg_dl}, {95 * per_mg_dl, 40}};
}

}  // namespace

BOOST_DATA_TEST_CASE(letters_stand_in_their_zones, data::make(scales), scale) {
  const Unit unit = *Unit::parse(scale.unit);
  for (const auto type : {stats::Parkes::type_1, stats::Parkes::type_2}) {
    const Figure grid = parkes_figure(type, readings(scale.per_mg_dl), unit, scale.per_mg_dl);
    BOOST_TEST(grid.places.size() == 8u);  // A, B to E above, B to D below
    for (const Figure::Place& place : grid.places)
      BOOST_TEST(letter(parkes_zone(type, place.y / scale.per_mg_dl, place.x / scale.per_mg_dl)) ==
                 place.text.en.front());
  }
  const Figure clarke = clarke_figure(readings(scale.per_mg_dl), unit, scale.per_mg_dl);
  for (const Figure::Place& place : clarke.places)
    BOOST_TEST(letter(stats::clarke_zone(place.y / scale.per_mg_dl, place.x / scale.per_mg_dl)) ==
               place.text.en.front());
}

// Beside each border, the zones on its two sides differ.
BOOST_AUTO_TEST_CASE(borders_part_zones) {
  const Unit unit = *Unit::parse("mg/dL");
  const auto parted = [](const Figure& grid, const auto& zone) {
    for (const Figure::Border& border : grid.borders) {
      if (border.style != "zone") continue;
      for (std::size_t i = 0; i + 1 < border.x.size(); ++i) {
        const double x = (border.x[i] + border.x[i + 1]) / 2;
        const double y = (border.y[i] + border.y[i + 1]) / 2;
        const bool upright = border.x[i] == border.x[i + 1];
        const double dx = upright ? 0.5 : 0, dy = upright ? 0 : 0.5;
        BOOST_TEST((zone(y + dy, x - dx) != zone(y - dy, x + dx)),
                   grid.title.en << " at " << x << " " << y);
      }
    }
  };
  for (const auto type : {stats::Parkes::type_1, stats::Parkes::type_2})
    parted(parkes_figure(type, readings(1), unit),
           [&](double y, double x) { return parkes_zone(type, y, x); });
  parted(clarke_figure(readings(1), unit),
         [](double y, double x) { return stats::clarke_zone(y, x); });
}

BOOST_AUTO_TEST_CASE(a_bland_altman_plot_carries_its_statistics) {
  BlandAltmanData input;
  input.unit = *Unit::parse("mm[Hg]");
  input.points = {{"配对读数", "pairs"}, {100, 120}, {1, 3}};
  input.n = 900;
  input.bias = 2;
  input.bias_interval = {1.5, 2.5, 0.95, "t"};
  input.low = -6;
  input.high = 10;
  input.low_interval = Interval{-7, -5, 0.95, "Carkeet"};
  const Figure figure = bland_altman_figure(input);
  BOOST_TEST(figure.kind == "bland_altman");
  BOOST_REQUIRE(figure.marks.size() == 3u);
  BOOST_TEST(figure.marks[0].style == "mean");
  BOOST_TEST(figure.marks[0].interval->low == 1.5);
  BOOST_TEST(figure.marks[1].value == 10);
  BOOST_TEST(!figure.marks[1].interval);
  BOOST_TEST(figure.note == "n = 900; thinned to 2 points");
}

BOOST_AUTO_TEST_SUITE_END()
