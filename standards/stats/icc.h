// Intraclass correlation of n subjects, each measured by the same k raters (devices), Shrout and
// Fleiss 1979, with their F intervals (for ICC(2,·) with Satterthwaite's degrees of freedom):
//   ICC(1,1) = (MSR-MSW) / (MSR+(k-1)MSW)                    one-way random
//   ICC(2,1) = (MSR-MSE) / (MSR+(k-1)MSE+k(MSC-MSE)/n)       two-way random, absolute agreement
//   ICC(3,1) = (MSR-MSE) / (MSR+(k-1)MSE)                    two-way mixed, consistency
// and of means of k raters
//   ICC(1,k) = (MSR-MSW)/MSR, ICC(2,k) = (MSR-MSE)/(MSR+(MSC-MSE)/n), ICC(3,k) = (MSR-MSE)/MSR.
// Values finite. n < 2 or k < 2, or no variance at all: NaN with open intervals.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

struct Estimate {
  double value = 0;
  Interval interval;
};

struct Icc {
  std::int64_t subjects = 0, raters = 0;
  double ms_rows = 0, ms_columns = 0, ms_error = 0, ms_within = 0;
  std::array<Estimate, 3> single;   // ICC(1,1), ICC(2,1), ICC(3,1)
  std::array<Estimate, 3> average;  // ICC(1,k), ICC(2,k), ICC(3,k)
};
// `values` row by row: subject 0 by all raters, then subject 1 …; the length is a multiple of
// `raters` (asserted).
Icc intraclass(std::span<const double> values, std::int64_t raters, double confidence = 0.95);

}  // namespace carebench::stats
