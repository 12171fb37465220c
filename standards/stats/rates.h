// Rates of events: k events in an exposure T (hours, user-days; > 0, asserted), exact Poisson
// (Garwood): [chi2(a/2; 2k)/2T, chi2(1-a/2; 2k+2)/2T], lower 0 for k = 0. Unit: 1/unit of T.
#pragma once

#include <cstdint>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

Interval poisson_rate(std::int64_t k, double exposure, double confidence = 0.95);
// One-sided bounds, each at the full confidence: no event at all is below 2.9957/T with 95 %.
double poisson_rate_upper(std::int64_t k, double exposure, double confidence = 0.95);
double poisson_rate_lower(std::int64_t k, double exposure, double confidence = 0.95);

}  // namespace carebench::stats
