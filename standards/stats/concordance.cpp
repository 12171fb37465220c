#include "standards/stats/concordance.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "standards/stats/distributions.h"

namespace carebench::stats {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Means and sums of squares about them.
struct Sums {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
};

Sums sums_of(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  Sums out{static_cast<double>(x.size())};
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.x += x[i];
    out.y += y[i];
  }
  out.x /= out.n;
  out.y /= out.n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - out.x, dy = y[i] - out.y;
    out.xx += dx * dx;
    out.yy += dy * dy;
    out.xy += dx * dy;
  }
  return out;
}

// tanh(atanh(value) -+ z se); the whole range where that is no number, the point where it is 1.
Interval fisher(double value, double variance, double confidence) {
  Interval out{-1, 1, confidence, "Fisher z"};
  if (std::abs(value) >= 1) out.low = out.high = value;
  if (std::abs(value) >= 1 || !(variance >= 0)) return out;
  const double half = normal_quantile(1 - (1 - confidence) / 2) * std::sqrt(variance);
  out.low = std::tanh(std::atanh(value) - half);
  out.high = std::tanh(std::atanh(value) + half);
  return out;
}

bool too_few(const Sums& s) { return s.n < 3 || !(s.xx > 0) || !(s.yy > 0); }

double correlation_of(const Sums& s) {
  return std::clamp(s.xy / (std::sqrt(s.xx) * std::sqrt(s.yy)), -1.0, 1.0);
}

}  // namespace

Estimate correlation(std::span<const double> x, std::span<const double> y, double confidence) {
  const Sums s = sums_of(x, y);
  Estimate out{not_a_number, {-1, 1, confidence, "Fisher z"}};
  if (too_few(s)) return out;
  out.value = correlation_of(s);
  if (s.n >= 4) out.interval = fisher(out.value, 1 / (s.n - 3), confidence);
  return out;
}

Estimate concordance(std::span<const double> x, std::span<const double> y, Denominator denominator,
                     double confidence) {
  const Sums s = sums_of(x, y);
  Estimate out{not_a_number, {-1, 1, confidence, "Fisher z"}};
  if (too_few(s)) return out;
  const double count = denominator == Denominator::lin ? s.n : s.n - 1;
  const double off2 = (s.x - s.y) * (s.x - s.y);
  const double c = 2 * s.xy / (s.xx + s.yy + count * off2);
  out.value = c;
  if (s.n < 4) return out;
  const double r = correlation_of(s), u2 = count * off2 / (std::sqrt(s.xx) * std::sqrt(s.yy));
  const double rest = 1 - c * c;
  const double variance =
      ((1 - r * r) * c * c / (rest * r * r) + 2 * c * c * c * (1 - c) * u2 / (r * rest * rest) -
       c * c * c * c * u2 * u2 / (2 * r * r * rest * rest)) /
      (s.n - 2);
  out.interval = fisher(c, variance, confidence);
  return out;
}

}  // namespace carebench::stats
