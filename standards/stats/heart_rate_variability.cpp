#include "standards/stats/heart_rate_variability.h"

#include <cassert>
#include <cmath>

namespace carebench::stats {

void HeartRateVariability::add(double rr_ms) {
  assert(std::isfinite(rr_ms) && rr_ms > 0);
  intervals_.add(rr_ms);
  if (last_) {
    const double difference = rr_ms - *last_;
    squares_ += difference * difference;
    ++differences_;
    if (std::abs(difference) > 50) ++large_;
  }
  last_ = rr_ms;
}

double HeartRateVariability::mean_rr() const { return n() > 0 ? intervals_.mean() : std::nan(""); }

double HeartRateVariability::heart_rate() const { return 60000 / mean_rr(); }

double HeartRateVariability::sdnn() const { return n() > 1 ? intervals_.sd() : std::nan(""); }

double HeartRateVariability::rmssd() const {
  if (differences_ == 0) return std::nan("");
  return std::sqrt(squares_ / static_cast<double>(differences_));
}

double HeartRateVariability::pnn50() const {
  if (differences_ == 0) return std::nan("");
  return 100 * static_cast<double>(large_) / static_cast<double>(differences_);
}

}  // namespace carebench::stats
