#include "standards/stats/regression.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "standards/stats/distributions.h"
#include "standards/stats/moments.h"

namespace carebench::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Means and sums of squares about them.
struct Sums {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  Sums(std::span<const double> xs, std::span<const double> ys) : n(static_cast<double>(xs.size())) {
    assert(xs.size() == ys.size());
    for (std::size_t i = 0; i < xs.size(); ++i) {
      x += xs[i];
      y += ys[i];
    }
    x /= n;
    y /= n;
    for (std::size_t i = 0; i < xs.size(); ++i) {
      const double dx = xs[i] - x, dy = ys[i] - y;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  // The same sums as if that pair were not there.
  Sums without(double px, double py) const {
    Sums out = *this;
    const double dx = px - x, dy = py - y, share = n / (n - 1);
    out.n = n - 1;
    out.x = x - dx / out.n;
    out.y = y - dy / out.n;
    out.xx = xx - share * dx * dx;
    out.yy = yy - share * dy * dy;
    out.xy = xy - share * dx * dy;
    return out;
  }
};

double deming_slope(const Sums& s, double lambda) {
  const double off = lambda * s.yy - s.xx;
  const double root = std::sqrt(off * off + 4 * lambda * s.xy * s.xy);
  // The difference of nearly equal numbers is avoided.
  return off >= 0 ? (off + root) / (2 * lambda * s.xy) : 2 * s.xy / (root - off);
}

Line nothing(std::size_t n, double confidence, const char* method) {
  const Estimate open{not_a_number, {-infinity, infinity, confidence, method}};
  return {static_cast<std::int64_t>(n), open, open};
}

void set(Estimate& out, double value, double standard_error, double t) {
  out.value = value;
  out.interval.low = value - t * standard_error;
  out.interval.high = value + t * standard_error;
}

}  // namespace

Line least_squares(std::span<const double> x, std::span<const double> y, double confidence) {
  const Sums s(x, y);
  Line out = nothing(x.size(), confidence, "t");
  if (s.n < 3 || !(s.xx > 0)) return out;
  const double slope = s.xy / s.xx, intercept = s.y - slope * s.x;
  double rest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double off = (y[i] - s.y) - slope * (x[i] - s.x);
    rest += off * off;
  }
  const double variance = rest / (s.n - 2), t = t_quantile(1 - (1 - confidence) / 2, s.n - 2);
  set(out.slope, slope, std::sqrt(variance / s.xx), t);
  set(out.intercept, intercept, std::sqrt(variance * (1 / s.n + s.x * s.x / s.xx)), t);
  return out;
}

Line proportional_bias(std::span<const double> device, std::span<const double> reference,
                       double confidence) {
  assert(device.size() == reference.size());
  std::vector<double> means, errors;
  for (std::size_t i = 0; i < device.size(); ++i) {
    means.push_back(reference[i] + (device[i] - reference[i]) / 2);
    errors.push_back(device[i] - reference[i]);
  }
  return least_squares(means, errors, confidence);
}

Line deming(std::span<const double> device, std::span<const double> reference, double lambda,
            double confidence) {
  assert(lambda > 0);
  const Sums s(reference, device);
  Line out = nothing(device.size(), confidence, "jackknife t");
  if (s.n < 3 || !(s.xx > 0) || s.xy == 0) return out;
  const double slope = deming_slope(s, lambda);
  Moments slopes, intercepts;
  for (std::size_t i = 0; i < device.size(); ++i) {
    const Sums rest = s.without(reference[i], device[i]);
    const double one = deming_slope(rest, lambda);
    if (!std::isfinite(one)) return out;  // one pair alone decides the slope: there is no error
    slopes.add(one);
    intercepts.add(rest.y - one * rest.x);
  }
  const double t = t_quantile(1 - (1 - confidence) / 2, s.n - 2);
  // sqrt((n-1)/n sum (theta_i - mean)^2), from the sd of the values with one left out.
  const double factor = (s.n - 1) / std::sqrt(s.n);
  set(out.slope, slope, factor * slopes.sd(), t);
  set(out.intercept, s.y - slope * s.x, factor * intercepts.sd(), t);
  return out;
}

}  // namespace carebench::stats
