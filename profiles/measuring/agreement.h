// How far a device's readings lie from a reference's: bias, standard deviation, RMS, MAPE and the
// largest deviation of e = device - reference, over pairs that come one by one; constant memory.
// Formulas: bias b = mean of e; s with n - 1; RMS = sqrt(mean of e^2); MAPE = mean of 100 |e| / |x|
// over the pairs with a reference x other than 0.
//
// Uncertainty (JCGM 100): the reference's own, U/k of its instrument, and half a step of either
// display, rectangular, d/(2 sqrt 3), combined in squares. It passes whole into bias and largest
// deviation, with the factor |b|/RMS (of the reference) into RMS, with the mean of 100/|x| into
// MAPE; an offset of the reference does not change s, which bears the two resolutions alone. The
// scatter of a finite sample is no part of it: bias has a t interval for that.
#pragma once

#include <cmath>

#include "profiles/context.h"
#include "profiles/measuring/pairing.h"
#include "profiles/measuring/thinned_series.h"
#include "standards/stats/moments.h"

namespace carebench {

// Standard uncertainties, in the unit of the quantity.
struct ComparisonUncertainty {
  double reference = 0;             // U/k of the instrument
  double reference_resolution = 0;  // d/(2 sqrt 3)
  double device_resolution = 0;
  double systematic() const;   // all three
  double resolutions() const;  // the last two
};
// Half a step of a display, rectangular.
double resolution_uncertainty(double step);

class Agreement {
 public:
  void add(const ReadingPair& pair) {
    const double error = pair.device - pair.reference;
    errors_.add(error);
    level_.add(error);
    if (pair.reference != 0) {
      const double share = 100 / std::abs(pair.reference);
      percent_.add(std::abs(error) * share);
      per_unit_ += share;
    } else {
      ++zeros_;
    }
    deviations_.add(pair.reference, error);
  }
  // Notes the pairs since the last call under that heading ("level 60 /min").
  void end_of_level(Context& context, std::string_view heading, Unit unit);
  std::int64_t n() const { return errors_.n(); }

  // {quantity}.bias, .sd, .rms, .mape, .max_abs, .n and the figure "deviation". With fewer than
  // `least` pairs there is no statistic: the values are no numbers, and a limit stays undecided.
  void emit(Context& context, Unit unit, const ComparisonUncertainty& uncertainty,
            std::int64_t least, const SeqRange& evidence) const;

 private:
  void draw(Context& context, Unit unit) const;
  stats::Moments errors_, level_, percent_;
  double per_unit_ = 0;
  std::int64_t zeros_ = 0;
  ThinnedSeries deviations_;
};

}  // namespace carebench
