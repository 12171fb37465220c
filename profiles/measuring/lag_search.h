// By how much do the readings of a device run behind those of a reference? Averaging makes a device
// late, and two clocks that were set by hand differ. The lag is the one at which the deviations
// scatter least (standard deviation of the pairs, n - 1: an offset of the values does not count),
// of all lags within +-`most`: a hundred steps to each side, then ten finer ones on each side of
// the best. Of equally good ones the smallest. Pairs are those of pairing.h, nothing is resampled.
//
// A lag that is searched makes the deviations look as small as they can be: it belongs in the
// report, beside what they are without it.
#pragma once

#include <cstdint>
#include <span>

#include "profiles/measuring/pairing.h"

namespace carebench {

struct TimedReading {
  Stamp stamp;
  double value = 0;
};

struct LagFound {
  Duration lag;         // > 0: the device runs behind
  Duration resolution;  // distance of the lags that were tried last
  std::int64_t pairs = 0;
  double sd = 0, sd_without = 0;  // at this lag, and at none; NaN with fewer than two pairs
  bool at_the_edge = false;       // the best lag may lie beyond `most`
};
// Both in the order of time. Lags with less than nine tenths of the most pairs there are at any lag
// are no candidates: few pairs scatter little by chance.
LagFound search_lag(std::span<const TimedReading> device, std::span<const TimedReading> reference,
                    Duration tolerance, Duration most);

// Pairs of the two with the device's stamps moved back by the lag; calls take(ReadingPair).
template <class Take>
void pair_with_lag(std::span<const TimedReading> device, std::span<const TimedReading> reference,
                   Duration tolerance, Duration lag, Take&& take) {
  Pairing pairing(tolerance);
  std::size_t d = 0, r = 0;
  while (d < device.size() || r < reference.size()) {
    const bool from_device =
        r == reference.size() ||
        (d < device.size() && device[d].stamp.ns - lag.ns <= reference[r].stamp.ns);
    const auto settled =
        from_device
            ? pairing.add(Pairing::Side::device, {device[d].stamp.ns - lag.ns}, device[d].value)
            : pairing.add(Pairing::Side::reference, reference[r].stamp, reference[r].value);
    ++(from_device ? d : r);
    if (settled) take(*settled);
  }
  if (const auto last = pairing.finish()) take(*last);
}

}  // namespace carebench
