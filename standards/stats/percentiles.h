// Percentiles by nearest rank, x_(ceil(p n)), with distribution-free intervals from order
// statistics, and the sample sizes these need. No interpolation: the estimate is always a value
// that was observed. A drop-out (an alarm that never came) is +infinity, never missing: it takes
// its rank above all others. NaN never enters. Units: those of the values.
#pragma once

#include <cstdint>
#include <span>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

// The 1-based rank ceil(p n), 0 < p <= 1, n >= 1. 0.07 of 100 is rank 7, although the product is a
// little above 7 in binary.
std::int64_t nearest_rank(std::int64_t n, double p);
// The value of that rank, of values sorted ascending. n = 0 -> NaN.
double percentile_sorted(std::span<const double> sorted, double p);

// l = qbinom(a/2, n, p), u = qbinom(1 - a/2, n, p) + 1 (1-based), coverage = P(X <= u - 1) -
// P(X <= l - 1). l = 0 or u = n + 1: that end does not exist and is infinite.
struct OrderRanks {
  std::int64_t low = 0, high = 0;
  double coverage = 0;
};
OrderRanks order_ranks(std::int64_t n, double p, double confidence = 0.95);
Interval percentile_interval(std::span<const double> sorted, double p, double confidence = 0.95);

// The smallest n whose largest value bounds the percentile p from above with one-sided confidence:
// 1 - p^n >= confidence. 95 %: 29 for P90, 59 for P95, 299 for P99.
std::int64_t sample_for_upper_bound(double p, double confidence = 0.95);
// The smallest n whose smallest and largest value hold the share `content` of the population with
// that confidence: 1 - n p^(n-1) + (n - 1) p^n >= confidence. 95 %: 46 for 90 %, 93 for 95 %.
std::int64_t sample_for_range(double content, double confidence = 0.95);

}  // namespace carebench::stats
