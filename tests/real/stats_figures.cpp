// Prints what standards/stats computes, as JSON, for tests/real/statistics.test to compare with
// what others compute: functions on fixed arguments, and every statistic of a CSV of pairs with the
// columns device, reference, subject (numbers, no header).
// Usage: stats_figures PAIRS.csv
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "standards/stats/anova.h"
#include "standards/stats/blood_pressure.h"
#include "standards/stats/bootstrap.h"
#include "standards/stats/concordance.h"
#include "standards/stats/distributions.h"
#include "standards/stats/icc.h"
#include "standards/stats/moments.h"
#include "standards/stats/panel.h"
#include "standards/stats/passing_bablok.h"
#include "standards/stats/percentiles.h"
#include "standards/stats/proportions.h"
#include "standards/stats/rates.h"
#include "standards/stats/regression.h"
#include "standards/stats/tolerance.h"

namespace {

using namespace carebench;
using namespace carebench::stats;

bool first_of_list = true;

void number(double x) {
  if (std::isfinite(x)) std::printf("%.17g", x);
  if (!std::isfinite(x)) std::printf("\"%s\"", std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf");
}

void begin(const char* list) {
  std::printf("%s", list);
  first_of_list = true;
}

void separate() {
  std::printf(first_of_list ? "\n  " : ",\n  ");
  first_of_list = false;
}

void call(const char* name, const std::vector<double>& arguments, double value) {
  separate();
  std::printf("[\"%s\", [", name);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) std::printf(", ");
    number(arguments[i]);
  }
  std::printf("], ");
  number(value);
  std::printf("]");
}

void figure(const std::string& name, double value) {
  separate();
  std::printf("\"%s\": ", name.c_str());
  number(value);
}

void interval(const std::string& name, const Interval& of) {
  figure(name + ".low", of.low);
  figure(name + ".high", of.high);
}

void estimate(const std::string& name, const Estimate& of) {
  figure(name, of.value);
  interval(name, of.interval);
}

double number_of(std::int64_t count) { return static_cast<double>(count); }

void distributions() {
  for (const double p : {0.001, 0.025, 0.2, 0.5, 0.95, 0.975, 0.999}) {
    call("normal_quantile", {p}, normal_quantile(p));
    for (const double dof : {1.0, 3.7, 9.0, 84.0, 254.0, 5000.0}) {
      call("t_quantile", {p, dof}, t_quantile(p, dof));
      call("chi_squared_quantile", {p, dof}, chi_squared_quantile(p, dof));
      call("f_quantile", {p, dof, 15}, f_quantile(p, dof, 15));
      call("beta_quantile", {p, dof, 4}, beta_quantile(p, dof, 4));
    }
    for (const std::int64_t n : {5, 60, 600}) {
      call("binomial_quantile", {p, number_of(n), 0.95}, number_of(binomial_quantile(p, n, 0.95)));
      call("poisson_quantile", {p, number_of(n)}, number_of(poisson_quantile(p, number_of(n))));
      const double t = std::sqrt(number_of(n)) * (1.5 + p), ncp = 1.5 * std::sqrt(number_of(n));
      call("noncentral_t_cdf", {t, number_of(n - 1), ncp},
           noncentral_t_cdf(t, number_of(n - 1), ncp));
    }
  }
  for (const double x : {0.3, 1.0, 2.5, 6.0}) {
    call("normal_cdf", {-x}, normal_cdf(-x));
    for (const double dof : {1.0, 3.7, 84.0, 5000.0}) {
      call("t_cdf", {-x, dof}, t_cdf(-x, dof));
      call("chi_squared_cdf", {x, dof}, chi_squared_cdf(x, dof));
      call("f_cdf", {x, dof, 15}, f_cdf(x, dof, 15));
      call("beta_cdf", {x / 10, dof, 4}, beta_cdf(x / 10, dof, 4));
    }
    call("poisson_cdf", {3, x}, poisson_cdf(3, x));
    call("binomial_cdf", {57, 60, 1 - x / 20}, binomial_cdf(57, 60, 1 - x / 20));
  }
}

void counts_and_factors() {
  for (const auto& [x, n] : {std::pair{0, 60},
                             {1, 60},
                             {95, 100},
                             {98, 100},
                             {190, 200},
                             {594, 600},
                             {60, 60},
                             {3, 7}}) {
    const std::vector<double> of = {number_of(x), number_of(n)};
    call("clopper_pearson.low", of, clopper_pearson(x, n).low);
    call("clopper_pearson.high", of, clopper_pearson(x, n).high);
    call("wilson.low", of, wilson(x, n).low);
    call("wilson.high", of, wilson(x, n).high);
  }
  for (const int k : {0, 1, 2, 10, 137}) {
    call("poisson_rate.low", {number_of(k), 24}, poisson_rate(k, 24).low);
    call("poisson_rate.high", {number_of(k), 24}, poisson_rate(k, 24).high);
  }
  for (const int n : {5, 10, 30, 85, 200, 350}) {
    const double count = number_of(n);
    call("carkeet", {count, 0.025}, carkeet_factor(n, 0.025));
    call("carkeet", {count, 0.975}, carkeet_factor(n, 0.975));
    call("tolerance_one_sided", {count}, tolerance_factor_one_sided(n));
    call("tolerance_two_sided", {count}, tolerance_factor_two_sided(n));
    call("tolerance_howe", {count}, tolerance_factor_howe(n));
    call("rms_upper_factor", {count}, rms_upper_factor(n));
    for (const double p : {0.5, 0.95, 0.99}) {
      const OrderRanks ranks = order_ranks(n, p);
      call("order_ranks.low", {count, p}, number_of(ranks.low));
      call("order_ranks.high", {count, p}, number_of(ranks.high));
      call("order_ranks.coverage", {count, p}, ranks.coverage);
    }
  }
  for (const int n : {400, 5000, 1'000'000, 10'000'000})
    call("carkeet_large", {number_of(n), 0.975}, carkeet_factor(n, 0.975));
  for (const double p : {0.8, 0.9, 0.95, 0.99, 0.999})
    for (const int failures : {0, 1, 2, 5})
      call("sample_for_lower_bound", {p, number_of(failures)},
           number_of(sample_for_lower_bound(p, failures)));
}

