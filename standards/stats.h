// Statistics on plain numbers, each as its source defines it (see the line above each). Pure; NaN
// never enters: callers pass finite values, except percentiles, where +infinity is a drop-out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

// Running moments (Welford), constant memory, bit-identical for the same order of values.
class Moments {
 public:
  void add(double x);
  std::int64_t n() const { return n_; }
  double mean() const { return mean_; }
  double sd() const;   // n - 1 in the denominator; 0 for n < 2
  double rms() const;  // sqrt(mean of squares)
  double min() const { return min_; }
  double max() const { return max_; }

 private:
  std::int64_t n_ = 0;
  double mean_ = 0, m2_ = 0, squares_ = 0, min_ = 0, max_ = 0;
};

// Nearest rank x_(ceil(p n)), 0 < p <= 1, of values sorted ascending. n = 0 -> NaN.
double percentile_sorted(std::span<const double> sorted, double p);
// Distribution-free interval from order statistics: l = qbinom(a/2,n,p), u = qbinom(1-a/2,n,p)+1
// (1-based ranks; l = 0 or u = n+1: that end does not exist and is infinite).
struct OrderRanks {
  std::int64_t low = 0, high = 0;
  double coverage = 0;
};
OrderRanks order_ranks(std::int64_t n, double p, double confidence = 0.95);
Interval percentile_interval(std::span<const double> sorted, double p, double confidence = 0.95);
// Exact binomial interval of a proportion x/n (Clopper-Pearson).
Interval clopper_pearson(std::int64_t x, std::int64_t n, double confidence = 0.95);
// Exact Poisson interval of a rate: k events in `exposure`.
Interval poisson_rate(std::int64_t k, double exposure, double confidence = 0.95);
// Two-sided t interval of a mean.
Interval mean_interval(const Moments& m, double confidence = 0.95);
double normal_cdf(double z);

}  // namespace carebench::stats
