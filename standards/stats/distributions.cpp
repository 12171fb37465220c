// The only file that includes Boost.Math.
#include "standards/stats/distributions.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace carebench::stats {
namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;

// Nothing throws: what is outside of a domain is NaN, what overflows is infinite.
using Quiet =
    bp::policy<bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>,
               bp::overflow_error<bp::ignore_error>, bp::evaluation_error<bp::ignore_error>,
               bp::rounding_error<bp::ignore_error>>;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool is_share(double p) { return p > 0 && p < 1; }
bool positive(double x) { return x > 0 && std::isfinite(x); }

// The cdf of a law of all reals or of the positive ones; its infinities are no errors.
template <class Law>
double cdf_at(const Law& law, double x) {
  if (std::isnan(x)) return not_a_number;
  if (std::isinf(x)) return x > 0 ? 1 : 0;
  return bm::cdf(law, x);
}

// The smallest count that reaches `probability`, begun at a guess.
template <class Reaches>
std::int64_t smallest(std::int64_t guess, std::int64_t most, const Reaches& reaches) {
  std::int64_t x = std::clamp(guess, std::int64_t{0}, most);
  while (x < most && !reaches(x)) ++x;
  while (x > 0 && reaches(x - 1)) --x;
  return x;
}

}  // namespace

double normal_cdf(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

double normal_quantile(double p) {
  if (!is_share(p)) return not_a_number;
  return bm::quantile(bm::normal_distribution<double, Quiet>(0, 1), p);
}

double t_cdf(double t, double dof) {
  if (!positive(dof)) return not_a_number;
  return cdf_at(bm::students_t_distribution<double, Quiet>(dof), t);
}

double t_quantile(double p, double dof) {
  if (!is_share(p) || !positive(dof)) return not_a_number;
  return bm::quantile(bm::students_t_distribution<double, Quiet>(dof), p);
}

double noncentral_t_cdf(double t, double dof, double ncp) {
  if (!positive(dof) || !std::isfinite(ncp)) return not_a_number;
  return cdf_at(bm::non_central_t_distribution<double, Quiet>(dof, ncp), t);
}

double noncentral_t_quantile(double p, double dof, double ncp) {
  if (!is_share(p) || !positive(dof) || !std::isfinite(ncp)) return not_a_number;
  return bm::quantile(bm::non_central_t_distribution<double, Quiet>(dof, ncp), p);
}

double chi_squared_cdf(double x, double dof) {
  if (!positive(dof)) return not_a_number;
  return x < 0 ? 0 : cdf_at(bm::chi_squared_distribution<double, Quiet>(dof), x);
}

double chi_squared_quantile(double p, double dof) {
  if (!is_share(p) || !positive(dof)) return not_a_number;
  return bm::quantile(bm::chi_squared_distribution<double, Quiet>(dof), p);
}

double f_cdf(double x, double dof1, double dof2) {
  if (!positive(dof1) || !positive(dof2)) return not_a_number;
  return x < 0 ? 0 : cdf_at(bm::fisher_f_distribution<double, Quiet>(dof1, dof2), x);
}

double f_quantile(double p, double dof1, double dof2) {
  if (!is_share(p) || !positive(dof1) || !positive(dof2)) return not_a_number;
  return bm::quantile(bm::fisher_f_distribution<double, Quiet>(dof1, dof2), p);
}

double beta_cdf(double x, double a, double b) {
  if (!positive(a) || !positive(b) || std::isnan(x)) return not_a_number;
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  return bm::cdf(bm::beta_distribution<double, Quiet>(a, b), x);
}

double beta_quantile(double p, double a, double b) {
  if (!is_share(p) || !positive(a) || !positive(b)) return not_a_number;
  return bm::quantile(bm::beta_distribution<double, Quiet>(a, b), p);
}

double binomial_cdf(std::int64_t x, std::int64_t n, double p) {
  if (n < 0 || !(p >= 0 && p <= 1)) return not_a_number;
  if (x < 0) return 0;
  if (x >= n) return 1;
  return bm::cdf(bm::binomial_distribution<double, Quiet>(static_cast<double>(n), p),
                 static_cast<double>(x));
}

std::int64_t binomial_quantile(double probability, std::int64_t n, double p) {
  if (n < 0 || !is_share(probability) || !(p >= 0 && p <= 1)) return -1;
  if (n == 0) return 0;
  const bm::binomial_distribution<double, Quiet> law(static_cast<double>(n), p);
  const double guess = bm::quantile(law, probability);
  return smallest(std::isfinite(guess) ? static_cast<std::int64_t>(guess) : 0, n,
                  [&](std::int64_t x) { return binomial_cdf(x, n, p) >= probability; });
}

double poisson_cdf(std::int64_t k, double mean) {
  if (!(mean >= 0) || !std::isfinite(mean)) return not_a_number;
  if (k < 0) return 0;
  if (mean == 0) return 1;
  return bm::cdf(bm::poisson_distribution<double, Quiet>(mean), static_cast<double>(k));
}

std::int64_t poisson_quantile(double probability, double mean) {
  if (!is_share(probability) || !(mean >= 0) || !std::isfinite(mean)) return -1;
  if (mean == 0) return 0;
  const double guess = bm::quantile(bm::poisson_distribution<double, Quiet>(mean), probability);
  return smallest(std::isfinite(guess) ? static_cast<std::int64_t>(guess) : 0,
                  std::numeric_limits<std::int64_t>::max(),
                  [&](std::int64_t k) { return poisson_cdf(k, mean) >= probability; });
}

}  // namespace carebench::stats
