#include "standards/decision_rule.h"

#include <algorithm>
#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr double largest_r = 5;

struct RuleRow {
  DecisionRule rule;
  std::string_view id, zh, en;
};

constexpr std::array rows = {
    RuleRow{DecisionRule::simple_acceptance, "simple_acceptance",
            "简单接受：w = 0，测得值直接与限值比较；特定误判风险最高 50 %"
            "（ILAC-G8:09/2019 第 4.2.1 条）",
            "simple acceptance: w = 0, the value itself is compared with the limit; "
            "specific risk up to 50 % (ILAC-G8:09/2019, 4.2.1)"},
    RuleRow{DecisionRule::guarded_binary, "guarded_binary",
            "带保护带的二元判定：w = U，保护带内判为不合格（ILAC-G8:09/2019 第 4.2.2 条）",
            "binary statement with guard band: w = U, a value inside the guard band fails "
            "(ILAC-G8:09/2019, 4.2.2)"},
    RuleRow{DecisionRule::guarded_nonbinary, "guarded_nonbinary",
            "带保护带的非二元判定：w = U，限值两侧各 U 之内判为有条件合格或有条件不合格"
            "（ILAC-G8:09/2019 第 4.2.3 条）",
            "non-binary statement with guard band: w = U, within U of the limit the statement is "
            "conditional (ILAC-G8:09/2019, 4.2.3)"},
    RuleRow{DecisionRule::guarded_fraction, "guarded_fraction",
            "约定保护带的二元判定：w = r·U，r 由委托方与实验室约定，保护带内判为不合格",
            "binary statement with agreed guard band: w = r U with the agreed r, a value inside "
            "the guard band fails"},
    RuleRow{DecisionRule::iso_14253_1, "iso_14253_1",
            "ISO 14253-1：w = 0.83 U，特定误判风险不超过 5 %；距限值不足 w 时，合格与不合格均未得到"
            "证明",
            "ISO 14253-1: w = 0.83 U, specific risk at most 5 %; nearer than w to the limit "
            "neither conformity nor nonconformity is proved"},
    RuleRow{DecisionRule::jjf_1094, "jjf_1094",
            "JJF 1094-2002：U ≤ MPEV/3 时 w = 0，否则 w = U，距限值不足 U 的为待定区",
            "JJF 1094-2002: w = 0 where U <= MPEV/3, else w = U, and nearer than U to the limit "
            "is the undetermined zone"},
    RuleRow{DecisionRule::iec_60118_8, "iec_60118_8",
            "IEC 60118-8（GB/T 25102.8）：包含 U 的结果须落在按 Umax 扩展的允差之内，且实验室的 U "
            "不得大于 Umax",
            "IEC 60118-8 (GB/T 25102.8): the result including U must lie inside the tolerance "
            "extended by Umax, and the laboratory's U must not exceed Umax"},
    RuleRow{DecisionRule::inherent, "inherent",
            "标准固有规则：样本量、统计量和限值由标准规定，统计量直接与限值比较（w = 0）",
            "inherent rule: the standard fixes sample, statistic and limit; the statistic itself "
            "is compared with the limit (w = 0)"},
};

const RuleRow& row_of(DecisionRule rule) {
  return *std::find_if(rows.begin(), rows.end(),
                       [rule](const RuleRow& row) { return row.rule == rule; });
}

}  // namespace

std::string_view to_string(DecisionRule rule) { return row_of(rule).id; }

std::optional<DecisionRule> decision_rule_from(std::string_view id) {
  for (const RuleRow& row : rows)
    if (row.id == id) return row.rule;
  return std::nullopt;
}

std::vector<std::string_view> decision_rule_ids() {
  std::vector<std::string_view> ids;
  for (const RuleRow& row : rows) ids.push_back(row.id);
  return ids;
}

Text2 describe(DecisionRule rule) {
  const RuleRow& row = row_of(rule);
  return {std::string(row.zh), std::string(row.en)};
}

std::string to_string(const AgreedRule& rule) {
  const std::string id(to_string(rule.rule));
  return rule.rule == DecisionRule::guarded_fraction ? cat(id, ", r = ", rule.r) : id;
}

std::optional<AgreedRule> read_rule(const yaml::Node& node, Problems& problems) {
  const auto known = [&](const yaml::Node& name) -> std::optional<DecisionRule> {
    const std::string id = yaml::to_text(name, problems);
    const auto rule = decision_rule_from(id);
    if (!rule)
      name.problem(problems, cat("there is no decision rule \"", printable(id), '"',
                                 suggestion(id, decision_rule_ids())));
    return rule;
  };
  if (node.kind() != yaml::Kind::map) {
    const auto rule = known(node);
    if (!rule) return std::nullopt;
    if (rule != DecisionRule::guarded_fraction) return AgreedRule(*rule);
    node.problem(problems, "w = r U wants its r: {rule: guarded_fraction, r: 0.5}");
    return std::nullopt;
  }
  yaml::MapReader map(node, problems);
  const yaml::Node name = map.required("rule");
  const auto rule = name ? known(name) : std::nullopt;
  if (!rule) return std::nullopt;
  if (rule != DecisionRule::guarded_fraction) return AgreedRule(*rule);
  const double r = map.number("r");
  if (r > 0 && r <= largest_r) return AgreedRule(*rule, r);
  if (map.has("r"))
    map.optional("r").problem(problems, cat("r must be above 0 and at most ", largest_r));
  return std::nullopt;
}

}  // namespace carebench
