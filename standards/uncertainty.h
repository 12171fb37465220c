// Uncertainty budgets (JCGM 100:2008; JJF 1059.1-2012): from components to the combined standard
// uncertainty, its degrees of freedom, the coverage factor and the numbers of a report. Pure.
//
//   u_i    = given / divisor; contribution c_i u_i; u_c^2 = sum (c_i u_i)^2
//   nu_eff = u_c^4 / sum ((c_i u_i)^4 / nu_i)                  (Welch-Satterthwaite, G.4.1)
//   k      = t((1 + p)/2, nu_eff), nu_eff cut to a whole number (G.4.1, note 1); U = k u_c
// Components are taken as uncorrelated: influences with a common cause are given as one component.
// Divisors: half-width a of a rectangular distribution sqrt(3), triangular sqrt(6), U-shaped
// sqrt(2); one step d of a display is a rectangular half-width d/2; n repeated observations with
// standard deviation s have s/sqrt(n) and n - 1 degrees of freedom (type A). U of a reading is
// never the interval of a statistic over readings: the scatter of a sample is no component here.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "standards/vocab/quantity.h"
#include "standards/vocab/yaml.h"

namespace carebench {

using Budget = std::vector<UncertaintyComponent>;

// The coverage probability p that k stands for: 95.45 % (k = 2 for infinite degrees of freedom), or
// 95 %.
enum class CoverageProbability { p9545, p95 };
double probability(CoverageProbability coverage);  // 0.9545, 0.95: as printed
// dof >= 1, cut to a whole number; infinite: the normal distribution.
double coverage_factor(double dof, CoverageProbability coverage = CoverageProbability::p9545);
double whole_dof(double dof);  // as cut

struct Combined {
  double u = 0;
  double dof = std::numeric_limits<double>::infinity();
};
// An empty budget: u = 0. A component without contribution does not count.
Combined combine(std::span<const UncertaintyComponent> budget);

// Gives a measured number u, degrees of freedom, k and the reported texts from its budget. A value
// that is no finite number has no uncertainty, and keeps no budget.
void evaluate(Measurement& measurement, CoverageProbability coverage = CoverageProbability::p9545);

// U to two significant digits, and the value to the place of U's last digit; U > 0, both finite.
Reported reported(double value, double expanded);
// Rounded to 10^place (-2: hundredths) as GB/T 8170-2008 does: half to even, judged on the 12
// significant digits that a record carries. "2.50" stays "2.50" to the place -2.
std::string rounded(double value, int place);

// Components. `given` must be finite and not negative.
UncertaintyComponent half_width(Text2 name, double a, Unit unit, Distribution distribution,
                                std::string source);
UncertaintyComponent resolution(Text2 name, double step, Unit unit, std::string source);
UncertaintyComponent expanded(Text2 name, double expanded_u, double k, Unit unit,
                              std::string source);
UncertaintyComponent standard(Text2 name, double u, Unit unit, std::string source);
UncertaintyComponent repeated(Text2 name, double s, std::int64_t n, Unit unit, std::string source);
// The same influence, with that sensitivity (unit of the value per unit of the influence).
UncertaintyComponent times(UncertaintyComponent component, double sensitivity);

// What a laboratory adds, in a profile, in a job, or at an instrument:
//   {name: {zh: 漂移, en: drift}, half_width: 0.2, distribution: rectangular, unit: /min, source:
//   …}
// with one of: half_width (distribution rectangular, triangular or u_shaped), expanded and k,
// standard, standard_deviation and n, readings: [..]; dof where it is known (of the last two it
// follows); sensitivity, or none where the unit converts to that of the value. The problem names
// what does not fit.
Budget read_budget(const std::vector<yaml::Node>& components, Problems& problems);
// Sets the sensitivity of components that gave none (read_budget leaves it NaN) to the factor from
// their unit to `unit`; false where one does not convert.
bool in_unit(Budget& budget, Unit unit);

}  // namespace carebench
