// How far do the readings of a device lie from those of a reference, in a series that was gathered
// outside a run: a clinical study, a laboratory's own bench? The series is a table
// (profiles/series/pairs_table.h); it becomes one of the run's inputs, so that the same numbers are
// computed from it whenever the run is derived again.
//
// Besides the usual panel the check computes what the step's limits are about, as they define it:
// band, grid, percentile, domain, by lot or subject; and it looks whether their sample plan is met.
// Nothing is excluded silently: lines that carry no pair are counted and named.
#include "profiles/series/emit_series.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {
    {"test", true, false, "the product that the series was taken with"},
    {"reference", false, false, "what it was compared with; named for its calibration"},
};

constexpr ParamSpec params[] = {
    {"pairs", ParamKind::file, true, "", "table of subject, device, reference (CSV)"},
    {"quantity", ParamKind::text, true, "", "what was measured; names the outputs"},
    {"unit", ParamKind::unit, true, "", "unit of all results; readings are converted to it"},
    {"glucose", ParamKind::boolean, false, "false",
     "blood glucose: mg/dL and mmol/L convert, zones of the error grids are counted"},
    {"scale_interval", ParamKind::number, false, "",
     "weighing: verification scale interval e in `unit`; the column `added` holds the weights "
     "added "
     "until the indication changed",
     1e-9, 1e9},
    {"reference_u", ParamKind::number, false, "",
     "standard uncertainty of a reference without instrument in the job, in `unit`", 0, 1e12},
};

constexpr Output outputs[] = {
    {"{quantity}.n", OutputKind::number, "1", "pairs", {}},
    {"{quantity}.subjects", OutputKind::number, "1", "subjects with a pair", {}},
    {"{quantity}.left_out", OutputKind::number, "1", "lines that carry no pair", {}},
    {"{quantity}.bias", OutputKind::number, "{unit}", "mean of e = device − reference", {}},
    {"{quantity}.sd", OutputKind::number, "{unit}", "standard deviation of e, n − 1", {}},
    {"{quantity}.rms", OutputKind::number, "{unit}", "root mean square of e (Arms)", {}},
    {"{quantity}.mae", OutputKind::number, "{unit}", "mean of |e|", {}},
    {"{quantity}.max_abs", OutputKind::number, "{unit}", "largest |e|", {}},
    {"{quantity}.mape",
     OutputKind::number,
     "%",
     "mean of 100 |e| / |reference| (MARD); references of 0 excluded",
     {}},
    {"{quantity}.loa_low", OutputKind::number, "{unit}", "lower limit of agreement", {}},
    {"{quantity}.loa_high", OutputKind::number, "{unit}", "upper limit of agreement", {}},
    {"{quantity}.p5", OutputKind::number, "{unit}", "5th percentile of e, nearest rank", {}},
    {"{quantity}.p50", OutputKind::number, "{unit}", "median of e, nearest rank", {}},
    {"{quantity}.p95", OutputKind::number, "{unit}", "95th percentile of e, nearest rank", {}},
    {"{quantity}.p99", OutputKind::number, "{unit}", "99th percentile of e, nearest rank", {}},
    {"{quantity}.sm",
     OutputKind::number,
     "{unit}",
     "standard deviation of the subjects' mean errors about the pooled mean",
     {}},
    {"{quantity}.abs_percentile",
     OutputKind::number,
     "{unit}",
     "percentile of |e| that the limit names",
     {}},
    {"{quantity}.each",
     OutputKind::number,
     "{unit}",
     "the error that is worst against its own bound",
     {}},
    {"{quantity}.each_at_reference", OutputKind::number, "{unit}", "reference of that pair", {}},
    {"{quantity}.each_at_device",
     OutputKind::number,
     "{unit}",
     "device's reading of that pair",
     {}},
    {"{quantity}.each_percent",
     OutputKind::number,
     "{unit}",
     "relative error that is worst against its own bound",
     {}},
    {"{quantity}.relative_bias",
     OutputKind::number,
     "{unit}",
     "bias in percent of the mean reference",
     {}},
    {"{quantity}.share_within",
     OutputKind::number,
     "{unit}",
     "share of errors inside the limit's band",
     {}},
    {"{quantity}.share_zone_ab",
     OutputKind::number,
     "{unit}",
     "share in zones A and B of the limit's grid",
     {}},
    {"{quantity}.error_each_mpe",
     OutputKind::number,
     "{unit}",
     "largest |e| in units of the maximum permissible error",
     {}},
    {"{quantity}.icc", OutputKind::number, "{unit}", "intraclass correlation ICC(2,1)", {}},
    {"{quantity}.ccc", OutputKind::number, "{unit}", "concordance correlation", {}},
    {"{quantity}.correlation", OutputKind::number, "{unit}", "Pearson's correlation", {}},
    {"{quantity}.repeatability",
     OutputKind::number,
     "{unit}",
     "standard deviation of a subject's repeated readings",
     {}},
    {"{quantity}.repeatability_cv",
     OutputKind::number,
     "{unit}",
     "that in percent of the mean reading",
     {}},
    {"{quantity}.repeatability_range",
     OutputKind::number,
     "{unit}",
     "largest range of a subject's repeated readings",
     {}},
    {"{quantity}.intermediate_precision",
     OutputKind::number,
     "{unit}",
     "standard deviation within and between subjects",
     {}},
    {"{quantity}.zones", OutputKind::text, "", "pairs in each zone of the error grids", {}},
};

Result<void> run(Context& context) {
  const Params& with = context.with();
  PairsOptions options;
  options.unit = with.unit("unit");
  options.glucose = with.boolean("glucose");
  const std::string_view code = options.unit.code();
  options.signed_scale = code == "Cel" || code == "[degF]";
  const auto text = context.input_file(with.text("pairs"));
  if (!text) return tl::unexpected(text.error());
  auto table = read_pairs(*text, with.text("pairs"), options);
  if (!table) return tl::unexpected(table.error());
  return emit_series(context, std::move(*table));
}

}  // namespace

extern const Check accuracy_series;
const Check accuracy_series{"accuracy/series",
                            1,
                            "device and reference readings of a series gathered outside the run",
                            roles,
                            {},
                            params,
                            outputs,
                            Hazard::none,
                            false,
                            nullptr,
                            &run};

}  // namespace carebench::checks
