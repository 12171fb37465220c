// Statistics that look at each pair by itself: every error against its own bound, shares inside a
// band, zones of an error grid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "profiles/series/asked_statistic.h"

namespace carebench {

// The pairs of one group.
struct Group {
  std::string name;
  std::vector<double> device, reference, errors;
  std::vector<std::uint32_t> subject;  // 0 … subjects-1
  std::uint32_t subjects = 0;

  void add(const PairsTable& table, std::size_t i);
  std::int64_t n() const { return static_cast<std::int64_t>(device.size()); }
  bool repeated() const { return subjects < device.size(); }

 private:
  std::vector<std::uint32_t> local_;
};

void add_note(AskedStatistic& statistic, const std::string& text);

// `factor`: from readings to the unit of the limit, the band, the grid (mg/dL).
// each, each_percent: the error that is worst against what the limit allows at its pair.
AskedStatistic worst_pair(const Group& group, const Limit& limit, Unit unit, double factor);
// share_within: counts, with the Clopper-Pearson interval.
AskedStatistic share_in_band(const Group& group, const Limit& limit, const Bound& band,
                             double factor);
// error_each_mpe: the largest |e| / MPE(reference); infinite where the band says nothing.
AskedStatistic largest_in_band(const Group& group, const Bound& band, double factor);
// share_zone_ab of the limit's grid; readings are glucose.
AskedStatistic share_in_zones_ab(const Group& group, const Limit& limit, double factor);

}  // namespace carebench
