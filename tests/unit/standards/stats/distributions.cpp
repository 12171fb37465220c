#include "standards/stats/distributions.h"

#include <cmath>
#include <limits>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_distributions)

BOOST_AUTO_TEST_CASE(normal_distribution) {
  BOOST_TEST(stats::normal_cdf(0) == 0.5);
  BOOST_TEST(stats::normal_cdf(-2) == 0.022750131948179, tt::tolerance(1e-12));
  BOOST_TEST(stats::normal_cdf(1.959963984540054) == 0.975, tt::tolerance(1e-12));
  BOOST_TEST(stats::normal_cdf(-40) >= 0);
  BOOST_TEST(stats::normal_cdf(infinity) == 1);
}

BOOST_AUTO_TEST_CASE(quantiles_undo_the_distribution) {
  for (const double p : {0.0005, 0.025, 0.3, 0.5, 0.95, 0.9995}) {
    BOOST_TEST(stats::normal_cdf(stats::normal_quantile(p)) == p, tt::tolerance(1e-12));
    for (const double dof : {1.0, 2.5, 9.0, 199.0, 5000.0}) {
      BOOST_TEST(stats::t_cdf(stats::t_quantile(p, dof), dof) == p, tt::tolerance(1e-12));
      BOOST_TEST(stats::chi_squared_cdf(stats::chi_squared_quantile(p, dof), dof) == p,
                 tt::tolerance(1e-12));
      BOOST_TEST(stats::f_cdf(stats::f_quantile(p, dof, 7), dof, 7) == p, tt::tolerance(1e-12));
      BOOST_TEST(stats::beta_cdf(stats::beta_quantile(p, dof, 7), dof, 7) == p,
                 tt::tolerance(1e-12));
      for (const double ncp : {0.0, 1.96, 27.7, 138.0})
        if (dof > 3 || ncp < 2)
          BOOST_TEST(
              stats::noncentral_t_cdf(stats::noncentral_t_quantile(p, dof, ncp), dof, ncp) == p,
              tt::tolerance(1e-10));
    }
  }
}

// Two ways of computing the noncentral t meet at 1000 degrees of freedom.
BOOST_AUTO_TEST_CASE(noncentral_t_without_a_seam) {
  for (const double ncp : {1.0, 20.0, 62.0})
    for (const double p : {0.001, 0.025, 0.975, 0.999}) {
      const double below = stats::noncentral_t_quantile(p, 999.999999, ncp);
      BOOST_TEST(stats::noncentral_t_quantile(p, 1000, ncp) == below, tt::tolerance(1e-9));
      BOOST_TEST(stats::noncentral_t_cdf(below, 1000, ncp) == p, tt::tolerance(1e-8));
    }
  BOOST_TEST(stats::noncentral_t_quantile(0.975, 1e6, 0) == stats::t_quantile(0.975, 1e6),
             tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(counts) {
  BOOST_TEST(stats::binomial_cdf(-1, 10, 0.5) == 0);
  BOOST_TEST(stats::binomial_cdf(10, 10, 0.5) == 1);
  BOOST_TEST(stats::binomial_cdf(2, 4, 0.5) == 11.0 / 16, tt::tolerance(1e-14));
  for (const std::int64_t n : {1, 20, 1000, 10'000'000})
    for (const double p : {0.0, 1e-6, 0.3, 0.999, 1.0})
      for (const double probability : {0.001, 0.5, 0.999}) {
        const std::int64_t x = stats::binomial_quantile(probability, n, p);
        BOOST_TEST(stats::binomial_cdf(x, n, p) >= probability);
        BOOST_TEST((x == 0 || stats::binomial_cdf(x - 1, n, p) < probability));
      }
  BOOST_TEST(stats::poisson_cdf(2, 1.5) == std::exp(-1.5) * (1 + 1.5 + 1.125),
             tt::tolerance(1e-14));
  for (const double mean : {0.0, 0.01, 4.5, 1e6})
    for (const double probability : {0.001, 0.5, 0.999}) {
      const std::int64_t k = stats::poisson_quantile(probability, mean);
      BOOST_TEST(stats::poisson_cdf(k, mean) >= probability);
      BOOST_TEST((k == 0 || stats::poisson_cdf(k - 1, mean) < probability));
    }
}

BOOST_AUTO_TEST_CASE(outside_of_the_domain_is_no_number) {
  const double nan = std::nan("");
  for (const double x :
       {stats::normal_quantile(0), stats::normal_quantile(1), stats::normal_quantile(nan),
        stats::t_quantile(0.5, 0), stats::t_cdf(0, -1), stats::t_cdf(nan, 3),
        stats::chi_squared_quantile(1.5, 3), stats::chi_squared_cdf(nan, 3),
        stats::f_quantile(0.5, 0, 3), stats::f_cdf(1, 3, nan), stats::beta_quantile(0.5, 0, 1),
        stats::beta_cdf(nan, 1, 1), stats::noncentral_t_quantile(0.5, 3, infinity),
        stats::noncentral_t_cdf(1, -3, 0), stats::noncentral_t_cdf(nan, 3000, 0),
        stats::binomial_cdf(1, 2, 1.5), stats::poisson_cdf(1, -1)})
    BOOST_TEST(std::isnan(x));
  BOOST_TEST(stats::binomial_quantile(0, 10, 0.5) == -1);
  BOOST_TEST(stats::binomial_quantile(0.5, 10, nan) == -1);
  BOOST_TEST(stats::poisson_quantile(0.5, -1) == -1);
  BOOST_TEST(stats::t_cdf(infinity, 3) == 1);
  BOOST_TEST(stats::noncentral_t_cdf(-infinity, 3000, 1) == 0);
  BOOST_TEST(stats::chi_squared_cdf(-1, 3) == 0);
  BOOST_TEST(stats::beta_cdf(2, 1, 1) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
