// The statistic that a limit is about, of a series of pairs: over the pairs of its domain, by lot,
// subject or stratum where the limit says so; then the group that is worst for the limit speaks for
// all, and a note tells the others.
#pragma once

#include <optional>
#include <string>

#include "profiles/series/pairs_table.h"
#include "standards/limit.h"

namespace carebench {

struct AskedStatistic {
  double value = 0;  // NaN: too few pairs, or a statistic that does not exist here
  std::int64_t n = 0;
  std::optional<Interval> interval;
  // Statistics of each pair: where the pair stands that is worst for the limit.
  std::optional<double> at_reference, at_device;
  std::string note;
  Unit unit;  // of value
};
// unsupported (blame profile) for a statistic that pairs cannot give.
Result<AskedStatistic> asked_statistic(const PairsTable& table, const Limit& limit);

}  // namespace carebench
