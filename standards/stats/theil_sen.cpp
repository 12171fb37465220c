#include "standards/stats/theil_sen.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <vector>

#include "standards/stats/distributions.h"

namespace carebench::stats {
namespace {

// The mean of the middle two of an even number.
double median(std::vector<double>& values) {
  const std::size_t middle = values.size() / 2;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(middle);
  std::nth_element(values.begin(), at, values.end());
  if (values.size() % 2 == 1) return *at;
  return (*std::max_element(values.begin(), at) + *at) / 2;
}

// sum t(t-1)(2t+5) over the groups of equal values.
double ties(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  double sum = 0;
  for (std::size_t from = 0; from < sorted.size();) {
    std::size_t to = from;
    while (to < sorted.size() && sorted[to] == sorted[from]) ++to;
    const auto t = static_cast<double>(to - from);
    sum += t * (t - 1) * (2 * t + 5);
    from = to;
  }
  return sum;
}

}  // namespace

TheilSen theil_sen(std::span<const double> x, std::span<const double> y, double confidence) {
  assert(x.size() == y.size() && x.size() <= theil_sen_most);
  TheilSen out{std::nan(""), std::nan(""), {}};
  out.interval.confidence = confidence;
  out.interval.method = "Theil-Sen";
  std::vector<double> slopes;
  slopes.reserve(x.size() * x.size() / 2);
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = i + 1; j < x.size(); ++j)
      if (x[i] != x[j]) slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
  if (slopes.empty()) return out;
  std::sort(slopes.begin(), slopes.end());
  const auto count = static_cast<std::int64_t>(slopes.size());
  const std::size_t middle = slopes.size() / 2;
  out.slope = slopes.size() % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
  std::vector<double> rests;
  for (std::size_t i = 0; i < x.size(); ++i) rests.push_back(y[i] - out.slope * x[i]);
  out.intercept = median(rests);

  const auto n = static_cast<double>(x.size());
  const double variance = (n * (n - 1) * (2 * n + 5) - ties(x) - ties(y)) / 18;
  const double c = normal_quantile(0.5 + confidence / 2) * std::sqrt(std::max(0.0, variance));
  const auto slopes_n = static_cast<double>(count);
  const auto low = static_cast<std::int64_t>(std::llround((slopes_n - c) / 2));
  const auto high = static_cast<std::int64_t>(std::llround((slopes_n + c) / 2)) + 1;
  if (low >= 1) out.interval.low = slopes[static_cast<std::size_t>(low - 1)];
  if (high <= count) out.interval.high = slopes[static_cast<std::size_t>(high - 1)];
  return out;
}

}  // namespace carebench::stats
