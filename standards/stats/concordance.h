// Correlation (Pearson's r) and concordance (Lin's CCC) of pairs, with their intervals.
//   CCC = 2 sxy / (sx^2 + sy^2 + (xbar - ybar)^2), variances with 1/n as Lin 1989 (`lin`), or with
//   1/(n-1) (`sample`), which differ: the report states which.
// Intervals by Fisher's z: r with 1/sqrt(n-3); CCC with the variance of Lin 1989 as corrected in
// 2000. n < 3 or a column without variance: NaN; n < 4: the interval is [-1, 1].
#pragma once

#include <span>

#include "standards/stats/icc.h"

namespace carebench::stats {

enum class Denominator { lin, sample };

Estimate correlation(std::span<const double> x, std::span<const double> y,
                     double confidence = 0.95);
Estimate concordance(std::span<const double> x, std::span<const double> y,
                     Denominator denominator = Denominator::lin, double confidence = 0.95);

}  // namespace carebench::stats
