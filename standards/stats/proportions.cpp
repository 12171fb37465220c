#include "standards/stats/proportions.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "standards/stats/distributions.h"

namespace carebench::stats {
namespace {

bool is_share(double p) { return p > 0 && p < 1; }

}  // namespace

double clopper_pearson_lower(std::int64_t x, std::int64_t n, double confidence) {
  assert(x >= 0 && x <= n && is_share(confidence));
  if (x == 0) return 0;
  return beta_quantile(1 - confidence, static_cast<double>(x), static_cast<double>(n - x + 1));
}

double clopper_pearson_upper(std::int64_t x, std::int64_t n, double confidence) {
  assert(x >= 0 && x <= n && is_share(confidence));
  if (x == n) return 1;
  return beta_quantile(confidence, static_cast<double>(x + 1), static_cast<double>(n - x));
}

Interval clopper_pearson(std::int64_t x, std::int64_t n, double confidence) {
  const double one_sided = 1 - (1 - confidence) / 2;
  return {clopper_pearson_lower(x, n, one_sided), clopper_pearson_upper(x, n, one_sided),
          confidence, "Clopper-Pearson"};
}

Interval wilson(std::int64_t x, std::int64_t n, double confidence) {
  assert(x >= 0 && x <= n && is_share(confidence));
  Interval out{0, 1, confidence, "Wilson"};
  if (n == 0) return out;
  const double count = static_cast<double>(n), p = static_cast<double>(x) / count;
  const double z = normal_quantile(1 - (1 - confidence) / 2), z2 = z * z / count;
  const double centre = (p + z2 / 2) / (1 + z2);
  const double half = z * std::sqrt((p * (1 - p) + z2 / 4) / count) / (1 + z2);
  if (x > 0) out.low = std::max(0.0, centre - half);
  if (x < n) out.high = std::min(1.0, centre + half);
  return out;
}

std::int64_t zero_failure_sample(double p, double confidence) {
  return sample_for_lower_bound(p, 0, confidence);
}

std::int64_t sample_for_lower_bound(double p, std::int64_t failures, double confidence) {
  assert(is_share(p) && failures >= 0 && is_share(confidence));
  // The bound reaches p when so few failures have a probability of at most 1 - confidence at p.
  // The rounding of 1 - p is in both: 0.95^59 is no borderline case.
  const auto reaches = [&](std::int64_t n) {
    return binomial_cdf(failures, n, 1 - p) <= 1 - confidence;
  };
  std::int64_t low = failures, high = failures + 1;  // low does not reach it
  while (!reaches(high)) low = high, high *= 2;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (reaches(middle) ? high : low) = middle;
  }
  return high;
}

std::int64_t required_count(double share, std::int64_t n) {
  assert(share >= 0 && share <= 1 && n >= 0);
  // 0.07 * 100 is a little above 7 in binary, and 7 is meant.
  return static_cast<std::int64_t>(std::ceil(share * static_cast<double>(n) * (1 - 1e-12)));
}

}  // namespace carebench::stats
