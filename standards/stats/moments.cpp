#include "standards/stats/moments.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "standards/stats/distributions.h"

namespace carebench::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

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

double Moments::variance() const { return n_ < 2 ? 0 : m2_ / static_cast<double>(n_ - 1); }

double Moments::sd() const { return std::sqrt(variance()); }

double Moments::rms() const { return n_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(n_)); }

Interval mean_interval(std::int64_t n, double mean, double sd, double confidence) {
  assert(is_share(confidence));
  Interval out{-infinity, infinity, confidence, "t"};
  if (n < 2) return out;
  const double count = static_cast<double>(n);
  const double half = t_quantile(1 - (1 - confidence) / 2, count - 1) * sd / std::sqrt(count);
  out.low = mean - half;
  out.high = mean + half;
  return out;
}

Interval mean_interval(const Moments& m, double confidence) {
  return mean_interval(m.n(), m.mean(), m.sd(), confidence);
}

Interval sd_interval(std::int64_t n, double sd, double confidence) {
  assert(is_share(confidence));
  Interval out{0, infinity, confidence, "chi squared"};
  if (n < 2) return out;
  const double dof = static_cast<double>(n - 1), tail = (1 - confidence) / 2;
  out.low = sd * std::sqrt(dof / chi_squared_quantile(1 - tail, dof));
  out.high = sd * std::sqrt(dof / chi_squared_quantile(tail, dof));
  return out;
}

double rms_upper_factor(std::int64_t n, double confidence) {
  assert(is_share(confidence));
  if (n < 1) return infinity;
  const double count = static_cast<double>(n);
  return std::sqrt(count / chi_squared_quantile(1 - confidence, count));
}

}  // namespace carebench::stats
