// Errors of weighing instruments, OIML R 76-1:2006 (GB/T 23111-2008). Loads, indications and e (the
// verification scale interval) in one unit of mass; results in that unit too.
#pragma once

#include <span>

namespace carebench::stats {

enum class ScaleClass { iii, iiii };  // III and IIII of R 76

// 3.5.1 Table 6, 3.5.2: 0.5 e up to 500 e (IIII: 50 e), 1 e up to 2000 e (200 e), 1.5 e above, each
// limit included in the smaller error; twice that in service. The magnitude, >= 0. A load above
// 10000 e (1000 e) is outside of the class: NaN; so is a negative load or e <= 0.
double maximum_permissible_error(ScaleClass scale_class, double load, double e,
                                 bool in_service = false);

// A.4.4.3, the error before rounding, from the small weights dL added until the indication I
// changes to the next step: E = I + e/2 - dL - L.
double change_point_error(double indication, double e, double added, double load);
// Ec = E - E0, E0 being the error at or near zero.
inline double corrected_error(double error, double zero_error) { return error - zero_error; }

// 3.6.1: largest minus smallest of repeated weighings of one load (or of their errors). NaN for
// none.
double weighing_range(std::span<const double> results);

}  // namespace carebench::stats