struct Pairs {
  std::vector<double> device, reference;
  std::vector<std::uint32_t> subject;
};

Pairs read(const char* path) {
  Pairs out;
  std::ifstream in(path);
  double device = 0, reference = 0;
  std::uint32_t subject = 0;
  char comma = 0;
  while (in >> device >> comma >> reference >> comma >> subject) {
    out.device.push_back(device);
    out.reference.push_back(reference);
    out.subject.push_back(subject);
  }
  return out;
}

void zones(const std::string& name, const ZoneCounts& counts) {
  for (std::size_t i = 0; i < counts.count.size(); ++i)
    figure(name + "." + static_cast<char>('a' + i), number_of(counts.count[i]));
}

void statistics(const Pairs& pairs) {
  const auto& [y, x, subject] = pairs;
  const Panel all = panel(y, x, {.glucose_mg_dl = true, .threads = 2});
  figure("n", number_of(all.n));
  figure("bias", all.bias);
  figure("sd", all.sd);
  figure("rms", all.rms);
  figure("mae", all.mae);
  figure("mape", all.mape);
  figure("max_abs", all.max_abs);
  figure("p5", all.p5);
  figure("p50", all.p50);
  figure("p95", all.p95);
  figure("p99", all.p99);
  figure("loa.low", all.loa.low);
  figure("loa.high", all.loa.high);
  zones("clarke", *all.clarke);
  zones("parkes_1", *all.parkes_1);
  zones("parkes_2", *all.parkes_2);
  interval("mean", mean_interval(all.n, all.bias, all.sd));
  interval("sd", sd_interval(all.n, all.sd));
  std::vector<double> errors;
  for (std::size_t i = 0; i < y.size(); ++i) errors.push_back(y[i] - x[i]);
  const RepeatedAgreement repeated = limits_of_agreement_repeated(errors, subject);
  figure("ms_between", repeated.table.ms_between);
  figure("ms_within", repeated.table.ms_within);
  figure("group_size", repeated.table.group_size);
  figure("repeated.high", repeated.high);
  figure("effective_count", repeated.table.effective_count());
  figure("subject_mean_sd", subject_mean_sd(errors, subject));
  estimate("correlation", correlation(x, y));
  estimate("concordance", concordance(x, y));
  estimate("concordance_sample", concordance(x, y, Denominator::sample));
  const Line ols = least_squares(x, y), bias = proportional_bias(y, x);
  estimate("ols.slope", ols.slope);
  estimate("ols.intercept", ols.intercept);
  estimate("proportional.slope", bias.slope);
  for (const double lambda : {1.0, 0.5}) {
    const Line line = deming(y, x, lambda);
    const std::string name = lambda == 1 ? "deming" : "deming_half";
    estimate(name + ".slope", line.slope);
    estimate(name + ".intercept", line.intercept);
  }
  const Line robust = passing_bablok(y, x);
  estimate("passing_bablok.slope", robust.slope);
  estimate("passing_bablok.intercept", robust.intercept);
  std::vector<double> both;
  for (std::size_t i = 0; i < y.size(); ++i) both.insert(both.end(), {x[i], y[i]});
  const Icc icc = intraclass(both, 2);
  for (std::size_t form = 0; form < 3; ++form) {
    estimate("icc_" + std::to_string(form + 1) + "_1", icc.single[form]);
    estimate("icc_" + std::to_string(form + 1) + "_k", icc.average[form]);
  }
  const ErrorIntervals drawn = bootstrap_errors(y, x, subject, {.seed = 42, .replicates = 2000});
  interval("bootstrap.bias", drawn.bias);
  interval("bootstrap.sd", drawn.sd);
  interval("bootstrap.rms", drawn.rms);
  interval("bootstrap.mape", drawn.mape);
  interval("bootstrap.loa_high", drawn.loa_high);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  const Pairs pairs = read(argv[1]);
  if (pairs.device.empty()) return 65;
  begin("{\"functions\": [");
  distributions();
  counts_and_factors();
  begin("],\n\"figures\": {");
  statistics(pairs);
  std::printf("}}\n");
  return 0;
}
