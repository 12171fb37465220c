#include "standards/stats/anova.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "standards/stats/moments.h"

namespace carebench::stats {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// max(0, x) that keeps NaN.
double not_negative(double x) { return x < 0 ? 0 : x; }

}  // namespace

double OneWay::between_variance() const {
  return not_negative((ms_between - ms_within) / group_size);
}

double OneWay::total_variance() const { return ms_within + between_variance(); }

double OneWay::correlation() const {
  const double total = total_variance();
  return total == 0 ? 0 : between_variance() / total;
}

double OneWay::effective_count() const {
  const double count = static_cast<double>(n);
  return count / (1 + (count / static_cast<double>(groups) - 1) * correlation());
}

OneWay one_way(std::span<const double> values, std::span<const std::uint32_t> group) {
  assert(values.size() == group.size());
  std::vector<Moments> by_group;
  Moments all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (group[i] >= by_group.size()) by_group.resize(group[i] + std::size_t{1});
    by_group[group[i]].add(values[i]);
    all.add(values[i]);
  }
  OneWay out{all.n(),      0,           all.n() == 0 ? not_a_number : all.mean(), not_a_number,
             not_a_number, not_a_number};
  double between = 0, within = 0, squares = 0;
  for (const Moments& one : by_group) {
    if (one.n() == 0) continue;
    ++out.groups;
    const double size = static_cast<double>(one.n()), off = one.mean() - out.mean;
    between += size * off * off;
    within += one.variance() * (size - 1);
    squares += size * size;
  }
  const double n = static_cast<double>(out.n), k = static_cast<double>(out.groups);
  if (out.groups >= 2) {
    out.ms_between = between / (k - 1);
    out.group_size = (n - squares / n) / (k - 1);
  }
  if (out.n > out.groups) out.ms_within = within / (n - k);
  return out;
}

Precision precision(const OneWay& table, double confidence) {
  Precision out;
  out.repeatability_sd = std::sqrt(table.ms_within);
  out.between_sd = std::sqrt(table.between_variance());
  out.intermediate_sd = std::sqrt(table.total_variance());
  out.repeatability_interval =
      sd_interval(std::max<std::int64_t>(table.n - table.groups, 0) + 1,
                  table.n > table.groups ? out.repeatability_sd : 0, confidence);
  return out;
}

}  // namespace carebench::stats
