#include <cstdio>

#include "cli/command.h"
#include "cli/reports.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "directory", "DIR", "run directory", true},
    {Kind::list, "-f,--format", "FORMAT", "html, json, junit; may be repeated (default html)"},
    {Kind::list, "-l,--language", "LANGUAGE", "zh-CN or en; may be repeated (default both)"},
};

int report_command(const Arguments& arguments) {
  const auto& directory = arguments.value("directory");
  auto record = record_of(directory);
  if (!record) return report_error(record.error());
  auto formats = arguments.list("format");
  if (formats.empty()) formats.emplace_back("html");
  auto written = render_reports(directory, *record, formats, arguments.list("language"));
  if (!written) return report_error(written.error());
  for (const auto& path : *written) std::printf("%s\n", path.c_str());
  return 0;
}

}  // namespace

extern const Command report;
const Command report{"report", "write reports of a run", args,
                     "Example:\n  carebench report runs/1 -f html -f junit -l zh-CN",
                     report_command};

}  // namespace carebench::commands
