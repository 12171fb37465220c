#include "profiles/series/emit_series.h"

#include <algorithm>
#include <cmath>

#include "profiles/measuring/plots.h"
#include "profiles/measuring/reference_instrument.h"
#include "profiles/measuring/thinned_series.h"
#include "profiles/series/asked_statistic.h"
#include "profiles/series/pairwise.h"
#include "profiles/series/sample_check.h"
#include "standards/stats/bootstrap.h"
#include "standards/stats/moments.h"
#include "standards/stats/panel.h"
#include "standards/stats/weighing.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

std::string output_of(std::string_view statistic) {
  return cat("{quantity}.", statistic == "mard" ? "mape" : statistic);
}

// What the reference brings into every pair alike (JCGM 100): its certificate, as the mean over the
// readings, and what else the job says of it. The series holds true values as the laboratory has
// corrected them; nothing is corrected here.
Budget reference_budget(Context& context, const PairsTable& table) {
  const ReferenceInstrument instrument(context.instrument("reference"), table.unit);
  if (!instrument.known())
    return {standard({"参考（按配置给定）", "reference, as the profile says"},
                     context.with().number("reference_u"), table.unit, "profile: reference_u")};
  double expanded = 0, u = 0;
  for (const double x : table.reference) {
    expanded += instrument.expanded(x);
    u += instrument.u(x);
  }
  const double n = static_cast<double>(std::max<std::size_t>(1, table.reference.size()));
  Budget budget = instrument.components();
  budget.insert(budget.begin(), instrument.calibration(expanded / n, u / n));
  return budget;
}

class Series {
 public:
  Series(Context& context, PairsTable table)
      : context_(context),
        table_(std::move(table)),
        unit_(table_.unit),
        glucose_(context.with().boolean("glucose")),
        reference_(reference_budget(context, table_)) {}

  Result<void> run() {
    for (const std::string& note : table_.notes) context_.note(note);
    if (static_cast<std::int64_t>(table_.subjects.size()) < table_.n()) {
      const stats::BootstrapPlan plan;
      context_.note(
          cat("several pairs of a subject: intervals by cluster bootstrap over subjects, ",
              plan.replicates, " replicates, seed ", plan.seed));
    }
    if (!table_.added.empty())
      if (auto corrected = correct_weighing(); !corrected) return corrected;
    for (const auto& asked : context_.asked())
      if (auto emitted = emit_asked(asked.limit); !emitted) return emitted;
    emit_panel();
    look_at_the_plan();
    return {};
  }

 private:
  // OIML R 76-1 A.4.4.3: the error before rounding; what is on the display is a step of e wide.
  Result<void> correct_weighing() {
    const double e = context_.with().number("scale_interval");
    if (!(e > 0))
      return fail(Errc::bad_input, Blame::profile,
                  "the series has a column `added`: give scale_interval, or the claim on the "
                  "scale interval e in the job");
    double zero = 0;
    bool zero_seen = false;
    for (std::size_t i = 0; i < table_.device.size() && !zero_seen; ++i) {
      if (std::abs(table_.reference[i]) > 10 * e) continue;
      zero = stats::change_point_error(table_.device[i], e, table_.added[i], table_.reference[i]);
      zero_seen = true;
    }
    for (std::size_t i = 0; i < table_.device.size(); ++i)
      table_.device[i] =
          table_.reference[i] +
          stats::corrected_error(
              stats::change_point_error(table_.device[i], e, table_.added[i], table_.reference[i]),
              zero);
    context_.note(cat("errors before rounding, by the change points (e = ", e, " ", unit_.symbol(),
                      ")",
                      zero_seen ? cat("; error at zero ", number(zero, 6), " taken off")
                                : "; no load at or near zero: no error at zero taken off"));
    return {};
  }

  // `sensitivity`: of the value to an offset of the reference.
  Budget offset(double sensitivity) const {
    Budget budget;
    if (sensitivity == 0) return budget;
    for (const UncertaintyComponent& one : reference_)
      budget.push_back(times(one, one.sensitivity * sensitivity));
    return budget;
  }

