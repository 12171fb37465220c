#include "standards/stats/weighing.h"

#include <algorithm>
#include <limits>

namespace carebench::stats {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double maximum_permissible_error(ScaleClass scale_class, double load, double e, bool in_service) {
  if (!(e > 0) || !(load >= 0)) return not_a_number;
  const double scale = scale_class == ScaleClass::iii ? 10 : 1;
  // 500 times 0.02 kg is 10 kg, and a load of 10 kg belongs to the smaller error.
  const double steps = load / e * (1 - 1e-12);
  const double factor = in_service ? 2 : 1;
  if (steps <= 50 * scale) return 0.5 * e * factor;
  if (steps <= 200 * scale) return e * factor;
  if (steps <= 1000 * scale) return 1.5 * e * factor;
  return not_a_number;
}

double change_point_error(double indication, double e, double added, double load) {
  return indication + e / 2 - added - load;
}

double weighing_range(std::span<const double> results) {
  if (results.empty()) return not_a_number;
  const auto [low, high] = std::minmax_element(results.begin(), results.end());
  return *high - *low;
}

}  // namespace carebench::stats
