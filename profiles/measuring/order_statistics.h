// Percentiles of many samples at 8 octets each. Ranks are put in their place as they are asked for
// (nth_element between the ranks that are there already), which for a handful of percentiles costs
// a fraction of sorting. Samples that never came (drop-outs, missing answers) stand above all
// others as +infinity. Estimator and intervals are those of standards/stats/percentiles.h: nearest
// rank, order statistics.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "standards/vocab/run_record.h"

namespace carebench {

class OrderStatistics {
 public:
  // `values` are finite; `infinite` more never came.
  explicit OrderStatistics(std::vector<double> values, std::int64_t infinite = 0);
  std::int64_t n() const { return static_cast<std::int64_t>(values_.size()) + infinite_; }

  double percentile(double p);  // NaN for n = 0
  Interval percentile_interval(double p, double confidence = 0.95);
  double max();
  // The distribution function in at most `most` steps (at least 2): x value, y share of all samples
  // up to it. Never reaches 1 where samples are infinite.
  Figure::Series distribution(Text2 name, std::size_t most = 200);

 private:
  double at_rank(std::int64_t rank);  // 1-based
  void place(std::size_t first, std::size_t last, std::span<const std::size_t> indexes);

  std::vector<double> values_;
  std::int64_t infinite_;
  bool sorted_ = false;
  std::set<std::size_t> placed_;  // indexes whose value stands where it would when sorted
};

}  // namespace carebench
