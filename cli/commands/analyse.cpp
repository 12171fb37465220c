#include <cstdio>
#include <filesystem>
#include <map>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/reports.h"
#include "profiles/run/session.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

namespace fs = std::filesystem;

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "pairs", "PAIRS.csv", "table of subject, device, reference", true},
    {Kind::list, "--limit", "ID", "limit to judge by, as iso-81060-2/criterion-1; may be repeated"},
    {Kind::value, "-j,--job", "JOB", "job file: laboratory, claims, instruments, decision rule"},
    {Kind::list, "--limits", "F", "your own limits over the shipped ones: a file or a folder"},
    {Kind::value, "--quantity", "NAME", "what was measured (default: what the limit is about)"},
    {Kind::value, "--unit", "UNIT", "unit of the results, UCUM (default: the limit's)"},
    {Kind::value, "-o,--output", "DIR", "run directory: record, plots and report stay there"},
    {Kind::flag, "--json", "", "print the figures as JSON"},
};

// A run directory of its own, gone afterwards, when the user names none.
struct Place {
  std::string directory;
  bool temporary = false;
  ~Place() {
    std::error_code ignored;
    if (temporary) fs::remove_all(fs::path(directory).parent_path(), ignored);
  }
};

Result<void> choose_place(const std::string& wanted, Place& place) {
  place.directory = wanted;
  if (!wanted.empty()) return {};
  std::string name = (fs::temp_directory_path() / "carebench-analysis-XXXXXX").string();
  if (!::mkdtemp(name.data()))
    return fail(Errc::io, Blame::bench, cat("cannot create a folder below ", name));
  place.directory = cat(name, "/run");
  place.temporary = true;
  return {};
}

int analyse_command(const Arguments& arguments) {
  AnalysisRequest request;
  request.pairs = arguments.value("pairs");
  request.limits = arguments.list("limit");
  request.own_limits = arguments.list("limits");
  request.job = arguments.value("job");
  request.quantity = arguments.value("quantity");
  request.unit = arguments.value("unit");
  const auto profile = analysis_profile(request);
  if (!profile) return report_error(profile.error());

  Place place;
  if (auto chosen = choose_place(arguments.value("output"), place); !chosen)
    return report_error(chosen.error());
  SessionOptions options;
  options.profile = cat(fs::absolute(request.pairs).parent_path().string(), "/analysis.yaml");
  options.profile_text = *profile;
  options.job = request.job;
  options.limits = request.own_limits;
  options.directory = place.directory;
  options.version = program_version();
  options.build = program_build();
  Interrupt interrupt("\ncarebench: stopping\n");
  const bool json = arguments.flag("json");
  ConsoleListener listener(false, true);
  auto record = run_session(options, listener, interrupt.token());
  if (!record) return report_error(record.error());
  int code = record->exit_code;
  for (const auto& step : record->steps)
    for (const auto& attempt : step.attempts)
      if (attempt.error) code = report_error(*attempt.error);
  if (!place.temporary)
    if (auto rendered = render_reports(place.directory, *record, {"html"}, {}); !rendered)
      code = report_error(rendered.error());
  if (json)
    std::printf("%s\n", analysis_json(*record).dump(2).c_str());
  else
    std::printf("%s", analysis_text(*record).c_str());
  if (!json && !place.temporary)
    std::printf("\nrecord   %s/run.json\nreport   %s/report.zh-CN.html, report.en.html\n",
                place.directory.c_str(), place.directory.c_str());
  return code;
}

}  // namespace

extern const Command analyse;
const Command analyse{
    "analyse", "judge accuracy data that was gathered outside a run", args,
    "Examples:\n  carebench analyse bp.csv --limit iso-81060-2/criterion-1 -o runs/bp\n"
    "  carebench analyse meter.csv --limit iso-15197/system --job job.yaml --json\n"
    "Columns: subject, device, reference and, where there, lot, time, sex, age, cuff,\n"
    "stratum, unit, exclude. Without --limit the figures are printed, and nothing is judged.",
    analyse_command};

}  // namespace carebench::commands
