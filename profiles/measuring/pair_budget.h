// The uncertainty of statistics over pairs of device and reference (JCGM 100), gathered pair by
// pair; constant memory. Influences:
// - the reference's calibration, u(x) = U/k of its certificate at each reading, fully correlated
//   between readings (one instrument, one certificate);
// - what else moves the reference and the job gives beside the certificate (drift, setting);
// - half a step of either display, rectangular;
// - pairing in time: while the reference changes by its slope (between its readings of one pair and
// the next) the
//   two are read dt apart; slope * dt is the half-width of a rectangular error, its root mean
//   square for a statistic, its largest for the largest deviation. So do the time stamps of both
//   links.
// How they come into a statistic of e = device - reference:
//   bias              as they are
//   largest           as they are, the reference's u at that reading
//   RMS               an offset by sum(e u) / (n RMS), the rest as it is
//   MAPE              by the mean of 100 u / |x|
//   SD                an offset of the reference does not change s: resolutions and pairing alone
// The scatter of a finite sample is no part of it: bias has a t interval for that.
#pragma once

#include "profiles/measuring/pairing.h"
#include "profiles/measuring/reference_instrument.h"

namespace carebench {

class PairBudget {
 public:
  struct Setup {
    Unit unit;  // of the readings
    const ReferenceInstrument* reference = nullptr;
    Budget stated = {};  // of a reference without instrument, as the profile says
    double device_step = 0, reference_step = 0;   // of the displays
    double stamp_u_s = 0;                         // of the time between both stamps
    std::string device_source, reference_source;  // where the steps are said
  };
  PairBudget() = default;
  explicit PairBudget(Setup setup) : setup_(std::move(setup)) {}

  // A pair with its error e; x is the reference as it showed, and u is taken there.
  void add(const ReadingPair& pair, double error);
  void forget();  // where the series breaks off: the next pair has no slope

  Budget bias() const;
  Budget largest() const;
  Budget sd() const;
  Budget rms(double rms) const;
  Budget mape() const;  // in %

 private:
  // Sensitivities to the certificate and to what else may offset the reference.
  Budget offsets(double calibration, double systematic) const;
  // `drift`: half-width of the pairing's error.
  void add_rest(Budget& budget, double sensitivity, double drift) const;
  double drift() const;
  double mean_u() const;

  Setup setup_;
  std::int64_t pairs_ = 0, timed_ = 0, percent_ = 0;
  double u_ = 0, expanded_ = 0, error_u_ = 0, error_ = 0, share_u_ = 0, share_ = 0;
  double largest_error_ = -1, u_of_largest_ = 0;
  double dt2_ = 0, drift2_ = 0, slope2_ = 0, largest_drift_ = 0;
  std::optional<std::pair<Stamp, double>> last_;
};

}  // namespace carebench
