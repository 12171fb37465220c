// Straight lines y = intercept + slope x through pairs: ordinary least squares (proportional bias)
// and Deming (method comparison, CLSI EP09). Values finite. Too few pairs or x without variance:
// NaN with open intervals.
#pragma once

#include <cstdint>
#include <span>

#include "standards/stats/icc.h"

namespace carebench::stats {

struct Line {
  std::int64_t n = 0;
  Estimate intercept, slope;  // unit of y; unit of y over that of x
};

// Least squares with t intervals, n - 2 degrees of freedom; n >= 3.
Line least_squares(std::span<const double> x, std::span<const double> y, double confidence = 0.95);

// Proportional bias of a Bland-Altman plot: errors e = y - x on the means (x + y)/2.
Line proportional_bias(std::span<const double> device, std::span<const double> reference,
                       double confidence = 0.95);

// Deming regression of device y on reference x, both with error; lambda = (error variance of
// x)/(error variance of y), 1 for orthogonal regression (CLSI EP09; Linnet 1993):
//   slope = (l syy - sxx + sqrt((l syy - sxx)^2 + 4 l sxy^2)) / (2 l sxy),
// intercept = ybar - slope xbar. Standard errors by leaving one out (jackknife, Linnet 1990),
// intervals by t with n - 2 degrees of freedom; n >= 3. NaN where x and y do not vary together.
Line deming(std::span<const double> device, std::span<const double> reference, double lambda = 1,
            double confidence = 0.95);

}  // namespace carebench::stats
