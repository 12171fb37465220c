#include "profiles/measuring/pair_budget.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace carebench {
namespace {

Budget joined(Budget budget, const Budget& more, double sensitivity) {
  for (UncertaintyComponent one : more) {
    one.sensitivity *= sensitivity;
    budget.push_back(std::move(one));
  }
  return budget;
}

}  // namespace

void PairBudget::forget() { last_.reset(); }

void PairBudget::add(const ReadingPair& pair, double error) {
  const double x = pair.reference;
  const double u = setup_.reference ? setup_.reference->u(x) : 0;
  ++pairs_;
  u_ += u;
  expanded_ += setup_.reference ? setup_.reference->expanded(x) : 0;
  error_u_ += error * u;
  error_ += error;
  if (x != 0) {
    const double share = 100 / std::abs(x);
    ++percent_;
    share_ += share;
    share_u_ += share * u;
  }
  if (std::abs(error) > largest_error_) {
    largest_error_ = std::abs(error);
    u_of_largest_ = u;
  }
  const auto before = std::exchange(last_, {{pair.reference_at, x}});
  if (!before || pair.reference_at <= before->first) return;
  const double slope = (x - before->second) / (pair.reference_at - before->first).seconds();
  const double dt = (pair.device_at - pair.reference_at).seconds(), drift = std::abs(slope * dt);
  ++timed_;
  dt2_ += dt * dt;
  drift2_ += drift * drift;
  slope2_ += slope * slope;
  largest_drift_ = std::max(largest_drift_, drift);
}

double PairBudget::mean_u() const { return u_ / static_cast<double>(pairs_); }

double PairBudget::drift() const {
  return timed_ > 0 ? std::sqrt(drift2_ / static_cast<double>(timed_)) : 0;
}

Budget PairBudget::offsets(double calibration, double systematic) const {
  Budget out;
  if (setup_.reference && setup_.reference->known()) {
    const double mean = expanded_ / static_cast<double>(pairs_);
    out.push_back(times(setup_.reference->calibration(mean, mean_u()), calibration));
    out = joined(std::move(out), setup_.reference->components(), systematic);
  }
  return joined(std::move(out), setup_.stated, systematic);
}

void PairBudget::add_rest(Budget& budget, double sensitivity, double drift) const {
  const auto step = [&](Text2 name, double size, const std::string& source) {
    budget.push_back(times(resolution(std::move(name), size, setup_.unit, source), sensitivity));
  };
  step({"参考的分辨力", "resolution of the reference"}, setup_.reference_step,
       setup_.reference_source);
  step({"被测设备的分辨力", "resolution of the device"}, setup_.device_step, setup_.device_source);
  if (timed_ == 0) return;
  const Unit second = *Unit::parse("s");
  const double timed = static_cast<double>(timed_), dt = std::sqrt(dt2_ / timed);
  budget.push_back(times(half_width({"配对的时间差", "pairing in time"}, dt, second,
                                    Distribution::rectangular, "slope of the reference"),
                         dt > 0 ? sensitivity * drift / dt : 0));
  budget.push_back(times(standard({"两侧时间戳", "time stamps of both sides"}, setup_.stamp_u_s,
                                  second, "links, per stamp"),
                         sensitivity * std::sqrt(slope2_ / timed)));
}

Budget PairBudget::bias() const {
  Budget out = offsets(1, 1);
  add_rest(out, 1, drift());
  return out;
}

Budget PairBudget::largest() const {
  Budget out = offsets(mean_u() > 0 ? u_of_largest_ / mean_u() : 1, 1);
  add_rest(out, 1, largest_drift_);
  return out;
}

Budget PairBudget::sd() const {
  Budget out;
  add_rest(out, 1, drift());
  return out;
}

Budget PairBudget::rms(double rms) const {
  const double all = static_cast<double>(pairs_) * rms;
  // Around 0 the RMS grows by the whole offset.
  Budget out = rms == 0 ? offsets(1, 1)
                        : offsets(mean_u() > 0 ? std::abs(error_u_) / (all * mean_u()) : 0,
                                  std::abs(error_) / all);
  add_rest(out, 1, drift());
  return out;
}

Budget PairBudget::mape() const {
  const double n = static_cast<double>(percent_), per_unit = n > 0 ? share_ / n : 0;
  Budget out = offsets(mean_u() > 0 ? share_u_ / n / mean_u() : per_unit, per_unit);
  add_rest(out, per_unit, drift());
  return out;
}

}  // namespace carebench
