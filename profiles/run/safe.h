// Safe actions: what makes the devices safe, run on every way out (design law 11).
#pragma once

#include "profiles/run/runner.h"

namespace carebench {

// The actions on `devices`, in the profile's order, over `lane`. Each has a few seconds; one that
// fails does not keep the others from running. Returns what was done; failures go to `errors`.
std::vector<std::string> make_safe(Lane& lane, const std::vector<SafeAction>& actions,
                                   const std::vector<const RunDevice*>& devices,
                                   const std::vector<OpenEvidence>& opens,
                                   std::vector<Error>& errors);

}  // namespace carebench
