// Heart beats as lists of times, and how two such lists compare. Pure. Times in s, ascending.
//
// Beats of device and reference match beat by beat as EC57 has it (ANSI/AAMI EC57:2012; IEC
// 60601-2-47:2012 201.12.1.101): one to one within a window, 150 ms there; here each must be the
// other's nearest (pairing.h). The first minutes, 5 there, are for the device to learn and are not
// scored. QRS sensitivity = TP / (TP + FN), positive predictivity = TP / (TP + FP). EC57 sets no
// limit for them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "standards/stats/heart_rate_variability.h"

namespace carebench {

struct BeatList {
  std::vector<double> time_s;
  // Numbers of beats before which something is missing: the interval that ends there is none.
  std::vector<std::size_t> breaks;
};

// Puts beats in a list from RR intervals that come in messages, each message's last beat being
// about its time of arrival. The intervals count, not the arrivals, as long as the two stay within
// three seconds of each other; else something was lost, and the list goes on at the arrival.
class RrClock {
 public:
  explicit RrClock(BeatList& list) : list_(list) {}
  void take(double arrival_s, std::span<const double> rr_s);
  std::int64_t resets() const { return resets_; }

 private:
  BeatList& list_;
  std::int64_t resets_ = 0;
};

struct BeatScoring {
  double window_s = 0.150;
  double learning_s = 300;
  double lag_search_s = 0;   // 0: times are compared as they are
  double longest_rr_s = 3;   // a longer interval is a pause or a loss, and no RR interval
  double observed_s = 1e18;  // scored up to the last beat of the reference, and no longer than this
};

struct BeatComparison {
  double lag_s = 0;  // > 0: the device is behind; already taken off
  bool lag_at_the_edge = false;
  std::int64_t reference = 0, matched = 0, missed = 0, extra = 0;
  std::int64_t unscored = 0;  // beats of the device after the reference's last
  stats::HeartRateVariability device_rr, reference_rr;
  // Differences (device - reference) of RR intervals whose both beats match both of the reference.
  std::int64_t rr_pairs = 0;
  double rr_rms_ms = 0;  // NaN without a pair
  // For a plot: beat times (s) and the RR interval (ms) that ends there, NaN where there is none.
  std::vector<double> device_x, device_y, reference_x, reference_y;
};
BeatComparison compare_beats(const BeatList& device, const BeatList& reference,
                             const BeatScoring& scoring);

// The lag within +-most at which most beats lie within the window of each other, refined to the
// median of their differences; of equally good ones the smallest.
double beat_lag(std::span<const double> device, std::span<const double> reference, double window_s,
                double most_s);

}  // namespace carebench
