// The sample plan of a standard, as far as a tool can count it. A plan that is not met, or not
// shown to be met, makes a verdict inconclusive. What a plan says beyond that stands in the limit's
// `sample`, in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "standards/bound.h"

namespace carebench {

struct SamplePlan {
  // Of the reference values: at least this share of the pairs inside the span. Counts are compared,
  // never rounded shares: count >= stats::required_count(share, n).
  struct Bin {
    std::string quantity;  // "systolic"; "" for whatever is measured
    Span span;
    Unit unit;
    double share = 0;
  };
  std::int64_t subjects = 0, pairs = 0, pairs_per_subject = 0;  // at least; 0 = not asked
  std::int64_t lots = 0, subjects_per_lot = 0, pairs_per_lot = 0, devices = 0;
  std::optional<std::int64_t> exclusions_max;  // subjects or pairs left out, at most
  double age_above = 0;                        // years: every subject is older
  double each_sex_share = 0;                   // at least, of subjects
  // Cuffs: at least this share of subjects in each half, quarter, octile of the cuff's range of
  // limb circumference; and each of n cuffs on at least 1/(2n) of the subjects.
  double cuff_half_share = 0, cuff_quarter_share = 0, cuff_octile_share = 0;
  bool each_cuff_half_of_equal_share = false;
  std::vector<Bin> distribution;
  std::string source;  // where it stands, when not in the limit's own clause
  bool empty() const;
};

// plan: {subjects: 85, pairs: 255, pairs_per_subject: 3, lots, subjects_per_lot, pairs_per_lot,
//   devices, exclusions_max, age_above, each_sex_share, cuff_half_share, cuff_quarter_share,
//   cuff_octile_share, each_cuff_half_of_equal_share: true, source,
//   distribution: [{quantity, unit, from | above, to | below, share}]}
SamplePlan read_sample_plan(const yaml::Node& node, Unit unit, Problems& problems);

}  // namespace carebench
