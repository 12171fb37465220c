#include "standards/stats/glucose.h"

#include <array>
#include <ostream>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;
using stats::Band;

namespace {

struct Reading {
  Band band;
  double device, reference;
  bool within;
};
std::ostream& operator<<(std::ostream& out, const Reading& r) {
  return out << r.device << " of " << r.reference;
}
const std::array rows = {
    Reading{stats::iso_15197_mg_dl, 114.9, 99.9, true},
    Reading{stats::iso_15197_mg_dl, 65, 80, true},
    Reading{stats::iso_15197_mg_dl, 64.9, 80, false},
    Reading{stats::iso_15197_mg_dl, 115, 100, true},
    Reading{stats::iso_15197_mg_dl, 115.1, 100, false},
    Reading{stats::iso_15197_mg_dl, 127.5, 150, true},
    Reading{stats::iso_15197_mg_dl, 127.4, 150, false},
    Reading{stats::iso_15197_mg_dl, 345, 300, true},
    Reading{stats::iso_15197_mmol_l, 4.37, 5.2, true},  // 0.83 below
    Reading{stats::iso_15197_mmol_l, 4.36, 5.2, false},
    Reading{stats::iso_15197_mmol_l, 6.9, 6.0, true},
    Reading{stats::iso_15197_mmol_l, 6.91, 6.0, false},
    Reading{stats::gb_19634_2005_mmol_l, 3.37, 4.2, true},
    Reading{stats::gb_19634_2005_mmol_l, 3.36, 4.2, false},
    Reading{stats::gb_19634_2005_mmol_l, 6.0, 5.0, true},
    Reading{stats::gb_19634_2005_mmol_l, 6.01, 5.0, false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_glucose)

BOOST_DATA_TEST_CASE(bands, rows, row) {
  BOOST_TEST(stats::in_band(row.band, row.device, row.reference) == row.within);
}

// Decimals whose difference is not exact in binary lie on the limit all the same.
BOOST_AUTO_TEST_CASE(limits_belong_to_the_band) {
  for (int tenths = 300; tenths < 1000; ++tenths) {
    const double reference = tenths / 10.0, device = (tenths + 150) / 10.0;
    BOOST_TEST(stats::in_band(stats::iso_15197_mg_dl, device, reference));
    BOOST_TEST(!stats::in_band(stats::iso_15197_mg_dl, (tenths + 151) / 10.0, reference));
  }
  for (int reference = 100; reference <= 500; reference += 20)
    BOOST_TEST(stats::in_band(stats::iso_15197_mg_dl, reference * 115 / 100, reference));
}

BOOST_AUTO_TEST_CASE(each_lot_by_itself) {
  const std::vector<double> device = {100, 120, 100, 50}, reference = {100, 100, 90, 80};
  const std::vector<std::uint32_t> lot = {0, 0, 2, 2};
  const stats::BandCount all = stats::count_in_band(stats::iso_15197_mg_dl, device, reference);
  BOOST_TEST(all.n == 4);
  BOOST_TEST(all.within == 2);
  const auto lots = stats::count_in_band_by_lot(stats::iso_15197_mg_dl, device, reference, lot);
  BOOST_TEST(lots.size() == 3);
  BOOST_TEST(lots[0].n == 2);
  BOOST_TEST(lots[0].within == 1);
  BOOST_TEST(lots[1].n == 0);
  BOOST_TEST(lots[2].within == 1);
}

BOOST_AUTO_TEST_SUITE_END()
