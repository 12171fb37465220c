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
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>
#include <limits>

// A series or an iteration that did not converge is no number, and not its last guess.
namespace boost::math::policies {
template <class T>
T user_evaluation_error(const char*, const char*, const T&) {
  return std::numeric_limits<T>::quiet_NaN();
}
}  // namespace boost::math::policies

namespace carebench::stats {
namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;

// Nothing throws: what is outside of a domain is NaN, what overflows is infinite.
using Quiet = bp::policy<bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>,
                         bp::overflow_error<bp::ignore_error>, bp::evaluation_error<bp::user_error>,
                         bp::rounding_error<bp::ignore_error>>;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool is_share(double p) { return p > 0 && p < 1; }
bool positive(double x) { return x > 0 && std::isfinite(x); }

}  // namespace

double normal_cdf(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

double normal_quantile(double p) {
  if (!is_share(p)) return not_a_number;
  return bm::quantile(bm::normal_distribution<double, Quiet>(0, 1), p);
}

namespace {

// The cdf of a law of all reals or of the positive ones; its infinities are no errors.
template <class Law>
double cdf_at(const Law& law, double x) {
  if (std::isnan(x)) return not_a_number;
  if (std::isinf(x)) return x > 0 ? 1 : 0;
  return bm::cdf(law, x);
}

// The smallest count up to `most` that reaches the probability, begun where a normal law has it.
template <class Cdf>
std::int64_t smallest(double probability, double mean, double sd, std::int64_t most,
                      const Cdf& cdf) {
  const double guess = std::floor(mean + normal_quantile(probability) * sd);
  std::int64_t x = std::clamp(static_cast<std::int64_t>(guess), std::int64_t{0}, most);
  while (x < most && !(cdf(x) >= probability)) ++x;
  while (x > 0 && cdf(x - 1) >= probability) --x;
  return x;
}

// P(T <= t) = E Phi(t U/sqrt(dof) - ncp), U chi distributed, and its derivative by t, for many
// degrees of freedom, where Boost's series needs millions of terms. U is then close to normal with
// a standard deviation of 0.7 about its mode, and the trapezoidal rule is exact to all digits.
struct NoncentralT {
  static constexpr double from_dof = 1000;
  double cdf = 0, density = 0;

  NoncentralT(double t, double dof, double ncp) {
    const double mode = std::sqrt(dof - 1), slope = t / std::sqrt(dof);
    const double step = 0.1 / std::max(1.0, std::abs(slope) / 4);
    const double root_half = std::sqrt(0.5), root_two_pi = std::sqrt(2 * std::acos(-1.0));
    const auto steps = static_cast<std::int64_t>(9 / step);
    double weights = 0;
    for (std::int64_t i = -steps; i <= steps; ++i) {
      const double x = static_cast<double>(i) * step / mode, u = mode * (1 + x);
      const double weight = std::exp((dof - 1) * (bm::log1pmx(x) - x * x / 2));
      const double z = slope * u - ncp;
      weights += weight;
      cdf += weight * std::erfc(-z * root_half) / 2;
      density += weight * std::exp(-z * z / 2) / root_two_pi * u / std::sqrt(dof);
    }
    cdf /= weights;
    density /= weights;
  }
};

}  // namespace

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
  if (dof >= NoncentralT::from_dof && std::isfinite(t)) return NoncentralT(t, dof, ncp).cdf;
  return cdf_at(bm::non_central_t_distribution<double, Quiet>(dof, ncp), t);
}

double noncentral_t_quantile(double p, double dof, double ncp) {
  if (!is_share(p) || !positive(dof) || !std::isfinite(ncp)) return not_a_number;
  if (dof < NoncentralT::from_dof)
    return bm::quantile(bm::non_central_t_distribution<double, Quiet>(dof, ncp), p);
  if (p > 0.5) return -noncentral_t_quantile(1 - p, dof, -ncp);  // the smaller tail has the digits
  double t = ncp + normal_quantile(p) * std::sqrt(1 + ncp * ncp / (2 * dof));
  for (int i = 0; i < 50; ++i) {  // Newton; the law is nearly normal, and the guess close
    const NoncentralT at(t, dof, ncp);
    const double change = (p - at.cdf) / at.density;
    t += change;
    if (std::abs(change) <= 1e-14 * std::max(1.0, std::abs(t))) return t;
  }
  return not_a_number;
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
  const double mean = static_cast<double>(n) * p;
  return smallest(probability, mean, std::sqrt(mean * (1 - p)), n,
                  [&](std::int64_t x) { return binomial_cdf(x, n, p); });
}

double poisson_cdf(std::int64_t k, double mean) {
  if (!(mean >= 0) || !std::isfinite(mean)) return not_a_number;
  if (k < 0) return 0;
  if (mean == 0) return 1;
  return bm::cdf(bm::poisson_distribution<double, Quiet>(mean), static_cast<double>(k));
}

std::int64_t poisson_quantile(double probability, double mean) {
  if (!is_share(probability) || !(mean >= 0) || !std::isfinite(mean)) return -1;
  return smallest(probability, mean, std::sqrt(mean), std::numeric_limits<std::int64_t>::max(),
                  [&](std::int64_t k) { return poisson_cdf(k, mean); });
}

}  // namespace carebench::stats