  void put(std::string_view name, double value, double sensitivity = 0,
           std::optional<Interval> interval = {}, std::string note = {}) {
    if (defined_by_limit(name)) return;  // comes as the limit defines it
    const Unit unit = name == "mape" ? *Unit::parse("%") : unit_;
    context_.quantity(cat("{quantity}.", name), value, unit, offset(sensitivity), table_.n(), {},
                      std::move(interval), std::move(note));
  }

  bool defined_by_limit(std::string_view name) const {
    return std::any_of(context_.asked().begin(), context_.asked().end(), [&](const auto& asked) {
      return output_of(asked.limit.statistic) == cat("{quantity}.", name);
    });
  }

  void emit_panel() {
    stats::PanelOptions options;
    const auto to_mg_dl = table_.factor_to(*Unit::parse("mg/dL"));
    options.glucose_mg_dl = glucose_ && unit_.code() == "mg/dL";
    const stats::Panel panel = stats::panel(table_.device, table_.reference, options);
    const bool repeated = static_cast<std::int64_t>(table_.subjects.size()) < panel.n;
    stats::ErrorIntervals booted;
    if (repeated) booted = stats::bootstrap_errors(table_.device, table_.reference, table_.subject);
    const auto interval = [&](Interval booted_one, Interval plain) {
      return repeated ? booted_one : plain;
    };
    context_.number("{quantity}.n", static_cast<double>(panel.n), 0, panel.n);
    context_.number("{quantity}.subjects", static_cast<double>(table_.subjects.size()));
    context_.number("{quantity}.left_out", static_cast<double>(table_.left_out));
    const double sd = panel.n > 1 ? panel.sd : std::nan("");
    put("bias", panel.bias, 1,
        interval(booted.bias, stats::mean_interval(panel.n, panel.bias, panel.sd)));
    put("sd", sd, 0, interval(booted.sd, stats::sd_interval(panel.n, panel.sd)));
    put("rms", panel.rms, panel.rms > 0 ? std::abs(panel.bias) / panel.rms : 1,
        repeated ? std::optional(booted.rms) : std::nullopt);
    put("mae", panel.mae, 1, repeated ? std::optional(booted.mae) : std::nullopt);
    put("max_abs", panel.max_abs, 1);
    put("mape", panel.mape, 0, repeated ? std::optional(booted.mape) : std::nullopt,
        panel.zero_references > 0
            ? cat(panel.zero_references, " pairs with a reference of 0 are excluded")
            : "");
    put("loa_low", panel.loa.low, 1, interval(booted.loa_low, panel.loa.low_interval));
    put("loa_high", panel.loa.high, 1, interval(booted.loa_high, panel.loa.high_interval));
    put("p5", panel.p5, 1);
    put("p50", panel.p50, 1);
    put("p95", panel.p95, 1);
    put("p99", panel.p99, 1);
    draw_agreement(panel, booted, repeated);
    if (glucose_ && to_mg_dl) emit_zones(*to_mg_dl);
  }

  void emit_zones(double to_mg_dl) {
    std::vector<double> device = table_.device, reference = table_.reference;
    for (double& value : device) value *= to_mg_dl;
    for (double& value : reference) value *= to_mg_dl;
    std::vector<std::string> grids;
    const auto count = [&](std::string_view grid, const stats::ZoneCounts& counts) {
      std::string text = cat(grid, ":");
      for (std::size_t zone = 0; zone < counts.count.size(); ++zone)
        text += cat(" ", static_cast<char>('A' + static_cast<int>(zone)), "=", counts.count[zone]);
      grids.push_back(std::move(text));
    };
    count("clarke", stats::clarke_counts(device, reference));
    count("parkes_1", stats::parkes_counts(stats::Parkes::type_1, device, reference));
    count("parkes_2", stats::parkes_counts(stats::Parkes::type_2, device, reference));
    context_.text("{quantity}.zones", join(grids, "; "));
    const auto points = thinned({"配对", "pairs"}, table_.reference, table_.device);
    context_.figure(parkes_figure(stats::Parkes::type_1, points, unit_, 1 / to_mg_dl));
    context_.figure(clarke_figure(points, unit_, 1 / to_mg_dl));
  }

