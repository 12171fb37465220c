#include "standards/stats/limits_of_agreement.h"

#include <cmath>
#include <limits>

#include "standards/stats/distributions.h"
#include "standards/stats/moments.h"

namespace carebench::stats {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double two_sided_z(double content) { return normal_quantile((1 + content) / 2); }

}  // namespace

double carkeet_factor(std::int64_t n, double p, double content) {
  if (n < 2) return not_a_number;
  const double root = std::sqrt(static_cast<double>(n));
  return noncentral_t_quantile(p, static_cast<double>(n - 1), two_sided_z(content) * root) / root;
}

LimitsOfAgreement limits_of_agreement(std::int64_t n, double bias, double sd, double content,
                                      double confidence) {
  LimitsOfAgreement out{not_a_number, not_a_number, {}, {}, not_a_number};
  out.low_interval.confidence = out.high_interval.confidence = confidence;
  out.low_interval.method = out.high_interval.method = "Carkeet";
  if (n < 2) return out;
  const double z = two_sided_z(content), tail = (1 - confidence) / 2;
  const double inner = sd * carkeet_factor(n, tail, content);
  const double outer = sd * carkeet_factor(n, 1 - tail, content);
  out.low = bias - z * sd;
  out.high = bias + z * sd;
  out.low_interval.low = bias - outer;
  out.low_interval.high = bias - inner;
  out.high_interval.low = bias + inner;
  out.high_interval.high = bias + outer;
  const double count = static_cast<double>(n);
  out.standard_error = sd * std::sqrt(1 / count + z * z / (2 * (count - 1)));
  return out;
}

RepeatedAgreement limits_of_agreement_repeated(std::span<const double> errors,
                                               std::span<const std::uint32_t> subject,
                                               double content) {
  RepeatedAgreement out;
  out.table = one_way(errors, subject);
  out.bias = out.table.mean;
  // One pair of each: the mean square between the subjects is the variance of the errors.
  const bool single = out.table.n == out.table.groups;
  out.sd = std::sqrt(single ? out.table.ms_between : out.table.total_variance());
  const double half = two_sided_z(content) * out.sd;
  out.low = out.bias - half;
  out.high = out.bias + half;
  return out;
}

}  // namespace carebench::stats
