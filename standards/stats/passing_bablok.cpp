#include "standards/stats/passing_bablok.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "standards/stats/distributions.h"

namespace carebench::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A sum of two doubles, the second far below the first: twice the digits. Offsets y - s x are kept
// so, that points on one line of slope s have the same offset and not nearly the same.
struct Exact {
  double high = 0, low = 0;
  auto operator<=>(const Exact&) const = default;
};

Exact offset(double x, double y, double slope) {
  constexpr double splitter = 134217729;  // 2^27 + 1: halves of a double (Veltkamp, Dekker)
  const auto halves = [](double a) {
    const double c = splitter * a, high = c - (c - a);
    return Exact{high, a - high};
  };
  const double product = slope * x;
  const Exact s = halves(slope), v = halves(x);
  const double rest =
      s.low * v.low - (((product - s.high * v.high) - s.low * v.high) - s.high * v.low);
  const double sum = y - product, part = sum - y;  // Knuth's two-sum of y and -product
  const double lost = (y - (sum - part)) + (-product - part) - rest;
  const double high = sum + lost;
  return {high, lost - (high - sum)};
}

// Doubles in their order as whole numbers, so that an interval of them can be halved.
std::int64_t key_of(double x) {
  const auto bits = std::bit_cast<std::int64_t>(x);
  return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}
double of_key(std::int64_t key) {
  return std::bit_cast<double>(key >= 0 ? key : std::numeric_limits<std::int64_t>::min() - key);
}

// The slopes of all pairs of points, never listed. Those of equal x are above all numbers; those of
// equal points are none.
class Slopes {
 public:
  Slopes(std::span<const double> x, std::span<const double> y)
      : order_(x.size()), offsets_(x.size()), work_(x.size()), at_(x.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b];
    });
    for (const std::size_t i : order_) {
      x_.push_back(x[i]);
      y_.push_back(y[i]);
    }
    const auto n = static_cast<std::int64_t>(x_.size());
    std::int64_t run = 0;  // equal points before this one
    double gap = infinity;
    for (std::size_t i = 1; i < x_.size(); ++i) {
      run = x_[i] == x_[i - 1] && y_[i] == y_[i - 1] ? run + 1 : 0;
      none_ += run;
      if (x_[i] > x_[i - 1]) gap = std::min(gap, x_[i] - x_[i - 1]);
    }
    const auto [least, most] = std::minmax_element(y_.begin(), y_.end());
    steepest_ = 2 * (*most - *least) / gap;
    total_ = n * (n - 1) / 2 - none_;
  }

  std::int64_t total() const { return total_; }
  // How many are <= s (finite).
  std::int64_t up_to(double s) {
    place_offsets(s);
    return merge(0, x_.size()) - none_;
  }
  // The k-th smallest, 1 <= k <= total.
  double at(std::int64_t k);

 private:
  void place_offsets(double slope);
  std::int64_t merge(std::size_t first, std::size_t last);
  std::vector<double> between(double low, double high);
  void collect(std::size_t first, std::size_t last, std::vector<double>& out);

  std::vector<std::size_t> order_;
  std::vector<double> x_, y_;  // by x, then y
  std::vector<Exact> offsets_, work_;
  std::vector<std::size_t> at_;
  std::int64_t none_ = 0, total_ = 0;
  double steepest_ = 0;  // above all slopes but the infinite ones
};

void Slopes::place_offsets(double slope) {
  for (std::size_t i = 0; i < x_.size(); ++i) offsets_[i] = offset(x_[i], y_[i], slope);
}

// With points by x, slope(i, j) <= s is offset(j) <= offset(i): an inversion of the offsets, which
// merge sort counts.
std::int64_t Slopes::merge(std::size_t first, std::size_t last) {
  if (last - first < 2) return 0;
  const std::size_t middle = first + (last - first) / 2;
  std::int64_t count = merge(first, middle) + merge(middle, last);
  std::size_t left = first, right = middle, to = first;
  while (left < middle && right < last) {
    const bool turn = offsets_[right] <= offsets_[left];
    if (turn) count += static_cast<std::int64_t>(middle - left);
    work_[to++] = offsets_[turn ? right++ : left++];
  }
  while (left < middle) work_[to++] = offsets_[left++];
  while (right < last) work_[to++] = offsets_[right++];
  for (std::size_t i = first; i < last; ++i) offsets_[i] = work_[i];
  return count;
}

double Slopes::at(std::int64_t k) {
  const std::int64_t few = 8 * static_cast<std::int64_t>(x_.size());
  // The k-th lies in (low, high], and so many slopes do in all.
  std::int64_t low = key_of(-steepest_), high = key_of(steepest_);
  std::int64_t up_to_low = 0, up_to_high = up_to(steepest_);
  if (k > up_to_high) return infinity;
  while (up_to_high - up_to_low > few && high - 1 > low) {
    const std::int64_t middle = std::midpoint(low, high);
    const std::int64_t count = up_to(of_key(middle));
    (count >= k ? high : low) = middle;
    (count >= k ? up_to_high : up_to_low) = count;
  }
  if (up_to_high - up_to_low > few) return of_key(high);  // so many are alike
  std::vector<double> rest = between(of_key(low), of_key(high));
  assert(static_cast<std::int64_t>(rest.size()) == up_to_high - up_to_low);
  const auto wanted = rest.begin() + (k - up_to_low - 1);
  std::nth_element(rest.begin(), wanted, rest.end());
  return *wanted;
}

