// What a calibration certificate says of an instrument, and whether it holds on a day. Pure.
//
// Between two points of a certificate, its error and its uncertainty are interpolated linearly;
// beyond the points and outside the range nothing is known, and the last point's values stand in
// for a report that then makes no statement. error = indication - true value, at the indication.
#pragma once

#include <string>
#include <vector>

#include "standards/uncertainty.h"

namespace carebench {

struct CalibrationPoint {
  double at = 0, error = 0;                              // in the unit of the range
  double expanded_uncertainty = 0, coverage_factor = 2;  // U > 0, k > 0
};

// One quantity of one instrument.
struct CalibratedRange {
  std::string quantity;
  Unit unit;
  double low = 0, high = 0, expanded_uncertainty = 0, coverage_factor = 2;
  double resolution = 0;                 // smallest step of its display, 0 = not given
  std::vector<CalibrationPoint> points;  // rising; none: U of the range holds everywhere in it
  Budget components;  // what else moves its readings: drift since calibration, setting, ambience

  bool covers(double indication) const;  // inside range and points
  double error(double indication) const;
  double expanded(double indication) const;  // U
  double standard(double indication) const;  // U/k
  // The largest U between two indications; over all of the range where low > high.
  double largest_expanded(double from, double to) const;
};

// A certificate's dates are calendar days (as carebench writes them, UTC): valid from the day of
// calibration to the due day, both included.
struct Calibration {
  std::string certificate, calibrated, due;
};
// "valid", "overdue", "not yet valid", "no certificate given", "no calibration date given",
// "no due date given": on all days from `first` to `last` (days since 1970-01-01).
std::string calibration_state(const Calibration& calibration, std::int64_t first,
                              std::int64_t last);
// In words: "calibration overdue since 2026-05-31"; empty for "valid".
Text2 calibration_problem(const Calibration& calibration, std::string_view state);

// {quantity, unit, low, high, U, k, resolution, points: [{at, error, U, k}], components: [...]}; U
// may be left out where there are points.
CalibratedRange read_calibrated_range(const yaml::Node& node, Problems& problems);

}  // namespace carebench
