// Mean, standard deviation and root mean square of values that come one by one, with the intervals
// of normal theory. Values are finite (asserted): NaN and infinities never enter a statistic.
//
//   mean  b = sum x / n
//   sd    s = sqrt(sum (x - b)^2 / (n - 1))
//   rms   sqrt(sum x^2 / n), for errors the "Arms" of ISO 80601-2-61; rms^2 = b^2 + s^2 (n - 1)/n
//
// Units: those of the values. The intervals take the values as independent: with several pairs of
// a subject they are too narrow, and bootstrap.h or anova.h gives the honest one.
#pragma once

#include <cstdint>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

// Running moments (Welford), constant memory, bit-identical for the same order of values.
class Moments {
 public:
  void add(double x);
  std::int64_t n() const { return n_; }
  double mean() const { return mean_; }
  double variance() const;  // n - 1 in the denominator; 0 for n < 2
  double sd() const;        // its root
  double rms() const;       // sqrt(mean of squares)
  double min() const { return min_; }
  double max() const { return max_; }

 private:
  std::int64_t n_ = 0;
  double mean_ = 0, m2_ = 0, squares_ = 0, min_ = 0, max_ = 0;
};

// b +- t(1 - a/2, n - 1) s/sqrt(n). Open on both ends for n < 2.
Interval mean_interval(std::int64_t n, double mean, double sd, double confidence = 0.95);
Interval mean_interval(const Moments& m, double confidence = 0.95);
// [s sqrt((n - 1)/chi2(1 - a/2, n - 1)), s sqrt((n - 1)/chi2(a/2, n - 1))]. [0, inf) for n < 2.
Interval sd_interval(std::int64_t n, double sd, double confidence = 0.95);
// What a root mean square of n independent unbiased errors is multiplied with for its one-sided
// upper bound: sqrt(n / chi2(1 - confidence, n)); 1.0902 for n = 200. Infinite for n < 1.
double rms_upper_factor(std::int64_t n, double confidence = 0.95);

}  // namespace carebench::stats
