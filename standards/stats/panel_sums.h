// The sums of the panel, over pairs of device y and reference x, e = y - x. What comes out depends
// on the values and their order alone: four fixed lanes, fixed chunks, and parts that are joined in
// their order (Chan, Golub, LeVeque 1983). No instruction set changes a bit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace carebench::stats {

struct PanelSums {
  std::int64_t n = 0;
  std::int64_t finite = 0;         // pairs whose error is a finite number
  std::int64_t percent_pairs = 0;  // pairs with a reference other than 0
  double mean = 0, squares = 0;    // of e, and of e about the mean
  double absolute = 0;             // sum of |e|
  double relative = 0;             // sum of |e| / |x|
  double max_abs = 0;

  void append(const PanelSums& next);
};

// At most this many pairs at a time; `errors` takes the differences.
inline constexpr std::size_t panel_chunk = 2048;
PanelSums sum_chunk(const double* device, const double* reference, std::size_t n, double* errors);

}  // namespace carebench::stats
