#include "profiles/measuring/order_statistics.h"

#include <algorithm>
#include <cmath>

#include "standards/stats/percentiles.h"

namespace carebench {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t few = 4096;  // sorting these costs nothing

auto offset(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

}  // namespace

OrderStatistics::OrderStatistics(std::vector<double> values, std::int64_t infinite)
    : values_(std::move(values)), infinite_(infinite) {
  if (values_.size() > few) return;
  std::sort(values_.begin(), values_.end());
  sorted_ = true;
}

double OrderStatistics::at_rank(std::int64_t rank) {
  const auto index = static_cast<std::size_t>(rank - 1);
  if (index >= values_.size()) return infinity;
  if (sorted_) return values_[index];
  const auto above = placed_.lower_bound(index);
  if (above != placed_.end() && *above == index) return values_[index];
  const std::size_t last = above == placed_.end() ? values_.size() : *above;
  const std::size_t first = above == placed_.begin() ? 0 : *std::prev(above) + 1;
  place(first, last, {&index, 1});
  return values_[index];
}

// Halves the indexes, so that each level of halving looks at a value once.
void OrderStatistics::place(std::size_t first, std::size_t last,
                            std::span<const std::size_t> indexes) {
  if (indexes.empty()) return;
  const std::size_t middle = indexes.size() / 2, index = indexes[middle];
  std::nth_element(values_.begin() + offset(first), values_.begin() + offset(index),
                   values_.begin() + offset(last));
  placed_.insert(index);
  place(first, index, indexes.first(middle));
  place(index + 1, last, indexes.subspan(middle + 1));
}

double OrderStatistics::percentile(double p) {
  if (n() == 0) return std::nan("");
  // As stats::percentile_sorted: 0.07 * 100 is a little above 7 in binary, and rank 7 is meant.
  const double rank = std::ceil(p * static_cast<double>(n()) * (1 - 1e-12));
  return at_rank(std::clamp(static_cast<std::int64_t>(rank), std::int64_t{1}, n()));
}

Interval OrderStatistics::percentile_interval(double p, double confidence) {
  const stats::OrderRanks ranks = stats::order_ranks(n(), p, confidence);
  return {ranks.low >= 1 ? at_rank(ranks.low) : -infinity,
          ranks.high <= n() ? at_rank(ranks.high) : infinity, confidence, "order statistics"};
}

double OrderStatistics::max() { return n() == 0 ? std::nan("") : at_rank(n()); }

Figure::Series OrderStatistics::distribution(Text2 name, std::size_t most) {
  Figure::Series series{std::move(name), {}, {}};
  const std::size_t finite = values_.size(), steps = std::min(most, finite);
  if (steps == 0) return series;
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < steps; ++i)
    indexes.push_back(steps == 1 ? 0 : (finite - 1) * i / (steps - 1));
  if (!sorted_) {
    placed_.clear();  // what was in its place is moved about
    place(0, finite, indexes);
  }
  for (const std::size_t index : indexes) {
    series.x.push_back(values_[index]);
    series.y.push_back(static_cast<double>(index + 1) / static_cast<double>(n()));
  }
  return series;
}

}  // namespace carebench
