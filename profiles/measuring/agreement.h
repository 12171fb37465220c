// How far a device's readings lie from a reference's: bias, standard deviation, RMS, MAPE and the
// largest deviation of e = device - reference, over pairs that come one by one; constant memory.
// Formulas: bias b = mean of e; s with n - 1; RMS = sqrt(mean of e^2); MAPE = mean of 100 |e| / |x|
// over the pairs with a reference x other than 0.
// Their uncertainty: pair_budget.h. The scatter of a finite sample is no part of it: bias has a t
// interval for that.
#pragma once

#include <cmath>

#include "profiles/context.h"
#include "profiles/measuring/pair_budget.h"
#include "profiles/measuring/pairing.h"
#include "profiles/measuring/thinned_series.h"
#include "standards/stats/moments.h"

namespace carebench {

class Agreement {
 public:
  void add(const ReadingPair& pair) {
    const double error = pair.device - pair.reference;
    errors_.add(error);
    level_.add(error);
    if (pair.reference != 0) {
      const double share = 100 / std::abs(pair.reference);
      percent_.add(std::abs(error) * share);
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
  void emit(Context& context, Unit unit, const PairBudget& uncertainty, std::int64_t least,
            const SeqRange& evidence) const;

 private:
  void draw(Context& context, Unit unit) const;
  stats::Moments errors_, level_, percent_;
  std::int64_t zeros_ = 0;
  ThinnedSeries deviations_;
};

}  // namespace carebench
