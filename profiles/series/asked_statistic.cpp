#include "profiles/series/asked_statistic.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "profiles/series/pairwise.h"
#include "standards/statistic.h"
#include "standards/stats/anova.h"
#include "standards/stats/blood_pressure.h"
#include "standards/stats/bootstrap.h"
#include "standards/stats/concordance.h"
#include "standards/stats/icc.h"
#include "standards/stats/moments.h"
#include "standards/stats/panel.h"
#include "standards/stats/percentiles.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

class Computing {
 public:
  Computing(const PairsTable& table, const Limit& limit)
      : table_(table), limit_(limit), spec_(find_statistic(limit.statistic)) {}

  Result<AskedStatistic> run() {
    if (!spec_ || spec_->data == StatisticSpec::Data::events ||
        spec_->data == StatisticSpec::Data::values)
      return fail(Errc::unsupported, Blame::profile,
                  cat("the limit ", limit_.id, " is about ",
                      limit_.statistic.empty() ? "no statistic" : limit_.statistic,
                      ": a series of pairs does not give that"));
    if (limit_.statistic == "s_corr")
      return fail(Errc::unsupported, Blame::profile,
                  cat("the limit ", limit_.id,
                      " is about s_corr, whose formula (ISO 81060-3) is "
                      "not established here"));
    if (auto chosen = choose_unit(); !chosen) return tl::unexpected(chosen.error());
    auto groups = group();
    if (!groups) return tl::unexpected(groups.error());
    AskedStatistic worst;
    worst.value = nothing;
    std::vector<std::string> others;
    for (const Group& one : *groups) {
      auto computed = compute(one);
      if (!computed) return computed;
      if (groups->size() > 1)
        others.push_back(
            cat(printable(one.name), ": ", number(computed->value, 6), " (n = ", one.n(), ")"));
      if (&one == &groups->front() || worse(computed->value, worst.value))
        worst = std::move(*computed);
    }
    if (others.size() > 1 && others.size() <= 100)
      add_note(worst, cat("the worst of ", limit_.aggregation, ": ", join(others, ", ")));
    if (outside_ > 0)
      add_note(worst, cat(outside_, " pairs outside ",
                          limit_.domain->span.text(limit_.domain->by, limit_.domain->unit.symbol()),
                          " are no part of it"));
    worst.unit = spec_->scale == StatisticSpec::Scale::quantity ? table_.unit
                 : limit_.unit.code() == "%"                    ? *Unit::parse("%")
                                                                : Unit();
    return worst;
  }

 private:
  // Of what each pair is held against, if it is: the limit, its band or its grid.
  Result<void> choose_unit() {
    const bool percent = limit_.statistic == "each_percent";
    const bool zones = limit_.statistic == "share_zone_ab";
    if (limit_.band.empty() && !zones && (!spec_->by_pair() || percent)) return {};
    for (const Bound& band : limit_.band)
      if (band.unit == table_.unit) band_ = &band;
    if (!band_ && !limit_.band.empty()) band_ = &limit_.band.front();
    const Unit unit = zones ? *Unit::parse("mg/dL") : band_ ? band_->unit : limit_.unit;
    if (zones && !table_.glucose)
      return fail(Errc::unsupported, Blame::profile,
                  cat("the limit ", limit_.id, " is about an error grid of glucose"));
    const auto factor = table_.factor_to(unit);
    if (!factor)
      return fail(
          Errc::unsupported, Blame::profile,
          cat(limit_.id, " is in ", unit.code(), ", the readings are in ", table_.unit.code()));
    factor_ = *factor;
    return {};
  }

  Result<std::vector<Group>> group() {
    const std::string& by = limit_.aggregation;
    const std::vector<std::uint32_t>* index = nullptr;
    std::size_t count = 1;
    if (by == "each_subject") index = &table_.subject, count = table_.subjects.size();
    if (by == "each_lot" && !table_.lot.empty()) index = &table_.lot, count = table_.lots.size();
    if (by == "each_stratum" && !table_.stratum.empty())
      index = &table_.stratum, count = table_.strata.size();
    std::vector<Group> groups(count);
    for (std::size_t g = 0; g < count; ++g)
      groups[g].name = !index                 ? ""
                       : by == "each_subject" ? table_.subjects[g].name
                       : by == "each_lot"     ? table_.lots[g]
                                              : table_.strata[g];
    for (std::size_t i = 0; i < table_.device.size(); ++i) {
      if (!inside(i)) {
        ++outside_;
        continue;
      }
      groups[index ? (*index)[i] : 0].add(table_, i);
    }
    return groups;
  }

  bool inside(std::size_t i) const {
    if (!limit_.domain) return true;
    const double value = limit_.domain->by == "device" ? table_.device[i] : table_.reference[i];
    const auto converted = table_.unit.convert(value, limit_.domain->unit);
    const auto scale = table_.factor_to(limit_.domain->unit);
    return limit_.domain->span.contains(converted ? *converted : scale ? value * *scale : value);
  }

