// One-way analysis of variance of values in groups (readings of subjects, of days, of meters), with
// unequal group sizes, and what follows from it: repeatability and intermediate precision (ISO
// 5725-2; CLSI EP05), the correlation within a group, and the effective number of independent
// values (ISO 81060-3; design effect).
//
// Group numbers are 0 … k-1; a number without values is no group. Values are finite. Too few
// (one group, or no group with two values): the mean square that does not exist is NaN, and so is
// all that needs it.
#pragma once

#include <cstdint>
#include <span>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

struct OneWay {
  std::int64_t n = 0, groups = 0;
  double mean = 0;                  // of all values
  double ms_between = 0;            // sum n_i (m_i - mean)^2 / (k - 1)
  double ms_within = 0;             // sum (x - m_i)^2 / (n - k)
  double group_size = 0;            // m0 = (n - sum n_i^2/n) / (k - 1)
  double between_variance() const;  // max(0, (MSB - MSW)/m0)
  double total_variance() const;    // MSW + between_variance()
  // rho = between / total; 0 where nothing varies.
  double correlation() const;
  // n / (1 + (n/k - 1) rho): how many independent values carry as much.
  double effective_count() const;
};
// `group[i]` is the group of `values[i]`; of the same length (asserted).
OneWay one_way(std::span<const double> values, std::span<const std::uint32_t> group);

// ISO 5725: groups are runs, days or laboratories, values are replicates under the same conditions.
struct Precision {
  double repeatability_sd = 0;  // s_r = sqrt(MSW)
  double between_sd = 0;        // s_L = sqrt(max(0, (MSB - MSW)/m0))
  double intermediate_sd = 0;   // sqrt(s_r^2 + s_L^2)
  // Two single results differ by no more than this with 95 % (ISO 5725-6): 2.8 s.
  double repeatability_limit() const { return 2.8 * repeatability_sd; }
  double intermediate_limit() const { return 2.8 * intermediate_sd; }
  Interval repeatability_interval;  // of s_r, chi squared with n - k degrees of freedom
};
Precision precision(const OneWay& table, double confidence = 0.95);

}  // namespace carebench::stats
