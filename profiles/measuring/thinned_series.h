// A curve drawn while it comes in, in constant memory: once more points have come than a figure
// needs, neighbours are merged two by two, and of each stretch the lowest and the highest point
// stay. A hole is a point without value (NaN), where the curve is interrupted.
#pragma once

#include <vector>

#include "standards/vocab/run_record.h"

namespace carebench {

class ThinnedSeries {
 public:
  explicit ThinnedSeries(std::size_t most = 400) : most_(most) {}
  void add(double x, double y) {
    ++points_;
    open_.take(x, y);
    if (open_.points == stride_) close();
  }
  void hole() { open_.hole_before = true; }  // before the next point
  std::size_t points() const { return points_; }
  Figure::Series series(Text2 name) const;
  std::string note() const;  // "thinned from 100000 points", or ""

 private:
  struct Stretch {
    std::size_t points = 0;
    double low_x = 0, low = 0, high_x = 0, high = 0;
    bool hole_before = false;
    bool low_first = true;
    void take(double x, double y) {
      if (points == 0 || y < low) low = y, low_x = x, low_first = points == 0;
      if (points == 0 || y > high) high = y, high_x = x, low_first = true;
      ++points;
    }
    void merge(const Stretch& next);
  };
  void close();

  std::size_t most_, stride_ = 1, points_ = 0;
  std::vector<Stretch> stretches_;
  Stretch open_;
};

}  // namespace carebench
