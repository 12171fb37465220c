#include "standards/stats/weighing.h"

#include <array>
#include <cmath>
#include <ostream>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;
using stats::ScaleClass;
namespace tt = boost::test_tools;

namespace {

struct Load {
  ScaleClass scale_class;
  double load_in_e, error_in_e;
};
std::ostream& operator<<(std::ostream& out, const Load& l) { return out << l.load_in_e << " e"; }
// OIML R 76-1:2006 Table 6.
const std::array rows = {
    Load{ScaleClass::iii, 0, 0.5},      Load{ScaleClass::iii, 500, 0.5},
    Load{ScaleClass::iii, 500.5, 1},    Load{ScaleClass::iii, 2000, 1},
    Load{ScaleClass::iii, 2000.1, 1.5}, Load{ScaleClass::iii, 10000, 1.5},
    Load{ScaleClass::iiii, 50, 0.5},    Load{ScaleClass::iiii, 50.1, 1},
    Load{ScaleClass::iiii, 200, 1},     Load{ScaleClass::iiii, 200.1, 1.5},
    Load{ScaleClass::iiii, 1000, 1.5},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_weighing)

BOOST_DATA_TEST_CASE(maximum_permissible_errors, rows, row) {
  for (const double e : {0.1, 0.02, 0.05, 5.0}) {
    const double load = row.load_in_e * e;
    BOOST_TEST(stats::maximum_permissible_error(row.scale_class, load, e) == row.error_in_e * e,
               tt::tolerance(1e-15));
    BOOST_TEST(
        stats::maximum_permissible_error(row.scale_class, load, e, true) == 2 * row.error_in_e * e,
        tt::tolerance(1e-15));
  }
}

BOOST_AUTO_TEST_CASE(loads_outside_of_the_class) {
  BOOST_TEST(std::isnan(stats::maximum_permissible_error(ScaleClass::iii, 10001, 1)));
  BOOST_TEST(std::isnan(stats::maximum_permissible_error(ScaleClass::iiii, 1001, 1)));
  BOOST_TEST(std::isnan(stats::maximum_permissible_error(ScaleClass::iii, -1, 1)));
  BOOST_TEST(std::isnan(stats::maximum_permissible_error(ScaleClass::iii, 1, 0)));
  BOOST_TEST(std::isnan(stats::maximum_permissible_error(ScaleClass::iii, std::nan(""), 1)));
}

// The example of R 76-1 A.4.4.3: e = 5 g, 1 kg shows 1000 g and turns over after 1.5 g more.
BOOST_AUTO_TEST_CASE(error_from_the_change_point) {
  const double error = stats::change_point_error(1000, 5, 1.5, 1000);
  BOOST_TEST(error == 1);
  BOOST_TEST(stats::corrected_error(error, 0.5) == 0.5);
}

BOOST_AUTO_TEST_CASE(range_of_repeated_weighings) {
  BOOST_TEST(stats::weighing_range(std::vector<double>{60.1, 60.0, 60.2}) == 0.2,
             tt::tolerance(1e-12));
  BOOST_TEST(std::isnan(stats::weighing_range({})));
}

BOOST_AUTO_TEST_SUITE_END()