  // Is `a` worse for the limit than `b`? What is no number is worst.
  bool worse(double a, double b) const {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a);
    switch (limit_.comparison) {
      case Comparison::ge:
      case Comparison::gt:
        return a < b;
      case Comparison::abs_le:
        return std::abs(a) > std::abs(b);
      case Comparison::within:
        return std::max(limit_.low - a, a - limit_.high) >
               std::max(limit_.low - b, b - limit_.high);
      default:
        return a > b;
    }
  }

  Result<AskedStatistic> compute(const Group& group) const {
    AskedStatistic out;
    out.n = group.n();
    out.value = nothing;
    if (group.n() == 0) return out;
    const std::string_view id = spec_->id;
    if (spec_->by_pair()) return worst_pair(group, limit_, table_.unit, factor_);
    if (id == "share_within") return share_in_band(group, limit_, *band_, factor_);
    if (id == "error_each_mpe") return largest_in_band(group, *band_, factor_);
    if (id == "share_zone_ab") return share_in_zones_ab(group, limit_, factor_);
    if (id == "abs_percentile") return abs_percentile(group);
    if (spec_->data == StatisticSpec::Data::repeats) return repeats(group, id);
    if (id == "icc" || id == "ccc" || id == "correlation") return relation(group, id);
    if (id == "sm") {
      out.value =
          group.subjects > 1 ? stats::subject_mean_sd(group.errors, group.subject) : nothing;
      out.n = group.subjects;
      return out;
    }
    return of_panel(group, id);
  }

  AskedStatistic of_panel(const Group& group, std::string_view id) const {
    AskedStatistic out;
    out.n = group.n();
    const stats::Panel panel = stats::panel(group.device, group.reference);
    const bool enough = group.n() > 1;
    double mean_reference = 0;
    for (const double x : group.reference) mean_reference += x / static_cast<double>(group.n());
    out.value = id == "bias"            ? panel.bias
                : id == "sd"            ? (enough ? panel.sd : nothing)
                : id == "rms"           ? panel.rms
                : id == "mae"           ? panel.mae
                : id == "max_abs"       ? panel.max_abs
                : id == "mape"          ? panel.mape
                : id == "mard"          ? panel.mape
                : id == "loa_low"       ? panel.loa.low
                : id == "loa_high"      ? panel.loa.high
                : id == "relative_bias" ? 100 * panel.bias / mean_reference
                                        : nothing;
    if (id == "relative_bias" && limit_.unit.code() != "%") out.value /= 100;
    if ((id == "mape" || id == "mard") && panel.zero_references > 0)
      add_note(out, cat(panel.zero_references, " pairs with a reference of 0 are no part of it"));
    if ((id == "mape" || id == "mard") && limit_.unit.code() != "%") out.value /= 100;
    if (!group.repeated()) {
      if (id == "bias") out.interval = stats::mean_interval(group.n(), panel.bias, panel.sd);
      if (id == "sd") out.interval = stats::sd_interval(group.n(), panel.sd);
      if (id == "loa_low") out.interval = panel.loa.low_interval;
      if (id == "loa_high") out.interval = panel.loa.high_interval;
      return out;
    }
    const auto booted = stats::bootstrap_errors(group.device, group.reference, group.subject);
    const auto take = [&](const Interval& interval) { out.interval = interval; };
    if (id == "bias") take(booted.bias);
    if (id == "sd") take(booted.sd);
    if (id == "rms") take(booted.rms);
    if (id == "mae") take(booted.mae);
    if (id == "loa_low") take(booted.loa_low);
    if (id == "loa_high") take(booted.loa_high);
    if ((id == "mape" || id == "mard") && limit_.unit.code() == "%") take(booted.mape);
    return out;
  }

  AskedStatistic abs_percentile(const Group& group) const {
    AskedStatistic out;
    out.n = group.n();
    std::vector<double> sizes;
    for (const double error : group.errors) sizes.push_back(std::abs(error));
    std::sort(sizes.begin(), sizes.end());
    out.value = stats::percentile_sorted(sizes, limit_.p);
    const double asked = limit_.interval_confidence();
    out.interval = stats::percentile_interval(sizes, limit_.p, asked > 0 ? asked : 0.95);
    return out;
  }

  AskedStatistic repeats(const Group& group, std::string_view id) const {
    AskedStatistic out;
    out.n = group.n();
    const stats::OneWay table = stats::one_way(group.device, group.subject);
    const stats::Precision precision = stats::precision(table);
    out.value = precision.repeatability_sd;
    if (id == "repeatability_cv")
      out.value = (limit_.unit.code() == "%" ? 100 : 1) * precision.repeatability_sd / table.mean;
    if (id == "intermediate_precision") out.value = precision.intermediate_sd;
    if (id == "repeatability") out.interval = precision.repeatability_interval;
    if (id == "repeatability_range") out.value = largest_range(group);
    return out;
  }

  static double largest_range(const Group& group) {
    std::vector<std::pair<double, double>> ends(
        group.subjects,
        {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()});
    for (std::size_t i = 0; i < group.device.size(); ++i) {
      auto& [low, high] = ends[group.subject[i]];
      low = std::min(low, group.device[i]);
      high = std::max(high, group.device[i]);
    }
    double largest = 0;
    for (const auto& [low, high] : ends) largest = std::max(largest, high - low);
    return largest;
  }

  AskedStatistic relation(const Group& group, std::string_view id) const {
    AskedStatistic out;
    out.n = group.n();
    stats::Estimate estimate;
    if (id == "icc") {
      std::vector<double> rows;
      for (std::size_t i = 0; i < group.device.size(); ++i) {
        rows.push_back(group.device[i]);
        rows.push_back(group.reference[i]);
      }
      estimate = stats::intraclass(rows, 2).single[1];
      add_note(out, "ICC(2,1): two-way random, absolute agreement");
    } else {
      estimate = id == "ccc" ? stats::concordance(group.device, group.reference)
                             : stats::correlation(group.device, group.reference);
    }
    out.value = estimate.value;
    out.interval = estimate.interval;
    return out;
  }

  const PairsTable& table_;
  const Limit& limit_;
  const StatisticSpec* spec_;
  const Bound* band_ = nullptr;
  double factor_ = 1;
  std::int64_t outside_ = 0;
};

}  // namespace

Result<AskedStatistic> asked_statistic(const PairsTable& table, const Limit& limit) {
  return Computing(table, limit).run();
}

}  // namespace carebench
