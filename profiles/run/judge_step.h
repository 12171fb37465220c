// From an attempt's measurements to a step's finding.
#pragma once

#include "profiles/job.h"
#include "profiles/profile.h"
#include "profiles/run/reference_gate.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// Judges what the profile's `judge:` lines name; without any, the check's built-in expectations. A
// value that a line names and the check did not give is inconclusive: nothing was shown.
// Where the reference instrument, by what the check used of it on the days of the attempt, bears no
// statement of conformity, what was compared with it has no verdict.
struct JudgedBy {
  std::int64_t unix_base_ns;  // the wall clock at stamp 0
  const Context& context;     // what the check used of instruments, and found of the sample plan
};
void judge_attempt(const StepSpec& step, const Job& job, const JudgedBy& by, Attempt& attempt);

// Finding and reason of the step from its attempts.
void conclude(const StepSpec& step, StepRecord& record);

}  // namespace carebench
