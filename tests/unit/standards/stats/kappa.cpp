#include "standards/stats/kappa.h"

#include <cmath>
#include <ostream>

#include "tests/support/boost_test.h"

namespace data = boost::unit_test::data;
using namespace carebench;
using namespace carebench::stats;

BOOST_AUTO_TEST_SUITE(standards_stats_kappa)

namespace {

AgreementTable table_of(std::vector<std::vector<std::int64_t>> rows) {
  AgreementTable table(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows.size(); ++j) table.add(i, j, rows[i][j]);
  return table;
}

struct Known {
  std::vector<std::vector<std::int64_t>> rows;
  double kappa, standard_error;
};
std::ostream& operator<<(std::ostream& out, const Known& k) { return out << k.kappa; }
// The standard errors are the delta method of multinomial counts, differentiated numerically.
const Known known[] = {
    {{{20, 5}, {10, 15}}, 0.4, 0.12699606293905336},
    {{{44, 5, 1}, {7, 20, 3}, {9, 5, 6}}, 0.49152542372881347, 0.07212745929614807},
    {{{90, 10, 0, 3}, {5, 200, 12, 1}, {0, 20, 80, 2}, {2, 1, 3, 60}},
     0.8248546070444253,
     0.02150067699518401},
};

}  // namespace

BOOST_DATA_TEST_CASE(kappa_and_its_standard_error, data::make(known), one) {
  const Kappa kappa = cohen_kappa(table_of(one.rows));
  BOOST_TEST(kappa.value == one.kappa, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(kappa.standard_error == one.standard_error, boost::test_tools::tolerance(1e-7));
  BOOST_TEST(
      kappa.interval.high - kappa.interval.low == 2 * 1.959963984540054 * kappa.standard_error,
      boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(full_agreement_and_a_class_never_given) {
  const Kappa full = cohen_kappa(table_of({{5, 0, 0}, {0, 7, 0}, {0, 0, 0}}));
  BOOST_TEST(full.value == 1);
  BOOST_TEST(full.standard_error == 0);
  BOOST_TEST(cohen_kappa(table_of({{0, 5}, {5, 0}})).value == -1);
}

BOOST_AUTO_TEST_CASE(where_chance_explains_all_there_is_no_kappa) {
  for (const auto& rows : {std::vector<std::vector<std::int64_t>>{{0, 0}, {0, 0}},
                           std::vector<std::vector<std::int64_t>>{{12, 0}, {0, 0}}}) {
    const Kappa kappa = cohen_kappa(table_of(rows));
    BOOST_TEST(std::isnan(kappa.value));
    BOOST_TEST(std::isinf(kappa.interval.low));
    BOOST_TEST(std::isinf(kappa.interval.high));
  }
}

BOOST_AUTO_TEST_CASE(sums_of_the_table) {
  const AgreementTable table = table_of({{44, 5, 1}, {7, 20, 3}, {9, 5, 6}});
  BOOST_TEST(table.n() == 100);
  BOOST_TEST(table.agreed() == 70);
  BOOST_TEST(table.of_reference(1) == 30);
  BOOST_TEST(table.of_device(0) == 60);
}

BOOST_AUTO_TEST_SUITE_END()
