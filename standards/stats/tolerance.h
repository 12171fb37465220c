// Normal tolerance factors: mean + k s (one-sided) or mean +- k s (two-sided) holds the share
// `content` of the population with that confidence. n >= 2 independent values; n < 2: infinity.
#pragma once

#include <cstdint>

namespace carebench::stats {

// k1 = t'(confidence; n-1, z_content sqrt n) / sqrt n.
double tolerance_factor_one_sided(std::int64_t n, double content = 0.95, double confidence = 0.95);
// The exact two-sided factor (ISO 16269-6; Odeh): k with
//   2 sqrt(n/2pi) integral_0^inf P(chi2(n-1) >= (n-1) r(x)^2/k^2) exp(-n x^2/2) dx = confidence,
// r(x) being the root of Phi(x + r) - Phi(x - r) = content.
double tolerance_factor_two_sided(std::int64_t n, double content = 0.95, double confidence = 0.95);
// Howe's approximation: z_((1+content)/2) sqrt((n-1)(1+1/n) / chi2(1 - confidence; n-1)).
double tolerance_factor_howe(std::int64_t n, double content = 0.95, double confidence = 0.95);

}  // namespace carebench::stats
