// A dialogue that a profile scripts, for functions that no built-in check covers: what is sent,
// what must come back and when, what the operator must see. The script is described in
// profiles/dialogue.h. What the device does otherwise ends the dialogue and is a measured value.
//
// A script may set a bed in motion: whatever the device needs to be safe stands under `safe:` in
// the profile, and is done on every way out.
#include <algorithm>
#include <cmath>

#include "profiles/measuring/dialogue.h"
#include "profiles/measuring/dialogue_talk.h"
#include "profiles/measuring/latencies.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "the device that is talked to"}};
constexpr OpKind needs[] = {OpKind::write};

constexpr ParamSpec params[] = {
    {"dialogue", ParamKind::tree, true, "", "what is sent, expected, read, written, asked"},
};

constexpr Output outputs[] = {
    {"completed", OutputKind::truth, "", "every line of the dialogue came out as it should", true},
    {"steps_done", OutputKind::number, "{count}", "lines that came out as they should", {}},
    {"failed_at", OutputKind::text, "", "the line that did not, and what came instead", {}},
    {"response_time_worst",
     OutputKind::number,
     "s",
     "longest time from a request to what was expected right after it",
     {}},
};

void lint(const StepView& step, Problems& problems) {
  if (step.with.has("dialogue"))
    read_dialogue(step.with.tree("dialogue"), step.protocol("test"), problems);
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  Problems problems;
  const std::vector<Act> acts =
      read_dialogue(context.with().tree("dialogue"), port.protocol(), problems);
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  DialogueTalk talk(context, port);
  const auto outcome = talk.run(acts);
  if (!outcome) return tl::unexpected(outcome.error());

  const SeqRange& evidence = outcome->evidence;
  context.truth("completed", outcome->failed_at.empty(), evidence, outcome->failed_at);
  context.number("steps_done", static_cast<double>(outcome->done), 0,
                 static_cast<std::int64_t>(acts.size()), evidence);
  if (!outcome->failed_at.empty()) context.text("failed_at", outcome->failed_at, evidence);
  if (outcome->response_times.empty()) return {};
  const double worst =
      *std::max_element(outcome->response_times.begin(), outcome->response_times.end());
  const auto u = latency_budget(context, port);
  if (!u) return tl::unexpected(u.error());
  context.number("response_time_worst", worst, u->of(worst),
                 static_cast<std::int64_t>(outcome->response_times.size()), evidence);
  return {};
}

}  // namespace

extern const Check function_exchange;
const Check function_exchange{.id = "function/exchange",
                              .revision = 1,
                              .summary =
                                  "a dialogue scripted in the profile: send, expect, read, "
                                  "write, wait, prompt",
                              .roles = roles,
                              .needs = needs,
                              .params = params,
                              .outputs = outputs,
                              .hazard = Hazard::none,
                              .resumable = false,
                              .lint = lint,
                              .run = run};

}  // namespace carebench::checks
