// Bland-Altman limits of agreement of errors e = device - reference. Unit: that of the errors.
#pragma once

#include <cstdint>
#include <span>

#include "standards/stats/anova.h"
#include "standards/vocab/quantity.h"

namespace carebench::stats {

// b +- z s, z = 1.959964 for a content of 95 %. Exact intervals of either limit (Carkeet 2015):
//   b + s c,  c = t'(1 -+ a/2; n-1, z sqrt n) / sqrt n for the upper one, mirrored for the lower.
// standard_error is the approximate s sqrt(1/n + z^2/(2(n-1))).
// n < 2: limits are NaN, intervals open.
struct LimitsOfAgreement {
  double low = 0, high = 0;
  Interval low_interval, high_interval;
  double standard_error = 0;
};
LimitsOfAgreement limits_of_agreement(std::int64_t n, double bias, double sd, double content = 0.95,
                                      double confidence = 0.95);
// c of above for the probability p. n = 30: 1.4503 for 0.025, 2.7566 for 0.975. NaN for n < 2.
double carkeet_factor(std::int64_t n, double p, double content = 0.95);

// Several pairs of each subject, the true value varying between them: one-way analysis of variance
// of the errors by subject; b +- z sqrt(MSW + max(0, (MSB - MSW)/m0)). No closed interval is given
// for these limits: take the cluster bootstrap. One pair of each subject: MSW does not exist, and
// the sd of the errors stands in. One subject: NaN.
struct RepeatedAgreement {
  OneWay table;
  double bias = 0, sd = 0, low = 0, high = 0;  // bias: the mean of all pairs
};
RepeatedAgreement limits_of_agreement_repeated(std::span<const double> errors,
                                               std::span<const std::uint32_t> subject,
                                               double content = 0.95);

}  // namespace carebench::stats