  void draw_agreement(const stats::Panel& panel, const stats::ErrorIntervals& booted,
                      bool repeated) {
    ThinnedSeries points;
    for (std::size_t i = 0; i < table_.device.size(); ++i)
      points.add((table_.device[i] + table_.reference[i]) / 2,
                 table_.device[i] - table_.reference[i]);
    BlandAltmanData data;
    data.title = {"Bland–Altman 图", "Bland–Altman plot"};
    data.unit = unit_;
    data.points = points.series({"配对", "pairs"});
    data.n = panel.n;
    data.bias = panel.bias;
    data.bias_interval =
        repeated ? booted.bias : stats::mean_interval(panel.n, panel.bias, panel.sd);
    data.low = panel.loa.low;
    data.high = panel.loa.high;
    data.low_interval = repeated ? booted.loa_low : panel.loa.low_interval;
    data.high_interval = repeated ? booted.loa_high : panel.loa.high_interval;
    Figure figure = bland_altman_figure(std::move(data));
    if (figure.note.empty()) figure.note = points.note();
    context_.figure(std::move(figure));
  }

  Result<void> emit_asked(const Limit& limit) {
    if (limit.statistic.empty()) return {};
    auto asked = asked_statistic(table_, limit);
    if (!asked) return tl::unexpected(asked.error());
    const std::string output = output_of(limit.statistic);
    const bool in_readings_unit = asked->unit == unit_;
    Unit unit = asked->unit;
    double value = asked->value;
    if (output == "{quantity}.mape" && unit.code() != "%") {
      unit = *Unit::parse("%");
      value *= 100;
    }
    const bool shifts = limit.statistic != "sd" && limit.statistic != "sm" &&
                        !limit.statistic.starts_with("repeat");
    context_.quantity(output, value, unit, offset(in_readings_unit && shifts ? 1 : 0), asked->n, {},
                      asked->interval, asked->note);
    if (asked->at_reference)
      context_.quantity("{quantity}.each_at_reference", *asked->at_reference, unit_);
    if (asked->at_device) context_.quantity("{quantity}.each_at_device", *asked->at_device, unit_);
    return {};
  }

  // Systolic and diastolic pressure have bins of their own; the readings tell which they are.
  std::string quantity_of_bins() {
    const std::string& named = context_.with().text("quantity");
    if (named != "blood_pressure") return named;
    std::vector<double> sorted = table_.reference;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double in_mmhg = unit_.convert(*middle, *Unit::parse("mm[Hg]")).value_or(*middle);
    const std::string taken = in_mmhg >= 100 ? "systolic" : "diastolic";
    context_.note(cat("taken for ", taken, " pressure: the median reference is ",
                      number(*middle, 4), " ", unit_.symbol()));
    return taken;
  }

  void look_at_the_plan() {
    std::vector<Text2> shortfalls;
    for (const auto& asked : context_.asked()) {
      if (asked.limit.plan.empty()) continue;
      SampleCheck check = check_sample(asked.limit.plan, table_, quantity_of_bins());
      for (auto& shortfall : check.shortfalls) shortfalls.push_back(std::move(shortfall));
      for (const auto& unshown : check.unshown)
        context_.note(cat("of the sample plan of ", asked.limit.id,
                          " the series does not show: ", unshown.en, " (", unshown.zh, ")"));
    }
    context_.plan_shortfalls = std::move(shortfalls);
  }

  Context& context_;
  PairsTable table_;
  const Unit unit_;
  const bool glucose_;
  const Budget reference_;
};

}  // namespace

Result<void> emit_series(Context& context, PairsTable table) {
  return Series(context, std::move(table)).run();
}

}  // namespace carebench
