// Components of uncertainty that a laboratory adds to a check's own: in a step of the profile, or
// in the job for a step of it:
//   budget:
//     - value: heart_rate.bias      # an output of the check, a number
//       step: ACC-1                 # in a job only
//       components: [{name: {zh: …, en: …}, half_width: 0.2, unit: /min, source: …}]
// What moves the readings of a reference instrument stands beside its certificate instead
// (`components:` of its range), where the check knows how it comes into each value.
#pragma once

#include <map>
#include <string>

#include "standards/uncertainty.h"

namespace carebench {

struct StepSpec;
struct Job;

struct LaboratoryBudget {
  std::string step, value;
  Budget components;
  yaml::Node node;
};
LaboratoryBudget read_laboratory_budget(const yaml::Node& node, bool in_job, Problems& problems);

// Problems: the check has no such number, a component neither converts nor gives its sensitivity.
void check_budget(const LaboratoryBudget& budget, const StepSpec& step, Problems& problems);

// All that the laboratory adds in that step, by the name of the measurement; checked before.
std::map<std::string, Budget, std::less<>> laboratory_budgets(const StepSpec& step, const Job& job);

}  // namespace carebench
