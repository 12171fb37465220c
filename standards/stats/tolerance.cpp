#include "standards/stats/tolerance.h"

#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "standards/stats/distributions.h"

namespace carebench::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_share(double p) { return p > 0 && p < 1; }

double normal_density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)); }

// The r with Phi(x + r) - Phi(x - r) = content, x >= 0. The left side is concave in r from where
// Newton begins, below the root.
double half_width(double x, double content) {
  double r = std::max(normal_quantile((1 + content) / 2), x + normal_quantile(content));
  for (int i = 0; i < 60; ++i) {
    const double off = normal_cdf(x + r) - normal_cdf(x - r) - content;
    const double change = off / (normal_density(x + r) + normal_density(x - r));
    r -= change;
    if (std::abs(change) <= 1e-15 * r) break;
  }
  return r;
}

// The trapezoidal rule over the mean of the sample, -9 to 9 of its standard deviations 1/sqrt(n);
// symmetric, so one half of it. The integrand is analytic: all digits are right at this step.
class Coverage {
 public:
  Coverage(std::int64_t n, double content) : dof_(static_cast<double>(n - 1)) {
    const double root = std::sqrt(static_cast<double>(n));
    for (std::size_t i = 0; i < steps; ++i) {
      const double z = static_cast<double>(i) * step;
      half_widths_[i] = half_width(z / root, content);
      weights_[i] = normal_density(z) * step * (i == 0 ? 1 : 2);
    }
  }
  // The probability that mean +- k s holds at least the content.
  double operator()(double k) const {
    double sum = 0;
    for (std::size_t i = 0; i < steps; ++i) {
      const double r = half_widths_[i] / k;
      sum += weights_[i] * (1 - chi_squared_cdf(dof_ * r * r, dof_));
    }
    return sum;
  }

 private:
  static constexpr std::size_t steps = 181;
  static constexpr double step = 0.05;
  double dof_;
  std::array<double, steps> half_widths_{}, weights_{};
};

}  // namespace

double tolerance_factor_one_sided(std::int64_t n, double content, double confidence) {
  assert(is_share(content) && is_share(confidence));
  if (n < 2) return infinity;
  const double root = std::sqrt(static_cast<double>(n));
  return noncentral_t_quantile(confidence, static_cast<double>(n - 1),
                               normal_quantile(content) * root) /
         root;
}

double tolerance_factor_two_sided(std::int64_t n, double content, double confidence) {
  assert(is_share(content) && is_share(confidence));
  if (n < 2) return infinity;
  const Coverage coverage(n, content);
  double low = tolerance_factor_howe(n, content, confidence), high = low;
  while (coverage(low) > confidence) low /= 1.1;
  while (coverage(high) < confidence) high *= 1.1;
  while (high - low > 4e-16 * high) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (coverage(middle) < confidence ? low : high) = middle;
  }
  return high;
}

double tolerance_factor_howe(std::int64_t n, double content, double confidence) {
  assert(is_share(content) && is_share(confidence));
  if (n < 2) return infinity;
  const double count = static_cast<double>(n), dof = count - 1;
  return normal_quantile((1 + content) / 2) *
         std::sqrt(dof * (1 + 1 / count) / chi_squared_quantile(1 - confidence, dof));
}

}  // namespace carebench::stats
