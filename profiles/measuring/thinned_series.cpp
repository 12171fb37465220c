#include "profiles/measuring/thinned_series.h"

#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {

void ThinnedSeries::Stretch::merge(const Stretch& next) {
  hole_before = hole_before || next.hole_before;
  const bool lower = next.low<low, higher = next.high> high;
  if (lower) low = next.low, low_x = next.low_x;
  if (higher) high = next.high, high_x = next.high_x;
  if (lower && higher)
    low_first = next.low_first;
  else if (lower)
    low_first = false;
  else if (higher)
    low_first = true;
  points += next.points;
}

void ThinnedSeries::close() {
  stretches_.push_back(open_);
  open_ = {};
  // Each stretch shows as two points at most.
  if (stretches_.size() < most_) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < stretches_.size(); i += 2) {
    Stretch merged = stretches_[i];
    if (i + 1 < stretches_.size()) merged.merge(stretches_[i + 1]);
    stretches_[kept++] = merged;
  }
  stretches_.resize(kept);
  stride_ *= 2;
}

Figure::Series ThinnedSeries::series(Text2 name) const {
  Figure::Series out{std::move(name), {}, {}};
  const auto put = [&](double x, double y) {
    out.x.push_back(x);
    out.y.push_back(y);
  };
  const auto draw = [&](const Stretch& one) {
    if (one.points == 0) return;
    const double first_x = one.low_first ? one.low_x : one.high_x;
    if (one.hole_before && !out.x.empty()) put(first_x, std::nan(""));
    put(first_x, one.low_first ? one.low : one.high);
    if (one.high > one.low)
      put(one.low_first ? one.high_x : one.low_x, one.low_first ? one.high : one.low);
  };
  for (const Stretch& one : stretches_) draw(one);
  draw(open_);
  return out;
}

std::string ThinnedSeries::note() const {
  if (stride_ == 1) return "";
  return cat("thinned from ", points_, " points; of each ", stride_,
             " the lowest and the highest are drawn");
}

}  // namespace carebench