// Points by their offset at `low` and, where that is equal, by x: those whose order at `high` is
// another have a slope in between.
std::vector<double> Slopes::between(double low, double high) {
  place_offsets(low);
  std::iota(at_.begin(), at_.end(), std::size_t{0});
  // Of equal offset: the later x first, for that slope is `low` itself and not in the interval.
  std::sort(at_.begin(), at_.end(), [&](std::size_t a, std::size_t b) {
    return offsets_[a] != offsets_[b] ? offsets_[a] < offsets_[b] : a > b;
  });
  place_offsets(high);
  std::vector<double> out;
  collect(0, at_.size(), out);
  return out;
}

// Merge sort by offsets_, noting the slope of each pair that it turns about.
void Slopes::collect(std::size_t first, std::size_t last, std::vector<double>& out) {
  if (last - first < 2) return;
  const std::size_t middle = first + (last - first) / 2;
  collect(first, middle, out);
  collect(middle, last, out);
  std::vector<std::size_t> merged;
  std::size_t left = first, right = middle;
  while (left < middle && right < last) {
    const std::size_t a = at_[left], b = at_[right];
    // Equal at `high`: their slope is `high`, which belongs to the interval, if b came after a.
    const bool turn = offsets_[b] < offsets_[a] || (offsets_[b] == offsets_[a] && b > a);
    if (!turn) {
      merged.push_back(a);
      ++left;
      continue;
    }
    for (std::size_t i = left; i < middle; ++i) {
      const std::size_t c = at_[i];
      out.push_back((y_[b] - y_[c]) / (x_[b] - x_[c]));
    }
    merged.push_back(b);
    ++right;
  }
  merged.insert(merged.end(), at_.begin() + static_cast<std::ptrdiff_t>(left),
                at_.begin() + static_cast<std::ptrdiff_t>(middle));
  merged.insert(merged.end(), at_.begin() + static_cast<std::ptrdiff_t>(right),
                at_.begin() + static_cast<std::ptrdiff_t>(last));
  std::copy(merged.begin(), merged.end(), at_.begin() + static_cast<std::ptrdiff_t>(first));
}

// The slopes that the method keeps, those of -1 being left out; ranks from 1 to `kept`.
class KeptSlopes {
 public:
  KeptSlopes(std::span<const double> x, std::span<const double> y)
      : slopes_(x, y),
        below_(slopes_.up_to(-1 - rounding)),
        left_out_(slopes_.up_to(-1 + rounding) - below_) {}
  std::int64_t kept() const { return slopes_.total() - left_out_; }
  // That rank, shifted by the slopes below -1. Infinite where there is none.
  double shifted(std::int64_t rank) {
    rank += below_;
    if (rank < 1) return -infinity;
    if (rank > kept()) return infinity;
    return slopes_.at(rank <= below_ ? rank : rank + left_out_);
  }
  double shifted_median() {
    const std::int64_t middle = (kept() + 1) / 2;
    const double low = shifted(middle);
    return kept() % 2 == 1 ? low : (low + shifted(middle + 1)) / 2;
  }

 private:
  static constexpr double rounding = 1e-12;  // 0.3 and 0.1 are not exact, and their slopes neither
  Slopes slopes_;
  std::int64_t below_, left_out_;
};

double median_offset(std::span<const double> x, std::span<const double> y, double slope) {
  std::vector<double> offsets(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) offsets[i] = y[i] - slope * x[i];
  const auto middle = offsets.begin() + static_cast<std::ptrdiff_t>(offsets.size() / 2);
  std::nth_element(offsets.begin(), middle, offsets.end());
  if (offsets.size() % 2 == 1) return *middle;
  return (*std::max_element(offsets.begin(), middle) + *middle) / 2;
}

}  // namespace

Line passing_bablok(std::span<const double> device, std::span<const double> reference,
                    double confidence) {
  assert(device.size() == reference.size() && confidence > 0 && confidence < 1);
  const Estimate open{not_a_number, {-infinity, infinity, confidence, "Passing-Bablok"}};
  Line out{static_cast<std::int64_t>(device.size()), open, open};
  if (out.n < 3) return out;
  KeptSlopes slopes(reference, device);
  if (slopes.kept() < 1) return out;
  const double slope = slopes.shifted_median();
  if (!std::isfinite(slope)) return out;
  out.slope.value = slope;
  out.intercept.value = median_offset(reference, device, slope);
  const double n = static_cast<double>(out.n);
  const double half =
      normal_quantile(1 - (1 - confidence) / 2) * std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
  const auto first =
      static_cast<std::int64_t>(std::round((static_cast<double>(slopes.kept()) - half) / 2));
  out.slope.interval.low = slopes.shifted(first);
  out.slope.interval.high = slopes.shifted(slopes.kept() - first + 1);
  if (std::isfinite(out.slope.interval.low))
    out.intercept.interval.high = median_offset(reference, device, out.slope.interval.low);
  if (std::isfinite(out.slope.interval.high))
    out.intercept.interval.low = median_offset(reference, device, out.slope.interval.high);
  return out;
}

}  // namespace carebench::stats
