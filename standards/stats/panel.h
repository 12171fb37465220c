// One pass over pairs of device y and reference x that gives all of the usual figures of agreement,
// e = y - x:
//   bias = mean of e; sd with n - 1; rms (Arms) = sqrt(mean of e^2); mae = mean of |e|;
//   mape (MARD) = mean of 100 |e|/|x| over the pairs with x other than 0, which are counted;
//   limits of agreement bias +- 1.959964 sd with Carkeet's intervals;
//   P5, P50, P95, P99 of e by nearest rank;
//   zones of the Clarke and both consensus (Parkes) grids, where the pairs are glucose in mg/dL.
// Units: those of the readings; mape in %.
//
// The same bits come out on every run, for any number of threads: pairs are cut in blocks of a
// fixed size, sums have a fixed number of lanes, and blocks are joined in their order. Memory is
// bounded whatever the number of pairs: percentiles are selected by counting, without a copy.
//
// Every pair enters. NaN and infinities never do: a pair with one makes the panel say so in
// `not_finite`, and every figure is NaN; callers refuse or count such readings before. n = 0: NaN.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "standards/stats/error_grid.h"
#include "standards/stats/limits_of_agreement.h"

namespace carebench::stats {

struct PanelOptions {
  bool glucose_mg_dl = false;  // count the zones; readings are then >= 0
  unsigned threads = 1;
};

struct Panel {
  std::int64_t n = 0;
  std::int64_t not_finite = 0;
  double bias = 0, sd = 0, rms = 0, mae = 0;  // sd: NaN for n < 2
  double max_abs = 0;                         // the largest |e|
  double mape = 0;                            // %, NaN when every reference is 0
  std::int64_t zero_references = 0;           // pairs left out of mape
  LimitsOfAgreement loa;
  double p5 = 0, p50 = 0, p95 = 0, p99 = 0;
  std::optional<ZoneCounts> clarke, parkes_1, parkes_2;
};
// device.size() == reference.size() (asserted).
Panel panel(std::span<const double> device, std::span<const double> reference,
            const PanelOptions& options = {});

// MdAPE: the median (nearest rank) of 100 |e|/|x| over the pairs with x other than 0, in %. NaN for
// none. Values finite; 8 octets a pair.
double median_percentage_error(std::span<const double> device, std::span<const double> reference);

}  // namespace carebench::stats
