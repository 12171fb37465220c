// Verdicts and reasons. Verdicts follow ISO/IEC 9646 (pass, inconclusive, fail) with the two
// conditional zones of ILAC-G8:09/2019 section 4.2.3; a Reason stands where there is no verdict.
#pragma once

#include <optional>
#include <string_view>

namespace carebench {

enum class Verdict { pass, conditional_pass, inconclusive, conditional_fail, fail };

enum class Reason {
  not_applicable,     // the requirement does not apply to what the vendor declares
  not_tested,         // it applies and was not tested
  report_only,        // a value without a limit, asked for as such
  limit_todo,         // the limit's source is known, its number is not established
  no_rule,            // a limit without decision rule: the value is printed without a verdict
  reference_not_fit,  // the reference instrument bears no statement: value with uncertainty only
  error,              // could not test: bench, profile or tool
};

// A verdict, or the reason why there is none.
struct Finding {
  std::optional<Verdict> verdict;
  Reason reason = Reason::not_tested;  // read only when there is no verdict

  static Finding of(Verdict v) { return {v, Reason::not_tested}; }
  static Finding without(Reason r) { return {std::nullopt, r}; }
  bool operator==(const Finding& o) const {
    return verdict == o.verdict && (verdict || reason == o.reason);
  }
};

std::string_view to_string(Verdict v);
std::string_view to_string(Reason r);
std::string_view to_string(const Finding& f);  // "pass", "no_rule", ...
std::optional<Finding> finding_from(std::string_view text);

// The worse of two, for a step with several judged values: fail > error > conditional_fail >
// inconclusive > reference_not_fit > not_tested > limit_todo > no_rule > conditional_pass > pass >
// report_only > not_applicable. An error never hides a fail, and nothing undecided hides behind a
// pass.
Finding worse(const Finding& a, const Finding& b);

// How many of each; the exit code of a run follows from it alone (design section 5).
struct Tally {
  int pass = 0, conditional_pass = 0, inconclusive = 0, conditional_fail = 0, fail = 0;
  int not_applicable = 0, not_tested = 0, report_only = 0, limit_todo = 0, no_rule = 0, error = 0;
  int reference_not_fit = 0;
  void add(const Finding& f);
  int exit_code() const;
};

}  // namespace carebench
