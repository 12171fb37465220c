// Pre-flight: what a run of a profile would do and decide, without touching a device.
#pragma once

#include <string>
#include <vector>

#include "profiles/run/runner.h"

namespace carebench {

struct Plan {
  std::string profile;
  Text2 title;
  struct Step {
    std::string id, sample, check, requirement;
    Text2 title;
    std::size_t judged = 0;  // values that get a verdict
    bool applies = true;
  };
  std::vector<Step> steps;
  std::vector<std::string> devices;  // "dut (under_test): sim, serial"
  struct Remark {
    enum class Kind {
      does_not_apply,
      no_rule,
      limit_not_established,
      not_in_force,
      claim,
      hazard,
      consent,
      prompt,
      instrument,
      no_job
    } kind;
    std::string text;
  };
  std::vector<Remark> remarks;
  std::vector<std::string> untested;  // clauses that no step of the profile measures
};
std::string_view to_string(Plan::Remark::Kind kind);

// `limits`: the laboratory's own, files or folders of them.
Result<Plan> make_plan(const std::string& profile, const std::string& job,
                       const std::vector<std::string>& limits = {});
Json to_json(const Plan& plan);

}  // namespace carebench
