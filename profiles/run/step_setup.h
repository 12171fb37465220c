// What a step needs before it can begin: its devices, and what its check is given.
#pragma once

#include "profiles/run/runner.h"

namespace carebench {

using BoundRoles = std::map<std::string, std::vector<const RunDevice*>, std::less<>>;

// The devices behind each role: the sample's own, all samples for a step over all, shared ones.
BoundRoles bind_roles(const std::vector<RunDevice>& devices, const StepInstance& instance);

// Why the step cannot be run on these devices: not given, not opened (and why), or the link cannot
// do what the check needs.
std::optional<Error> unavailable(const StepSpec& step, const BoundRoles& roles,
                                 const std::vector<OpenEvidence>& opens);

// Everything but what the runner keeps to itself (input files, progress).
Context::Setup context_setup(const StepSpec& step, const Job& job, const BoundRoles& roles,
                             Lane& lane);

}  // namespace carebench
