#include "standards/stats/rates.h"

#include <cassert>
#include <cmath>

#include "standards/stats/distributions.h"

namespace carebench::stats {

double poisson_rate_lower(std::int64_t k, double exposure, double confidence) {
  assert(k >= 0 && exposure > 0 && confidence > 0 && confidence < 1);
  if (k == 0) return 0;
  return chi_squared_quantile(1 - confidence, 2 * static_cast<double>(k)) / (2 * exposure);
}

double poisson_rate_upper(std::int64_t k, double exposure, double confidence) {
  assert(k >= 0 && exposure > 0 && confidence > 0 && confidence < 1);
  return chi_squared_quantile(confidence, 2 * static_cast<double>(k) + 2) / (2 * exposure);
}

Interval poisson_rate(std::int64_t k, double exposure, double confidence) {
  const double one_sided = 1 - (1 - confidence) / 2;
  return {poisson_rate_lower(k, exposure, one_sided), poisson_rate_upper(k, exposure, one_sided),
          confidence, "exact Poisson"};
}

}  // namespace carebench::stats
