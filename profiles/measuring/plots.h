// Figures whose statistics somebody else computed: all that is drawn comes in, and goes into the
// record as it is. Thin the points first (thinned_series.h, context.h): they are written into
// run.json one by one.
#pragma once

#include <cstdint>
#include <optional>

#include "standards/stats/error_grid.h"
#include "standards/stats/limits_of_agreement.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// e = device - reference against the mean of the two; or against the reference, where that is far
// more precise than the device.
struct BlandAltmanData {
  Text2 title;
  Unit unit;
  Figure::Series points;  // x mean or reference, y device - reference
  bool against_reference = false;
  std::int64_t n = 0;
  double bias = 0;
  Interval bias_interval;
  double low = 0, high = 0;  // limits of agreement
  std::optional<Interval> low_interval, high_interval;
};
Figure bland_altman_figure(BlandAltmanData data);

// Points (x reference, y device) in the grid of zones. `per_mg_dl`: how much one mg/dL is in `unit`
// (mg/dL: 1; mmol/L: 1/18, as the grids are drawn in milligrams).
Figure parkes_figure(stats::Parkes type, Figure::Series points, Unit unit, double per_mg_dl = 1);
Figure clarke_figure(Figure::Series points, Unit unit, double per_mg_dl = 1);

}  // namespace carebench
