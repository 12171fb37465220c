// The plot of a quantity that is led through an alarm's threshold: its course, and bars at the top
// while the alarm was on.
#pragma once

#include <span>

#include "profiles/measuring/threshold_alarm.h"
#include "standards/vocab/run_record.h"

namespace carebench {

Figure threshold_figure(std::span<const CoursePoint> course, std::span<const AlarmEdge> edges,
                        bool on_at_first, const ThresholdRule& rule, double ends_s, Unit unit);

}  // namespace carebench
