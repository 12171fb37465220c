// Times that a device took, and how often it never came to an end: percentiles with
// distribution-free intervals, the largest, and the plot of their distribution. What never came
// counts as an infinite time, not as a missing one: a percentile that falls among those is
// infinite.
#pragma once

#include <string_view>
#include <vector>

#include "profiles/measuring/time_budget.h"

namespace carebench {

class Latencies {
 public:
  void add(double s, std::uint64_t first_seq, std::uint64_t last_seq) {
    seconds_.push_back(s);
    if (evidence_.first == 0) evidence_.first = first_seq;
    evidence_.last = last_seq;
  }
  void add_never() { ++never_; }
  std::int64_t n() const { return static_cast<std::int64_t>(seconds_.size()) + never_; }
  std::int64_t never() const { return never_; }
  const SeqRange& evidence() const { return evidence_; }

  // Emits each percentile and `max` (the output's name), all in s with the uncertainty of such a
  // time, and the distribution as a figure. Call once, at the end: the times are moved about.
  struct Percentile {
    std::string_view output;
    double p;
  };
  void emit(Context& context, std::span<const Percentile> percentiles, const TimeBudget& u,
            Text2 title, Text2 x_label);

 private:
  std::vector<double> seconds_;
  std::int64_t never_ = 0;
  SeqRange evidence_;
};

}  // namespace carebench
