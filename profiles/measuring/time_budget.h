// The uncertainty of times by the bench's clock, as components of a budget (JCGM 100), in s.
//
// Both ends of an interval bear the stamp uncertainty of their link; a latency also bears how late
// the bench wakes up; and a quartz is within 100 ppm, one that is being disciplined no faster than
// that in the mean (rectangular, 4.3.7). Virtual time is exact.
#pragma once

#include "profiles/context.h"

namespace carebench {

// Components that every time of one kind has, and the clock's rate, which grows with the time.
struct TimeBudget {
  Budget fixed;
  double rate = 0;  // half-width, relative
  Budget of(double seconds) const;
  // Of a rate, a drift: the relative uncertainty of the clock times `sensitivity`.
  UncertaintyComponent clock_rate(double sensitivity) const;
};

// Of a time between two stamps of a link.
TimeBudget interval_budget(const Facts& facts);
// Of a time from an operation of ours to what came in, or between two arrivals that somebody waits
// for: how late this bench wakes up is measured once a run (Context).
Result<TimeBudget> latency_budget(Context& context, const Port& port);

}  // namespace carebench
