#include "reports/plot/axis.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench::plot {
namespace {

double nice_step(double rough) {
  const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
  const double mantissa = rough / magnitude;
  return magnitude * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}

}  // namespace

bool drawable(double value) { return std::isfinite(value) && std::abs(value) < 1e100; }

Axis nice_axis(double low, double high, int about_ticks) {
  if (!drawable(low) || !drawable(high) || low > high) low = 0, high = 1;
  // Values that differ by rounding only are one value.
  const double least = std::max(std::abs(low), std::abs(high)) * 1e-9;
  if (high - low <= least) {
    const double around = low == 0 ? 1 : std::abs(low) * 0.1;
    low -= around;
    high += around;
  }
  Axis axis;
  axis.step = nice_step((high - low) / about_ticks);
  axis.low = std::floor(low / axis.step + 1e-9) * axis.step;
  axis.high = std::ceil(high / axis.step - 1e-9) * axis.step;
  return axis;
}

std::vector<double> Axis::ticks() const {
  std::vector<double> out;
  const double first = std::ceil(low / step - 1e-6);
  const double last = std::min(std::floor(high / step + 1e-6), first + 50);
  for (double i = first; i <= last; ++i) out.push_back(i * step);
  return out;
}

std::string Axis::tick_text(double value) const {
  if (std::abs(value) < step * 1e-6) return "0";
  const double largest = std::max(std::abs(low), std::abs(high));
  const int digits = static_cast<int>(std::ceil(std::log10(largest / step))) + 2;
  return number(value, std::clamp(digits, 3, 12));
}

}  // namespace carebench::plot
