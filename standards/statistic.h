// The statistics that a limit may be about: a controlled vocabulary, so that a tool can compute
// what a limit asks. A limit that names another is refused. e = device - reference throughout;
// formulas: facts of standards/stats.
//
// Of paired data, in the unit of the quantity:
//   bias, sd (n - 1), sm (ISO 81060-2: SD of the subjects' mean errors about the pooled mean),
//   rms (Arms), mae (mean |e|; MAD of IEEE 1708), max_abs, each (every single error, so that the
//   largest decides; the bound may depend on the reading), abs_percentile (of |e|, key `p`),
//   loa_low, loa_high (Bland-Altman), s_corr (ISO 81060-3)
// Of paired data, pure numbers (unit "1" or "%"):
//   mape, mard (the same formula, glucose), each_percent (every error in % of the reference),
//   relative_bias, share_within (of errors inside `band`), share_zone_ab (of the error grid
//   `grid`), error_each_mpe (largest |e| / MPE(reference), MPE given as `band`),
//   icc, ccc, correlation
// Of repeated readings of one thing:
//   repeatability (SD), repeatability_cv, repeatability_range (max - min), intermediate_precision
// Of single values:
//   value, mean, median, min, max, percentile (key `p`), total, count, share
// Of events: sensitivity, specificity, ppv (+P of EC57), npv, kappa, false_alarm_rate
#pragma once

#include <string_view>
#include <vector>

namespace carebench {

struct StatisticSpec {
  std::string_view id, zh, en;
  // Which units a limit on it may have: those of the quantity, pure numbers, events by time.
  enum class Scale { quantity, pure, rate } scale;
  enum class Data { pairs, repeats, values, events } data;
  // What else the limit says: `p`, `band`, `grid`. each: its bound may be a function of the pair.
  enum class Needs { nothing, p, band, grid } needs = Needs::nothing;
  bool by_pair() const { return id.starts_with("each"); }
};

const StatisticSpec* find_statistic(std::string_view id);  // nullptr: there is none
std::vector<std::string_view> statistic_ids();

}  // namespace carebench
