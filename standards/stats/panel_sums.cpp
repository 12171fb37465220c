#include "standards/stats/panel_sums.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

namespace carebench::stats {
namespace {

// Two lanes in one register of every 64-bit processor; GCC and Clang know these vectors, and make
// two plain numbers of them elsewhere.
using Pair = double __attribute__((vector_size(16)));
using Flags = std::int64_t __attribute__((vector_size(16)));

constexpr double greatest = std::numeric_limits<double>::max();

inline Pair load(const double* from) {
  Pair out;
  std::memcpy(&out, from, sizeof out);
  return out;
}

inline Pair magnitude(Pair x) {
  constexpr std::int64_t all_but_sign = std::numeric_limits<std::int64_t>::max();
  return reinterpret_cast<Pair>(reinterpret_cast<Flags>(x) & Flags{all_but_sign, all_but_sign});
}

inline Pair where(Flags flags, Pair x) {
  return reinterpret_cast<Pair>(reinterpret_cast<Flags>(x) & flags);
}

// Two lanes of the four.
struct Lanes {
  Pair sum{}, absolute{}, relative{}, max_abs{};
  Flags finite{}, percent_pairs{};  // minus one for each

  void add(Pair device, Pair reference, double* error) {
    const Pair e = device - reference, size = magnitude(e), x = magnitude(reference);
    std::memcpy(error, &e, sizeof e);
    const Flags is_finite = size <= Pair{greatest, greatest}, has_percent = x > Pair{};
    sum += e;
    absolute += size;
    relative += where(has_percent, size / x);
    max_abs = size > max_abs ? size : max_abs;
    finite += is_finite;
    percent_pairs += has_percent;
  }
};

double total(Pair a, Pair b) { return (a[0] + a[1]) + (b[0] + b[1]); }
std::int64_t count(Flags a, Flags b) { return -(a[0] + a[1] + b[0] + b[1]); }

}  // namespace

void PanelSums::append(const PanelSums& next) {
  if (next.n == 0) return;
  const double here = static_cast<double>(n), there = static_cast<double>(next.n);
  const double all = here + there, off = next.mean - mean;
  mean += off * (there / all);
  squares += next.squares + off * off * (here * there / all);
  n += next.n;
  finite += next.finite;
  percent_pairs += next.percent_pairs;
  absolute += next.absolute;
  relative += next.relative;
  max_abs = std::max(max_abs, next.max_abs);
}

PanelSums sum_chunk(const double* device, const double* reference, std::size_t n, double* errors) {
  assert(n <= panel_chunk);
  std::array<Lanes, 2> lanes;
  const std::size_t even = n - n % 4;
  for (std::size_t i = 0; i < even; i += 4)
    for (std::size_t k = 0; k < 2; ++k)
      lanes[k].add(load(device + i + 2 * k), load(reference + i + 2 * k), errors + i + 2 * k);
  PanelSums out;
  out.n = static_cast<std::int64_t>(n);
  double sum = total(lanes[0].sum, lanes[1].sum);
  out.absolute = total(lanes[0].absolute, lanes[1].absolute);
  out.relative = total(lanes[0].relative, lanes[1].relative);
  out.finite = count(lanes[0].finite, lanes[1].finite);
  out.percent_pairs = count(lanes[0].percent_pairs, lanes[1].percent_pairs);
  for (const Lanes& one : lanes)
    out.max_abs = std::max({out.max_abs, one.max_abs[0], one.max_abs[1]});
  for (std::size_t i = even; i < n; ++i) {
    const double e = device[i] - reference[i], size = std::abs(e), x = std::abs(reference[i]);
    errors[i] = e;
    sum += e;
    out.absolute += size;
    if (x > 0) out.relative += size / x;
    out.percent_pairs += x > 0;
    out.finite += size <= greatest;
    out.max_abs = std::max(out.max_abs, size);
  }
  out.mean = n == 0 ? 0 : sum / static_cast<double>(n);
  const Pair mean = {out.mean, out.mean};
  std::array<Pair, 2> squares{};
  for (std::size_t i = 0; i < even; i += 4)
    for (std::size_t k = 0; k < 2; ++k) {
      const Pair off = load(errors + i + 2 * k) - mean;
      squares[k] += off * off;
    }
  out.squares = total(squares[0], squares[1]);
  for (std::size_t i = even; i < n; ++i)
    out.squares += (errors[i] - out.mean) * (errors[i] - out.mean);
  return out;
}

}  // namespace carebench::stats
