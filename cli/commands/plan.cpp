#include "profiles/run/plan.h"

#include <cstdio>

#include "cli/command.h"
#include "cli/console.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "profile", "PROFILE", "profile: a file, or the name of a shipped one", true},
    {Kind::value, "-j,--job", "JOB", "job file"},
    {Kind::list, "--limits", "F", "your own limits over the shipped ones: a file or a folder"},
    {Kind::flag, "--json", "", "print the plan as JSON"},
};

void print(const Plan& plan) {
  std::printf("%s %s\n\n", plan.profile.c_str(), plan.title.zh.c_str());
  std::vector<std::vector<std::string>> rows{{"STEP", "SAMPLE", "CHECK", "JUDGED", "WHAT"}};
  for (const auto& step : plan.steps)
    rows.push_back({step.id, step.sample, step.check, cat(step.judged), step.title.zh});
  std::printf("%s\n", table(rows).c_str());
  for (const auto& device : plan.devices) std::printf("device   %s\n", device.c_str());
  for (const auto& remark : plan.remarks)
    std::printf("%s  %s\n", pad(to_string(remark.kind), 20).c_str(), remark.text.c_str());
  std::printf("\n%zu steps, %zu remarks; %zu clauses stay without a measured result\n",
              plan.steps.size(), plan.remarks.size(), plan.untested.size());
  for (const auto& clause : plan.untested) std::printf("  %s\n", clause.c_str());
}

int plan_command(const Arguments& arguments) {
  auto plan =
      make_plan(arguments.value("profile"), arguments.value("job"), arguments.list("limits"));
  if (!plan) return report_error(plan.error());
  if (arguments.flag("json"))
    std::printf("%s\n", to_json(*plan).dump(2).c_str());
  else
    print(*plan);
  return 0;
}

}  // namespace

extern const Command plan;
const Command plan{
    "plan", "what a run would do, before the sample is touched", args,
    "Tells which steps do not apply, which limits have no rule or no number, which\n"
    "clauses stay untested, which prompts will come, and which instruments are missing"
    "\nor overdue.",
    plan_command};

}  // namespace carebench::commands
