// The one place where a measurement and a limit become a verdict.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "standards/limit.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// What a limit may ask for beside the value that it judges.
struct Circumstances {
  // Values that a bound depends on, by name ("abs_bias" -> 4.2 mmHg).
  std::map<std::string, Quantity, std::less<>> indices;
  // Why the limit's sample plan is not met, or cannot be shown to be met; empty: it is met. Nothing
  // at all: nobody looked, and a limit with a plan stays undecided.
  std::optional<std::vector<Text2>> plan_shortfalls;
  // Why the reference instrument, against which the value was measured, bears no statement of
  // conformity (overdue, out of its range …): the value stands with its uncertainty, and whatever
  // would have been a verdict is Reason::reference_not_fit. Empty: it does bear one.
  Text2 no_statement = {};
  // Largest expanded uncertainty of the reference where it was used, in the value's unit; more than
  // a third of the limit's maximum permissible error bears no statement either (JJF 1094).
  std::optional<double> reference_expanded = {};
};

// `laboratory_rule` is the job's decision rule; a limit's own rule goes before it. No rule at all
// for a number with a limit -> Reason::no_rule. U = k*u is taken from the measurement and converted
// to the limit's unit (unit mismatch -> error). An infinite value (a drop-out) fails an upper
// limit; NaN or too few samples are inconclusive. Booleans and texts need no rule.
JudgedRecord judge(const Measurement& measurement, const Limit& limit,
                   const std::optional<AgreedRule>& laboratory_rule,
                   const Circumstances& circumstances = {});

// The verdict on a limit that is made of others: the worst of theirs, named.
JudgedRecord judge_all(const Limit& composite, const std::vector<JudgedRecord>& parts);

// A boolean output with a built-in expectation and no limit named in the profile.
JudgedRecord judge_expected(const Measurement& measurement, bool expected,
                            const Circumstances& circumstances = {});

}  // namespace carebench
