#include <unistd.h>

#include <cstdio>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/reports.h"
#include "profiles/run/session.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "profile", "PROFILE", "profile: a file, or the name of a shipped one"},
    {Kind::list, "-d,--device", "NAME=ADDRESS",
     "the device behind a name of the profile; repeat it for each device and each sample"},
    {Kind::value, "-j,--job", "JOB", "job file: laboratory, customer, instruments, decision rule"},
    {Kind::value, "-a,--answers", "FILE", "answers to the operator's prompts, for unattended runs"},
    {Kind::list, "--limits", "F", "your own limits over the shipped ones: a file or a folder"},
    {Kind::list, "--only", "STEP", "run only this step; may be repeated"},
    {Kind::flag, "--resume", "", "go on with the run in DIR after an interruption"},
    {Kind::value, "-o,--output", "DIR", "the run directory", true},
    {Kind::flag, "--json", "", "print the record as JSON"},
    {Kind::flag, "-q,--quiet", "", "no progress and no table"},
};

Result<SessionOptions> options_from(const Arguments& arguments) {
  SessionOptions options;
  options.profile = arguments.value("profile");
  options.job = arguments.value("job");
  options.answers = arguments.value("answers");
  options.only = arguments.list("only");
  options.limits = arguments.list("limits");
  options.directory = arguments.value("output");
  options.resume = arguments.flag("resume");
  options.terminal = isatty(STDIN_FILENO) != 0;
  options.version = program_version();
  options.build = program_build();
  if (options.profile.empty() && !options.resume)
    return fail(Errc::usage, Blame::profile, "name the profile to run (or --resume a run)");
  for (const auto& text : arguments.list("device")) {
    const auto equals = text.find('=');
    if (equals == std::string::npos)
      return fail(
          Errc::usage, Blame::profile,
          cat("\"", text, "\": a device is given as NAME=ADDRESS, as dut=serial:/dev/ttyUSB0"));
    options.devices.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return options;
}

int run_command(const Arguments& arguments) {
  Interrupt interrupt("\ncarebench: stopping; safe actions run first (again to end at once)\n");
  auto options = options_from(arguments);
  if (!options) return report_error(options.error());
  const bool quiet = arguments.flag("quiet") || arguments.flag("json");
  ConsoleListener listener(isatty(STDERR_FILENO) != 0, quiet);
  auto record = run_session(*options, listener, interrupt.token());
  if (!record) return report_error(record.error());
  int code = record->exit_code;
  if (auto rendered = render_reports(options->directory, *record, {"html"}, {}); !rendered)
    code = report_error(rendered.error());
  if (arguments.flag("json"))
    std::fputs(to_text(*record).c_str(), stdout);
  else if (!quiet)
    std::printf("\n%s\nrecord   %s/run.json\nreport   %s/report.zh-CN.html, report.en.html\n",
                verdict_table(*record).c_str(), options->directory.c_str(),
                options->directory.c_str());
  return code;
}

}  // namespace

extern const Command run;
const Command run{
    "run", "run a profile against attached devices", args,
    "Examples:\n  carebench run first-run -d dut=serial:/dev/ttyUSB0 -o runs/1\n"
    "  carebench run --resume -o runs/1\n"
    "Exit codes: 0 passed, 1 something failed, 2 undecided, 3 could not test, 64 usage,"
    "\n  65 bad input file, 74 I/O, 76 tampered or diverged, 130 interrupted.",
    run_command};

}  // namespace carebench::commands
