#include "standards/limit.h"

#include <algorithm>
#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

struct RuleRow {
  DecisionRule rule;
  std::string_view id, zh, en;
};

constexpr std::array rule_rows = {
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
    RuleRow{DecisionRule::jjf_1094, "jjf_1094",
            "JJF 1094-2002：U ≤ MPEV/3 时 w = 0，否则 w = U，距限值不足 U 的为待定区",
            "JJF 1094-2002: w = 0 where U <= MPEV/3, else w = U, and nearer than U to the limit "
            "is the undetermined zone"},
    RuleRow{DecisionRule::inherent, "inherent",
            "标准固有规则：样本量、统计量和限值由标准规定，统计量直接与限值比较（w = 0）",
            "inherent rule: the standard fixes sample, statistic and limit; the statistic itself "
            "is compared with the limit (w = 0)"},
};

std::string quoted(std::string_view text) { return cat('"', text, '"'); }

std::string with_unit(std::string text, Unit unit) {
  if (unit != Unit()) text += cat(" ", unit.code());
  return text;
}

const RuleRow& row_of(DecisionRule rule) {
  return *std::find_if(rule_rows.begin(), rule_rows.end(),
                       [rule](const RuleRow& row) { return row.rule == rule; });
}

}  // namespace

std::string_view to_string(DecisionRule rule) { return row_of(rule).id; }

std::optional<DecisionRule> decision_rule_from(std::string_view id) {
  for (const RuleRow& row : rule_rows)
    if (row.id == id) return row.rule;
  return std::nullopt;
}

std::vector<std::string_view> decision_rule_ids() {
  std::vector<std::string_view> ids;
  for (const RuleRow& row : rule_rows) ids.push_back(row.id);
  return ids;
}

Text2 describe(DecisionRule rule) {
  const RuleRow& row = row_of(rule);
  return {std::string(row.zh), std::string(row.en)};
}

std::string_view to_string(Comparison c) {
  switch (c) {
    case Comparison::le:
      return "<=";
    case Comparison::lt:
      return "<";
    case Comparison::ge:
      return ">=";
    case Comparison::gt:
      return ">";
    case Comparison::abs_le:
      return "abs<=";
    case Comparison::within:
      return "within";
    case Comparison::equals:
      return "==";
  }
  return "";
}

std::string_view to_string(LimitStatus status) {
  switch (status) {
    case LimitStatus::established:
      return "established";
    case LimitStatus::todo:
      return "todo";
    case LimitStatus::none:
      return "none";
    case LimitStatus::declared:
      return "declared";
  }
  return "";
}

std::string_view to_string(SourceKind kind) {
  switch (kind) {
    case SourceKind::standard:
      return "standard";
    case SourceKind::claim:
      return "claim";
    case SourceKind::laboratory:
      return "laboratory";
    case SourceKind::catalogue:
      return "catalogue";
  }
  return "";
}

std::string LimitSource::text() const {
  std::string out = document;
  if (!edition.empty()) out += cat(" (", edition, ")");
  if (!clause.empty()) out += cat(", ", clause);
  if (!valid_from.empty() || !valid_to.empty()) out += ", in force";
  if (!valid_from.empty()) out += cat(" from ", valid_from);
  if (!valid_to.empty()) out += cat(" to ", valid_to);
  return out;
}

InForce in_force(const LimitSource& source, std::string_view date) {
  if (source.valid_from.empty() && source.valid_to.empty()) return InForce::no_date;
  // Dates are checked YYYY-MM-DD: their order is that of their texts.
  if (date < source.valid_from) return InForce::not_yet;
  if (!source.valid_to.empty() && date > source.valid_to) return InForce::no_longer;
  return InForce::yes;
}

double Limit::interval_confidence() const { return one_sided ? 2 * confidence - 1 : confidence; }

std::optional<Limit> at_index(const Limit& limit, double index) {
  if (!limit.bound) return limit;
  const auto found = limit.bound->at(index);
  if (!found) return std::nullopt;
  Limit fixed = limit;
  fixed.value = found->value;
  fixed.bound.reset();
  return fixed;
}

std::string Limit::text() const {
  if (is_composite()) return cat("all of ", join(all_of, ", "));
  if (!editions.empty()) return cat("edition in force of ", join(editions, ", "));
  switch (status) {
    case LimitStatus::todo:
      return "not established";
    case LimitStatus::none:
      return "no limit";
    case LimitStatus::declared:
      return "as claimed";
    case LimitStatus::established:
      break;
  }
  std::string text;
  switch (comparison) {
    case Comparison::le:
    case Comparison::lt:
    case Comparison::ge:
    case Comparison::gt:
      text = cat(to_string(comparison), " ", bound ? bound->text() : cat(value));
      break;
    case Comparison::abs_le:
      text = bound ? cat("|e| <= ", bound->text()) : cat("|x| <= ", value);
      break;
    case Comparison::within:
      text = cat("within [", low, ", ", high, "]");
      break;
    case Comparison::equals:
      if (equals == Equals::text) return cat("= ", quoted(text_value));
      if (equals == Equals::truth) return cat("= ", truth);
      text = cat("= ", value);
      break;
  }
  if (!bound) text = with_unit(std::move(text), unit);
  const std::string level = confidence > 0 ? cat(" ", 100 * confidence, " % ") : std::string(" ");
  const std::string side = one_sided ? "one-sided" + level : level.substr(1);
  if (on == On::interval_low) text = cat("lower ", side, "bound ", text);
  if (on == On::interval_high) text = cat("upper ", side, "bound ", text);
  return text;
}

}  // namespace carebench
