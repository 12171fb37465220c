// From an attempt's measurements to a step's finding.
#pragma once

#include "profiles/job.h"
#include "profiles/profile.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// Judges what the profile's `judge:` lines name; without any, the check's built-in expectations. A
// value that a line names and the check did not give is inconclusive: nothing was shown.
// `reference_known`: the job gives the uncertainty of the reference, where there is one; without it
// no rule with a guard band decides.
// `plan_shortfalls`: what the check found of the sample plan; nothing where it did not look.
void judge_attempt(const StepSpec& step, const Job& job, Attempt& attempt, bool reference_known,
                   const std::optional<std::vector<Text2>>& plan_shortfalls = {});

// Finding and reason of the step from its attempts.
void conclude(const StepSpec& step, StepRecord& record);

}  // namespace carebench
