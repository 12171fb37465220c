// Proportions x of n: intervals, sample sizes, and the count rule. 0 <= x <= n is asserted.
// Clopper-Pearson, whose coverage is guaranteed, is for pass or fail on a declared rate; Wilson is
// for display. n = 0: the interval is [0, 1].
#pragma once

#include <cstdint>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

// [Beta(a/2; x, n-x+1), Beta(1-a/2; x+1, n-x)]; x = 0: lower 0; x = n: upper 1.
Interval clopper_pearson(std::int64_t x, std::int64_t n, double confidence = 0.95);
// One-sided bounds, each at the full confidence.
double clopper_pearson_lower(std::int64_t x, std::int64_t n, double confidence = 0.95);
double clopper_pearson_upper(std::int64_t x, std::int64_t n, double confidence = 0.95);
// Centre (p + z^2/2n)/(1 + z^2/n), half width z sqrt(p(1-p)/n + z^2/4n^2)/(1 + z^2/n).
Interval wilson(std::int64_t x, std::int64_t n, double confidence = 0.95);

// The smallest n without a failure that claims a rate >= p: ceil(ln(1 - confidence) / ln p).
std::int64_t zero_failure_sample(double p, double confidence = 0.95);
// The smallest n with that many failures whose one-sided Clopper-Pearson lower bound is >= p.
std::int64_t sample_for_lower_bound(double p, std::int64_t failures, double confidence = 0.95);

// The count rule: "at least 95 % of n" is x >= ceil(0.95 n), of whole numbers; a rounded percentage
// is never compared (94.96 % is not 95.0 %). 95 % of 200: 190; 99 % of 600: 594.
std::int64_t required_count(double share, std::int64_t n);

}  // namespace carebench::stats
