#include <cstdio>

#include "cli/command.h"
#include "cli/console.h"
#include "profiles/run/derive.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "directory", "DIR", "run directory", true},
    {Kind::list, "--limits", "F", "limits file, folder of them, or \"shipped\"; may be repeated"},
    {Kind::value, "--catalogue", "F", "catalogue file, folder of them, or \"shipped\""},
    {Kind::flag, "--json", "", "print the record as JSON"},
};

int judge_command(const Arguments& arguments) {
  const OtherEdition other{arguments.list("limits"), arguments.value("catalogue")};
  if (other.limits.empty() && other.catalogue.empty())
    return report_error({Errc::usage,
                         Blame::profile,
                         "name the other edition: --limits F or --catalogue F",
                         {},
                         {}});
  auto derived = derive(arguments.value("directory"), other);
  if (!derived) return report_error(derived.error());
  const auto text =
      arguments.flag("json") ? to_text(derived->record) : verdict_table(derived->record);
  std::printf("%s", text.c_str());
  return derived->record.exit_code;
}

}  // namespace

extern const Command judge;
const Command judge{"judge", "the same measurements under another edition of limits or catalogue",
                    args, "The run directory stays as it is.", judge_command};

}  // namespace carebench::commands
