// Cluster bootstrap: whole subjects are drawn with replacement, so that several pairs of a subject
// do not pass for independent ones. Percentile intervals by nearest rank of the replicates. The
// generator is our own and fixed, the seed is printed with the result: the same seed gives the same
// digits on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

// SplitMix64 (Steele, Lea, Flood 2014).
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint32_t below(std::uint32_t n);  // 0 … n-1, each alike (rejection); n >= 1
  double uniform();                      // [0, 1), 53 bits

 private:
  std::uint64_t state_;
};

struct BootstrapPlan {
  std::uint64_t seed = 20240901;
  std::int64_t replicates = 2000;
  double confidence = 0.95;
};

// Calls `statistic` with the numbers of the subjects drawn (as many as there are) and a span of
// `values` numbers to fill, once for each replicate. A replicate whose value is NaN counts in
// neither direction: it makes the interval open. Fewer than 2 subjects: open intervals.
using ClusterStatistic =
    std::function<void(std::span<const std::uint32_t> drawn, std::span<double> values)>;
std::vector<Interval> cluster_bootstrap(std::uint32_t subjects, std::size_t values,
                                        const ClusterStatistic& statistic,
                                        const BootstrapPlan& plan = {});

// The usual statistics of errors e = device - reference at once; O(subjects) a replicate, whatever
// the number of pairs. `subject[i]`: 0 … m-1 (asserted: same lengths).
struct ErrorIntervals {
  std::uint32_t subjects = 0;
  Interval bias, sd, rms, mae, mape;  // mape over pairs with a reference other than 0, in %
  Interval loa_low, loa_high;         // of bias -+ 1.959964 sd
};
ErrorIntervals bootstrap_errors(std::span<const double> device, std::span<const double> reference,
                                std::span<const std::uint32_t> subject,
                                const BootstrapPlan& plan = {});

}  // namespace carebench::stats
