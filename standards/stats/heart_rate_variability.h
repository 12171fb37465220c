// Variability of the heart rate from RR intervals in ms, as the task force of ESC and NASPE named
// the measures (1996):
//   mean RR; SDNN = standard deviation of the intervals, n - 1;
//   RMSSD = sqrt(mean of squares of differences of neighbouring intervals);
//   pNN50 = share of those differences whose amount exceeds 50 ms, in %.
// The letters NN say "between normal beats": which beats are normal is the caller's business; here
// every interval that is given counts. Differences are taken between intervals with a beat in
// common only: interrupt() says that the next interval does not follow on the last one.
//
// Intervals are finite and > 0 (asserted). SDNN of fewer than 2 intervals, RMSSD and pNN50 without
// a difference, mean without an interval: NaN.
#pragma once

#include <cstdint>
#include <optional>

#include "standards/stats/moments.h"

namespace carebench::stats {

class HeartRateVariability {
 public:
  void add(double rr_ms);
  void interrupt() { last_.reset(); }
  std::int64_t n() const { return intervals_.n(); }
  std::int64_t differences() const { return differences_; }
  double mean_rr() const;     // ms
  double heart_rate() const;  // 1/min: 60000 / mean RR
  double sdnn() const;        // ms
  double rmssd() const;       // ms
  double pnn50() const;       // %

 private:
  Moments intervals_;
  double squares_ = 0;
  std::int64_t differences_ = 0, large_ = 0;
  std::optional<double> last_;
};

}  // namespace carebench::stats
