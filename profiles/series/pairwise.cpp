#include "profiles/series/pairwise.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "standards/stats/error_grid.h"
#include "standards/stats/proportions.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// How far an error of `value` lies beyond what its pair allows; both in the limit's unit.
double excess_of(const Limit& limit, Unit unit, double value, double reference, double device) {
  double most = limit.value;
  if (limit.bound && limit.bound->by_pair()) {
    const double by = limit.bound->by == "device" ? device : reference;
    const auto index = unit.convert(by, limit.bound->by_unit);
    const auto at = limit.bound->at(index ? *index : by);
    if (!at) return infinite;  // the limit says nothing there: look at it
    most = at->value;
  }
  switch (limit.comparison) {
    case Comparison::ge:
    case Comparison::gt:
      return most - value;
    case Comparison::abs_le:
      return std::abs(value) - most;
    case Comparison::within:
      return std::max(limit.low - value, value - limit.high);
    default:
      return value - most;
  }
}

AskedStatistic share_of(std::int64_t x, const Limit& limit, AskedStatistic out) {
  const double scale = limit.unit.code() == "%" ? 100 : 1;
  out.value = scale * static_cast<double>(x) / static_cast<double>(out.n);
  const double asked = limit.interval_confidence();
  Interval interval = stats::clopper_pearson(x, out.n, asked > 0 ? asked : 0.95);
  interval.low *= scale;
  interval.high *= scale;
  out.interval = interval;
  add_note(out, cat(x, " of ", out.n));
  return out;
}

struct BandCount {
  std::int64_t within = 0, no_band = 0;
  double largest = 0;
};

BandCount count(const Group& group, const Bound& band, double factor) {
  BandCount counted;
  for (std::size_t i = 0; i < group.errors.size(); ++i) {
    const double by = (band.by == "device" ? group.device[i] : group.reference[i]) * factor;
    const auto allowed = band.at(by);
    if (!allowed) {
      ++counted.no_band;
      counted.largest = infinite;
      continue;
    }
    const double error = std::abs(group.errors[i]) * factor;
    // 0.83 and 5.83 - 5.0 differ in binary only.
    counted.within += error <= allowed->value + 1e-12 * std::max(allowed->value, by);
    counted.largest = std::max(counted.largest, error / allowed->value);
  }
  return counted;
}

AskedStatistic with_remark(const Group& group, const BandCount& counted) {
  AskedStatistic out;
  out.n = group.n();
  if (counted.no_band > 0)
    add_note(out, cat(counted.no_band, " pairs lie where the band says nothing: outside"));
  return out;
}

}  // namespace

void Group::add(const PairsTable& table, std::size_t i) {
  constexpr std::uint32_t missing = 0xFFFF'FFFF;
  device.push_back(table.device[i]);
  reference.push_back(table.reference[i]);
  errors.push_back(table.device[i] - table.reference[i]);
  const std::uint32_t global = table.subject[i];
  if (global >= local_.size()) local_.resize(global + 1, missing);
  if (local_[global] == missing) local_[global] = subjects++;
  subject.push_back(local_[global]);
}

void add_note(AskedStatistic& statistic, const std::string& text) {
  statistic.note += cat(statistic.note.empty() ? "" : "; ", text);
}

AskedStatistic worst_pair(const Group& group, const Limit& limit, Unit unit, double factor) {
  AskedStatistic out;
  out.n = group.n();
  out.value = std::numeric_limits<double>::quiet_NaN();
  const bool percent = limit.statistic == "each_percent";
  const double scale = percent && limit.unit.code() == "%" ? 100 : 1;
  double worst = -infinite;
  for (std::size_t i = 0; i < group.errors.size(); ++i) {
    if (percent && group.reference[i] == 0) continue;
    const double error =
        percent ? scale * group.errors[i] / std::abs(group.reference[i]) : group.errors[i];
    const double excess = excess_of(limit, unit, percent ? error : error * factor,
                                    group.reference[i], group.device[i]);
    if (!(excess > worst)) continue;
    worst = excess;
    out.value = error;
    out.at_reference = group.reference[i];
    out.at_device = group.device[i];
  }
  return out;
}

AskedStatistic share_in_band(const Group& group, const Limit& limit, const Bound& band,
                             double factor) {
  const BandCount counted = count(group, band, factor);
  return share_of(counted.within, limit, with_remark(group, counted));
}

AskedStatistic largest_in_band(const Group& group, const Bound& band, double factor) {
  const BandCount counted = count(group, band, factor);
  AskedStatistic out = with_remark(group, counted);
  out.value = counted.largest;
  return out;
}

AskedStatistic share_in_zones_ab(const Group& group, const Limit& limit, double factor) {
  AskedStatistic out;
  out.n = group.n();
  std::vector<double> device = group.device, reference = group.reference;
  for (double& value : device) value *= factor;
  for (double& value : reference) value *= factor;
  using stats::Parkes;
  const stats::ZoneCounts counts =
      limit.grid == "clarke"
          ? stats::clarke_counts(device, reference)
          : stats::parkes_counts(limit.grid == "consensus_type2" ? Parkes::type_2 : Parkes::type_1,
                                 device, reference);
  if (counts.near_line > 0)
    add_note(out, cat(counts.near_line, " pairs lie within 1 mg/dL of a line"));
  return share_of(counts.a_and_b(), limit, std::move(out));
}

}  // namespace carebench
