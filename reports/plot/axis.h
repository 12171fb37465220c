// One axis of a plot: a range that ends on nice numbers (1, 2 or 5 times a power of ten), its
// ticks, and the way from a value to a place on the paper.
#pragma once

#include <string>
#include <vector>

namespace carebench::plot {

struct Axis {
  double low = 0, high = 1, step = 0.2;
  double from = 0, to = 1;  // on the paper, of low and high

  double place(double value) const { return from + (value - low) / (high - low) * (to - from); }
  bool holds(double value) const { return value >= low && value <= high; }
  std::vector<double> ticks() const;
  std::string tick_text(double value) const;  // as many digits as neighbours need to differ
};

// Grows to whole steps. An empty or senseless range becomes a sensible one around it.
Axis nice_axis(double low, double high, int about_ticks);

// Finite, and small enough to calculate with.
bool drawable(double value);

}  // namespace carebench::plot
