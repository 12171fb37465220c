#include "standards/stats/bootstrap.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "standards/stats/distributions.h"
#include "standards/stats/moments.h"
#include "standards/stats/percentiles.h"

namespace carebench::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// What one subject adds to the sums of all pairs. Errors are taken about the pooled bias, so that
// their squares lose no digits.
struct SubjectSums {
  double n = 0, error = 0, squares = 0, absolute = 0, percent = 0, percent_n = 0;

  void operator+=(const SubjectSums& other) {
    n += other.n;
    error += other.error;
    squares += other.squares;
    absolute += other.absolute;
    percent += other.percent;
    percent_n += other.percent_n;
  }
};

enum Statistic : std::size_t { bias, sd, rms, mae, mape, loa_low, loa_high, statistics };

void fill(const SubjectSums& sum, double pooled, double z, std::span<double> out) {
  const double off = sum.error / sum.n, centred = std::max(0.0, sum.squares - sum.n * off * off);
  out[bias] = pooled + off;
  out[sd] = sum.n < 2 ? not_a_number : std::sqrt(centred / (sum.n - 1));
  out[rms] = std::sqrt(centred / sum.n + out[bias] * out[bias]);
  out[mae] = sum.absolute / sum.n;
  out[mape] = sum.percent_n == 0 ? not_a_number : sum.percent / sum.percent_n;
  out[loa_low] = out[bias] - z * out[sd];
  out[loa_high] = out[bias] + z * out[sd];
}

}  // namespace

std::uint64_t Generator::next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint32_t Generator::below(std::uint32_t n) {
  assert(n >= 1);
  // The upper half of a product of 32 bits (Lemire 2019); numbers that would favour some are drawn
  // again.
  const std::uint32_t uneven = (0 - n) % n;
  for (;;) {
    const std::uint64_t product = (next() >> 32) * n;
    if (static_cast<std::uint32_t>(product) >= uneven)
      return static_cast<std::uint32_t>(product >> 32);
  }
}

double Generator::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

std::vector<Interval> cluster_bootstrap(std::uint32_t subjects, std::size_t values,
                                        const ClusterStatistic& statistic,
                                        const BootstrapPlan& plan) {
  assert(plan.replicates >= 1 && plan.confidence > 0 && plan.confidence < 1);
  const Interval open{-infinity, infinity, plan.confidence, "cluster bootstrap"};
  std::vector<Interval> out(values, open);
  if (subjects < 2) return out;
  const auto replicates = static_cast<std::size_t>(plan.replicates);
  std::vector<std::vector<double>> found(values, std::vector<double>(replicates));
  std::vector<std::uint32_t> drawn(subjects);
  std::vector<double> one(values);
  Generator generator(plan.seed);
  for (std::size_t r = 0; r < replicates; ++r) {
    for (std::uint32_t& subject : drawn) subject = generator.below(subjects);
    statistic(drawn, one);
    for (std::size_t v = 0; v < values; ++v) found[v][r] = one[v];
  }
  const double tail = (1 - plan.confidence) / 2;
  for (std::size_t v = 0; v < values; ++v) {
    std::vector<double>& all = found[v];
    if (std::any_of(all.begin(), all.end(), [](double x) { return std::isnan(x); })) continue;
    std::sort(all.begin(), all.end());
    out[v].low = percentile_sorted(all, tail);
    out[v].high = percentile_sorted(all, 1 - tail);
  }
  return out;
}

ErrorIntervals bootstrap_errors(std::span<const double> device, std::span<const double> reference,
                                std::span<const std::uint32_t> subject, const BootstrapPlan& plan) {
  assert(device.size() == reference.size() && device.size() == subject.size());
  Moments errors;
  for (std::size_t i = 0; i < device.size(); ++i) errors.add(device[i] - reference[i]);
  const double pooled = errors.mean();
  std::vector<SubjectSums> sums;
  for (std::size_t i = 0; i < device.size(); ++i) {
    if (subject[i] >= sums.size()) sums.resize(subject[i] + std::size_t{1});
    const double error = device[i] - reference[i], off = error - pooled;
    const bool has_percent = reference[i] != 0;
    const double percent = has_percent ? 100 * std::abs(error) / std::abs(reference[i]) : 0;
    sums[subject[i]] += {1, off, off * off, std::abs(error), percent, has_percent ? 1.0 : 0.0};
  }
  std::erase_if(sums, [](const SubjectSums& one) { return one.n == 0; });
  const double z = normal_quantile(0.975);
  const auto subjects = static_cast<std::uint32_t>(sums.size());
  const std::vector<Interval> found = cluster_bootstrap(
      subjects, statistics,
      [&](std::span<const std::uint32_t> drawn, std::span<double> values) {
        SubjectSums all;
        for (const std::uint32_t one : drawn) all += sums[one];
        fill(all, pooled, z, values);
      },
      plan);
  return {subjects,   found[bias], found[sd],      found[rms],
          found[mae], found[mape], found[loa_low], found[loa_high]};
}

}  // namespace carebench::stats
