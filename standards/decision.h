// The zones of a decision rule around a limit. Pure numbers, all in one unit; judge() brings the
// units and the words.
//
// Values are compared as measured, never rounded first (GB/T 8170, comparison of full values). Two
// numbers that differ by less than 1e-12 of the larger one are the same number: 3.0 - 0.8 and 2.2
// differ in binary only, and the record carries 12 digits.
#pragma once

#include <optional>

#include "standards/limit.h"
#include "standards/vocab/verdict.h"

namespace carebench {

// The tolerance interval TL <= x <= TU of JCGM 106; an end that is missing does not exist.
struct Tolerance {
  std::optional<double> low, high;
  bool strict = false;  // the ends themselves do not conform
  // Maximum permissible error of JJF 1094: the half-width of a two-sided tolerance, or the upper
  // limit of a magnitude. Without it (a lower limit, a temperature whose zero is arbitrary) there
  // is nothing U could be a third of, and the guard band stays.
  std::optional<double> mpev;
};
Tolerance tolerance_of(const Limit& limit);

struct Decision {
  Verdict verdict = Verdict::inconclusive;
  double guard_band = 0;  // w
  bool upper = true;      // the end of the tolerance that decided
};

// y: the measured value, finite; expanded: U = k*u, finite and not negative.
//   simple_acceptance, inherent: pass inside the tolerance, else fail.
//   guarded_binary:    pass where y stays U inside the tolerance, else fail.
//   guarded_nonbinary: pass y <= T-U, conditional pass y <= T, conditional fail y <= T+U, else
//   fail. jjf_1094:          as simple where U <= MPEV/3; else pass y <= T-U, fail y >= T+U,
//   between them
//                      inconclusive (待定区).
Decision decide(double y, double expanded, const Tolerance& tolerance, DecisionRule rule);

// -1, 0, 1 as a is below, the same as, above b; `scale` is the largest number that made a or b.
int compare(double a, double b, double scale = 0);

// Probability that the true value lies inside / outside the tolerance, given y with standard
// uncertainty u > 0 and a normal distribution (JCGM 106:2012, 7.2): the specific risks.
double conformance_probability(double y, double u, const Tolerance& tolerance);
double nonconformance_probability(double y, double u, const Tolerance& tolerance);

}  // namespace carebench
