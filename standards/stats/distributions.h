// Distribution functions and quantiles, the one door to Boost.Math (which costs seconds a file and
// is included by distributions.cpp alone). Pure; nothing here throws.
//
// Arguments: p in (0, 1), degrees of freedom > 0 (they need not be whole numbers: effective ones of
// Welch-Satterthwaite fit), shapes > 0, counts >= 0. Outside of that, and for NaN, the answer is
// NaN (the count of a quantile: -1). A cdf takes +-infinity. Relative accuracy: 1e-13 or better but
// for the noncentral t (1e-11).
#pragma once

#include <cstdint>

namespace carebench::stats {

double normal_cdf(double z);
double normal_quantile(double p);

double t_cdf(double t, double dof);
double t_quantile(double p, double dof);

// P(T <= t), T = (Z + ncp) / sqrt(chi2(dof) / dof). As exact for a noncentrality of 6000 (limits of
// agreement of 10^7 pairs) as for one of 5.
double noncentral_t_cdf(double t, double dof, double ncp);
double noncentral_t_quantile(double p, double dof, double ncp);

double chi_squared_cdf(double x, double dof);
double chi_squared_quantile(double p, double dof);

double f_cdf(double x, double dof1, double dof2);
double f_quantile(double p, double dof1, double dof2);

double beta_cdf(double x, double a, double b);
double beta_quantile(double p, double a, double b);

// P(X <= x) of a binomial count, 0 for x < 0, 1 for x >= n; p in [0, 1].
double binomial_cdf(std::int64_t x, std::int64_t n, double p);
// The smallest x with P(X <= x) >= probability (R: qbinom).
std::int64_t binomial_quantile(double probability, std::int64_t n, double p);

// P(K <= k) of a Poisson count with that mean (>= 0); and the smallest k that reaches probability.
double poisson_cdf(std::int64_t k, double mean);
std::int64_t poisson_quantile(double probability, double mean);

}  // namespace carebench::stats
