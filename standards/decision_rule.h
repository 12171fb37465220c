// Decision rules: how a statement of conformity takes the uncertainty into account. Fixed before
// the run, by the limit or by the job; there is no default rule.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "standards/vocab/yaml.h"

namespace carebench {

enum class DecisionRule {
  simple_acceptance,  // w = 0 (ILAC-G8:09/2019 4.2.1)
  guarded_binary,     // w = U: pass, fail (ILAC-G8:09/2019 4.2.2)
  guarded_nonbinary,  // w = U: pass, conditional pass, conditional fail, fail (4.2.3)
  guarded_fraction,   // w = r U, r agreed: pass, fail
  iso_14253_1,        // w = 0.83 U: conformity or nonconformity is proved, or neither
  jjf_1094,           // JJF 1094-2002: w = 0 if U <= MPEV/3, else U, with an undetermined zone
  iec_60118_8,        // value and U inside the tolerance extended by Umax of the limit; U <= Umax
  inherent,           // the standard fixes n, statistic and limit: w = 0 on the statistic
};
std::string_view to_string(DecisionRule rule);
std::optional<DecisionRule> decision_rule_from(std::string_view id);
std::vector<std::string_view> decision_rule_ids();
Text2 describe(DecisionRule rule);  // one sentence for the report, with its source

// A rule as it was agreed, with its number where it has one.
struct AgreedRule {
  DecisionRule rule = DecisionRule::simple_acceptance;
  double r = 1;  // of guarded_fraction: w = r U
  AgreedRule() = default;
  AgreedRule(DecisionRule id, double factor = 1)  // NOLINT(google-explicit-constructor)
      : rule(id), r(factor) {}
  bool operator==(const AgreedRule&) const = default;
};
std::string to_string(const AgreedRule& rule);  // "guarded_fraction, r = 0.5"

// "guarded_binary", or {rule: guarded_fraction, r: 0.5} with 0 < r <= 5.
std::optional<AgreedRule> read_rule(const yaml::Node& node, Problems& problems);

}  // namespace carebench
