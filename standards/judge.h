// The one place where a measurement and a limit become a verdict.
#pragma once

#include "standards/limit.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// `laboratory_rule` is the job's decision rule; a limit's own rule goes before it. No rule at all
// for a number with a limit -> Reason::no_rule. U = k*u is taken from the measurement and converted
// to the limit's unit (unit mismatch -> error). An infinite value (a drop-out) fails an upper
// limit; NaN or too few samples are inconclusive. Booleans and texts need no rule.
JudgedRecord judge(const Measurement& measurement, const Limit& limit,
                   std::optional<DecisionRule> laboratory_rule);

// A boolean output with a built-in expectation and no limit named in the profile.
JudgedRecord judge_expected(const Measurement& measurement, bool expected);

}  // namespace carebench
