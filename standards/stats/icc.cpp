#include "standards/stats/icc.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "standards/stats/distributions.h"

namespace carebench::stats {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// From a bound of the F ratio to one of the ICC of a single rater (or of the mean of k of them).
double of_ratio(double ratio, double k) {
  return std::isinf(ratio) ? 1 : (ratio - 1) / (ratio + k - 1);
}
double of_mean_ratio(double ratio) { return 1 - 1 / ratio; }

// ICC(1,·) and ICC(3,·): the ratio of mean squares has an F distribution.
void by_ratio(double ms_rows, double ms_noise, double dof_rows, double dof_noise, double k,
              double confidence, Estimate& single, Estimate& average) {
  const double ratio = ms_rows / ms_noise, p = 1 - (1 - confidence) / 2;
  const double low = ratio / f_quantile(p, dof_rows, dof_noise);
  const double high = ratio * f_quantile(p, dof_noise, dof_rows);
  single.value = of_ratio(ratio, k);
  average.value = of_mean_ratio(ratio);
  single.interval.low = of_ratio(low, k);
  single.interval.high = of_ratio(high, k);
  average.interval.low = of_mean_ratio(low);
  average.interval.high = of_mean_ratio(high);
}

// ICC(2,·), with Satterthwaite's degrees of freedom.
void by_satterthwaite(const Icc& table, double confidence, Estimate& single, Estimate& average) {
  const double n = static_cast<double>(table.subjects), k = static_cast<double>(table.raters);
  const double rows = table.ms_rows, columns = table.ms_columns, error = table.ms_error;
  const double value = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n);
  single.value = value;
  average.value = (rows - error) / (rows + (columns - error) / n);
  const double a = k * value * columns, b = (n * (1 + (k - 1) * value) - k * value) * error;
  const double dof = (k - 1) * (n - 1) * (a + b) * (a + b) / ((n - 1) * a * a + b * b);
  if (error == 0 && columns == 0) {  // all raters alike
    single.interval.low = single.interval.high = average.interval.low = average.interval.high = 1;
    return;
  }
  const double p = 1 - (1 - confidence) / 2, noise = k * columns + (k * n - k - n) * error;
  const double low = f_quantile(p, n - 1, dof), high = f_quantile(p, dof, n - 1);
  const auto of_mean = [&](double one) { return one * k / (1 + one * (k - 1)); };
  single.interval.low = n * (rows - low * error) / (low * noise + n * rows);
  single.interval.high = n * (high * rows - error) / (noise + n * high * rows);
  average.interval.low = of_mean(single.interval.low);
  average.interval.high = of_mean(single.interval.high);
}

}  // namespace

Icc intraclass(std::span<const double> values, std::int64_t raters, double confidence) {
  assert(raters >= 1 && confidence > 0 && confidence < 1);
  const auto k = static_cast<std::size_t>(raters), n = values.size() / k;
  assert(n * k == values.size());
  Icc out;
  out.subjects = static_cast<std::int64_t>(n);
  out.raters = raters;
  for (auto* group : {&out.single, &out.average})
    group->fill({not_a_number, {-1, 1, confidence, "F"}});
  out.ms_rows = out.ms_columns = out.ms_error = out.ms_within = not_a_number;
  if (n < 2 || k < 2) return out;

  const double rows = static_cast<double>(n), columns = static_cast<double>(k);
  std::vector<double> row_means(n), column_means(k);
  double mean = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    row_means[i / k] += values[i] / columns;
    column_means[i % k] += values[i] / rows;
  }
  for (const double one : row_means) mean += one / rows;
  double between_rows = 0, between_columns = 0, within = 0, error = 0;
  for (const double one : row_means) between_rows += (one - mean) * (one - mean);
  for (const double one : column_means) between_columns += (one - mean) * (one - mean);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double off = values[i] - row_means[i / k], rest = off - (column_means[i % k] - mean);
    within += off * off;
    error += rest * rest;
  }
  out.ms_rows = columns * between_rows / (rows - 1);
  out.ms_columns = rows * between_columns / (columns - 1);
  out.ms_within = within / (rows * (columns - 1));
  out.ms_error = error / ((rows - 1) * (columns - 1));
  if (out.ms_rows == 0 && out.ms_within == 0) return out;
  by_ratio(out.ms_rows, out.ms_within, rows - 1, rows * (columns - 1), columns, confidence,
           out.single[0], out.average[0]);
  by_satterthwaite(out, confidence, out.single[1], out.average[1]);
  by_ratio(out.ms_rows, out.ms_error, rows - 1, (rows - 1) * (columns - 1), columns, confidence,
           out.single[2], out.average[2]);
  return out;
}

}  // namespace carebench::stats
