// The only file that includes Boost.Math.
#include "standards/stats.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>

namespace carebench::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::size_t index(std::int64_t rank) { return static_cast<std::size_t>(rank - 1); }

// Smallest x with P(X <= x) >= probability, as R defines qbinom.
std::int64_t binomial_quantile(double probability, std::int64_t n, double p) {
  const boost::math::binomial_distribution<double> law(static_cast<double>(n), p);
  const auto reaches = [&](std::int64_t x) {
    return boost::math::cdf(law, static_cast<double>(x)) >= probability;
  };
  auto x = static_cast<std::int64_t>(boost::math::quantile(law, probability));
  x = std::clamp(x, std::int64_t{0}, n);
  while (x < n && !reaches(x)) ++x;
  while (x > 0 && reaches(x - 1)) --x;
  return x;
}

double binomial_cdf(std::int64_t x, std::int64_t n, double p) {
  if (x < 0) return 0;
  if (x >= n) return 1;
  return boost::math::cdf(boost::math::binomial_distribution<double>(static_cast<double>(n), p),
                          static_cast<double>(x));
}

bool is_share(double p) { return p > 0 && p < 1; }

}  // namespace

void Moments::add(double x) {
  assert(std::isfinite(x));
  min_ = n_ == 0 ? x : std::min(min_, x);
  max_ = n_ == 0 ? x : std::max(max_, x);
  ++n_;
  const double delta = x - mean_;
  mean_ += delta / static_cast<double>(n_);
  m2_ += delta * (x - mean_);
  squares_ += x * x;
}

double Moments::sd() const { return n_ < 2 ? 0 : std::sqrt(m2_ / static_cast<double>(n_ - 1)); }

double Moments::rms() const { return n_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(n_)); }

double percentile_sorted(std::span<const double> sorted, double p) {
  assert(p > 0 && p <= 1);
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<std::int64_t>(sorted.size());
  // 0.07 * 100 is a little above 7 in binary, and rank 7 is meant.
  const double rank = std::ceil(p * static_cast<double>(n) * (1 - 1e-12));
  return sorted[index(std::clamp(static_cast<std::int64_t>(rank), std::int64_t{1}, n))];
}

OrderRanks order_ranks(std::int64_t n, double p, double confidence) {
  assert(n >= 0 && is_share(p) && is_share(confidence));
  if (n == 0) return {0, 1, 1};
  const double tail = (1 - confidence) / 2;
  const std::int64_t low = binomial_quantile(tail, n, p);
  const std::int64_t high = binomial_quantile(1 - tail, n, p) + 1;
  return {low, high, binomial_cdf(high - 1, n, p) - binomial_cdf(low - 1, n, p)};
}

Interval percentile_interval(std::span<const double> sorted, double p, double confidence) {
  const auto n = static_cast<std::int64_t>(sorted.size());
  const OrderRanks ranks = order_ranks(n, p, confidence);
  return {ranks.low >= 1 ? sorted[index(ranks.low)] : -infinity,
          ranks.high <= n ? sorted[index(ranks.high)] : infinity, confidence, "order statistics"};
}

Interval clopper_pearson(std::int64_t x, std::int64_t n, double confidence) {
  assert(x >= 0 && x <= n && is_share(confidence));
  using Binomial = boost::math::binomial_distribution<double>;
  const double tail = (1 - confidence) / 2, trials = static_cast<double>(n);
  Interval out{0, 1, confidence, "Clopper-Pearson"};
  if (x > 0) out.low = Binomial::find_lower_bound_on_p(trials, static_cast<double>(x), tail);
  if (x < n) out.high = Binomial::find_upper_bound_on_p(trials, static_cast<double>(x), tail);
  return out;
}

Interval poisson_rate(std::int64_t k, double exposure, double confidence) {
  assert(k >= 0 && exposure > 0 && is_share(confidence));
  const double tail = (1 - confidence) / 2, events = static_cast<double>(k);
  const auto bound = [&](double freedom, double probability) {
    return boost::math::quantile(boost::math::chi_squared_distribution<double>(freedom),
                                 probability) /
           (2 * exposure);
  };
  return {k == 0 ? 0 : bound(2 * events, tail), bound(2 * events + 2, 1 - tail), confidence,
          "exact Poisson"};
}

Interval mean_interval(const Moments& m, double confidence) {
  assert(is_share(confidence));
  Interval out{-infinity, infinity, confidence, "t"};
  if (m.n() < 2) return out;
  const double n = static_cast<double>(m.n());
  const boost::math::students_t_distribution<double> law(n - 1);
  const double half = boost::math::quantile(law, 1 - (1 - confidence) / 2) * m.sd() / std::sqrt(n);
  out.low = m.mean() - half;
  out.high = m.mean() + half;
  return out;
}

double normal_cdf(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

}  // namespace carebench::stats
