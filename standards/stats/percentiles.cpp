#include "standards/stats/percentiles.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "standards/stats/distributions.h"
#include "standards/stats/proportions.h"

namespace carebench::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::size_t index(std::int64_t rank) { return static_cast<std::size_t>(rank - 1); }

bool is_share(double p) { return p > 0 && p < 1; }

}  // namespace

std::int64_t nearest_rank(std::int64_t n, double p) {
  assert(n >= 1 && p > 0 && p <= 1);
  return std::clamp(required_count(p, n), std::int64_t{1}, n);
}

double percentile_sorted(std::span<const double> sorted, double p) {
  assert(p > 0 && p <= 1);
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  return sorted[index(nearest_rank(static_cast<std::int64_t>(sorted.size()), p))];
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

std::int64_t sample_for_upper_bound(double p, double confidence) {
  return zero_failure_sample(p, confidence);  // that not all n values lie below the percentile
}

std::int64_t sample_for_range(double content, double confidence) {
  assert(is_share(content) && is_share(confidence));
  const auto holds = [&](std::int64_t count) {
    const double n = static_cast<double>(count);
    return 1 - n * std::pow(content, n - 1) + (n - 1) * std::pow(content, n) >= confidence;
  };
  std::int64_t low = 1, high = 2;  // low does not hold
  while (!holds(high)) low = high, high *= 2;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace carebench::stats
