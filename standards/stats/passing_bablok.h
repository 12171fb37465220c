// Passing-Bablok regression (1983; CLSI EP09) of device y on reference x: the shifted median of the
// slopes of all pairs of points. No list of the n(n-1)/2 slopes is made: ranks of slopes are found
// by counting inversions, in O(n log n) time a step and O(n) memory; what comes out is the slope
// that sorting them all would give, to the last bit but one.
//
// Slopes of points with equal x are +infinity, of equal points none; slopes of -1 (to 12 digits)
// are left out. K = slopes below -1, N = slopes kept: slope = S((N+1)/2 + K), for even N the mean
// of S(N/2 + K) and S(N/2 + 1 + K). Interval: C = z sqrt(n(n-1)(2n+5)/18), M1 = round((N - C)/2),
// M2 = N - M1 + 1, [S(M1 + K), S(M2 + K)]; a rank that does not exist leaves its end open.
// Intercept = median of y - slope x, its bounds with the other bounds of the slope.
// Values finite. Fewer than 3 points, or no slope at all: NaN with open intervals. It assumes the
// two to rise together (a slope near 1, CLSI EP09): the caller looks at the correlation.
#pragma once

#include <span>

#include "standards/stats/regression.h"

namespace carebench::stats {

Line passing_bablok(std::span<const double> device, std::span<const double> reference,
                    double confidence = 0.95);

}  // namespace carebench::stats
