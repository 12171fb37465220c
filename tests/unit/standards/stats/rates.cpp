#include "standards/stats/rates.h"

#include <array>
#include <cmath>
#include <ostream>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

// Garwood's limits for a Poisson mean.
struct Events {
  std::int64_t k;
  double low, high;
};
std::ostream& operator<<(std::ostream& out, const Events& e) { return out << e.k << " events"; }
const std::array event_rows = {
    Events{0, 0, 3.688879},         Events{1, 0.025318, 5.571643},   Events{2, 0.242209, 7.224688},
    Events{5, 1.623486, 11.668332}, Events{10, 4.795389, 18.390356},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_rates)

BOOST_DATA_TEST_CASE(poisson_vectors, event_rows, row) {
  const Interval once = stats::poisson_rate(row.k, 1);
  BOOST_TEST(std::abs(once.low - row.low) < 5.1e-7);
  BOOST_TEST(std::abs(once.high - row.high) < 5.1e-7);
  BOOST_TEST(stats::poisson_rate(row.k, 24).high == once.high / 24, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(no_event_at_all) {
  BOOST_TEST(std::abs(stats::poisson_rate(0, 1, 0.90).high - 2.9957) < 5e-5);  // one-sided 95 %
  BOOST_TEST(stats::poisson_rate(0, 1).low == 0);
}

BOOST_AUTO_TEST_SUITE_END()
