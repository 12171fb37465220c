// The zones of a decision rule around a limit. Pure numbers, all in one unit; judge() brings the
// units and the words.
//
// Values are compared as measured, never rounded first (GB/T 8170, comparison of full values). Two
// numbers that differ by less than 1e-12 of the larger one are the same number: 3.0 - 0.8 and 2.2
// differ in binary only, and the record carries 12 digits.
#pragma once

#include <limits>
#include <optional>

#include "standards/decision_rule.h"
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
  std::optional<double> uncertainty_allowed = {};  // Umax of IEC 60118-8
};
Tolerance tolerance_of(const Limit& limit);

struct Decision {
  Verdict verdict = Verdict::inconclusive;
  double guard_band = 0;  // w; below zero where the tolerance is extended (IEC 60118-8: U - Umax)
  bool upper = true;      // the end of the tolerance that decided
  bool uncertainty_too_large = false;  // U > Umax: no statement, whatever the value is
};

// y: the measured value, finite; expanded: U = k*u, finite and not negative. At the upper end T:
//   simple_acceptance, inherent  pass y <= T, else fail
//   guarded_binary               pass y <= T-U, else fail
//   guarded_nonbinary            pass y <= T-U, conditional pass y <= T, conditional fail y <= T+U,
//                                else fail
//   guarded_fraction             pass y <= T-rU, else fail
//   iso_14253_1                  pass y <= T-0.83U, fail y >= T+0.83U, between them inconclusive
//   jjf_1094                     as simple where U <= MPEV/3; else pass y <= T-U, fail y >= T+U,
//                                between them inconclusive (待定区)
//   iec_60118_8                  inconclusive where U > Umax; else pass y <= T+Umax-U, else fail
Decision decide(double y, double expanded, const Tolerance& tolerance, AgreedRule rule);

// -1, 0, 1 as a is below, the same as, above b; `scale` is the largest number that made a or b.
int compare(double a, double b, double scale = 0);

// Probability that the true value lies inside / outside the tolerance, given y with standard
// uncertainty u > 0: the specific risks (JCGM 106:2012, 7.2), by the normal distribution, or, where
// u has few degrees of freedom, by the t distribution that k came from too. (A normal one would
// call the risk at the end of the guard band smaller than the rule allows.)
struct Known {
  double y = 0, u = 0;
  double dof = std::numeric_limits<double>::infinity();
};
double conformance_probability(const Known& value, const Tolerance& tolerance);
double nonconformance_probability(const Known& value, const Tolerance& tolerance);

}  // namespace carebench
