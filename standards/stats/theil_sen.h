// Theil-Sen line: the median of the slopes of all pairs of points with different x (Sen 1968), so
// that up to 29 % of wild points do not turn it. Intercept: median of y - slope x.
//
// Interval of the slope: C = z sqrt(Var S), Var S Kendall's variance corrected for ties in x and y,
//   18 Var S = n(n-1)(2n+5) - sum t(t-1)(2t+5) over groups of equal x - the same of equal y
// bounds are the slopes of rank (N - C)/2 and (N + C)/2 + 1 of N (both rounded, 1-based); a rank
// that does not exist leaves its end open. It takes the deviations from the line as independent.
//
// All slopes are made: memory and time grow with n^2, so n is at most `theil_sen_most` (asserted);
// callers thin first and say so. Values finite. Fewer than 2 different x: NaN, open interval.
#pragma once

#include <cstddef>
#include <span>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

inline constexpr std::size_t theil_sen_most = 3000;

struct TheilSen {
  double slope = 0, intercept = 0;  // y per x; y at x = 0
  Interval interval;                // of the slope
};
TheilSen theil_sen(std::span<const double> x, std::span<const double> y, double confidence = 0.95);

}  // namespace carebench::stats
