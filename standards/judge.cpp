#include "standards/judge.h"

#include <cmath>

#include "standards/decision.h"
#include "standards/judge_conditions.h"
#include "standards/judge_wording.h"
#include "standards/limit_record.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

std::string quoted(std::string_view text) { return cat('"', text, '"'); }

JudgedRecord record_of(const Measurement& measurement, const Limit& limit) {
  JudgedRecord out;
  out.value = measurement.name;
  out.limit = limit_record(limit);
  return out;
}

JudgedRecord with(JudgedRecord record, Finding finding, Text2 wording) {
  record.finding = finding;
  record.wording = std::move(wording);
  return record;
}

JudgedRecord error(JudgedRecord record, Text2 wording) {
  return with(std::move(record), Finding::without(Reason::error), std::move(wording));
}

JudgedRecord undecided(JudgedRecord record, Text2 wording) {
  wording.zh += cat("：", name_of(Verdict::inconclusive).zh);
  wording.en += cat(": ", name_of(Verdict::inconclusive).en);
  return with(std::move(record), Finding::of(Verdict::inconclusive), std::move(wording));
}

std::string shown(const Measurement& m) {
  const auto* quantity = std::get_if<Quantity>(&m.value);
  return quantity ? printed(quantity->value, quantity->unit) : value_text(m);
}

Text2 kind_of(const Measurement& m) {
  if (std::holds_alternative<Quantity>(m.value)) return {"数值", "a number"};
  if (std::holds_alternative<bool>(m.value)) return {"真值", "true or false"};
  return {"文本", "a text"};
}

Text2 kind_of(const Limit& limit) {
  switch (limit.equals) {
    case Limit::Equals::text:
      return {"文本", "a text"};
    case Limit::Equals::truth:
      return {"真值", "true or false"};
    case Limit::Equals::number:
      break;
  }
  return {"数值", "a number"};
}

JudgedRecord without_number(JudgedRecord record, const Measurement& m, const Limit& limit) {
  const std::string value = shown(m), source = record.limit.source;
  if (limit.status == LimitStatus::none)
    return with(std::move(record), Finding::without(Reason::report_only),
                {cat(value, "：该来源不设限值（", source, "），仅报告数值"),
                 cat(value, ": the source sets no limit (", source, "), value only")});
  if (limit.status == LimitStatus::declared)
    return with(
        std::move(record), Finding::without(Reason::limit_todo),
        {cat(value, "：限值为制造商声称值，未给出，仅报告数值"),
         cat(value, ": the limit is the manufacturer's claim, which is not given, value only")});
  return with(
      std::move(record), Finding::without(Reason::limit_todo),
      {cat(value, "：限值的数值尚未确定（", source, "），仅报告数值"),
       cat(value, ": the number of the limit is not established (", source, "), value only")});
}

// The verdict, or, where the reference bears none, the comparison without a statement.
JudgedRecord stated(JudgedRecord record, Verdict verdict, const Relation& relation,
                    const Text2& no_statement) {
  if (no_statement.empty())
    return with(std::move(record), Finding::of(verdict), with_verdict(relation, verdict));
  record.no_statement = no_statement;
  return with(std::move(record), Finding::without(Reason::reference_not_fit),
              without_statement(relation, no_statement));
}

JudgedRecord judge_equal(JudgedRecord record, bool equal, const std::string& value,
                         const std::string& wanted, const Text2& no_statement) {
  return stated(
      std::move(record), equal ? Verdict::pass : Verdict::fail,
      {{cat(value, equal ? " = " : " ≠ ", wanted), cat(value, equal ? " = " : " != ", wanted)}, {}},
      no_statement);
}

// The number that meets the limit: the estimate or a bound of its interval, with U = k*u.
struct Judged {
  double value = 0, u = 0, expanded = 0;
};

std::optional<double> bound_of(const Measurement& m, const Limit& limit) {
  if (limit.on == Limit::On::estimate) return std::get<Quantity>(m.value).value;
  if (!m.interval) return std::nullopt;
  return limit.on == Limit::On::interval_low ? m.interval->low : m.interval->high;
}

// A difference of temperatures has no zero to convert, a temperature has; which of the two a limit
// in another unit means shows only where it bounds a magnitude.
bool is_ambiguous(Unit from, const Limit& limit) {
  return from != limit.unit && limit.comparison != Comparison::abs_le &&
         from.convert(0, limit.unit) != from.convert_difference(0, limit.unit);
}

Judged converted(const Quantity& quantity, double value, const Limit& limit) {
  const auto in_limit = [&](double difference) {
    return *quantity.unit.convert_difference(difference, limit.unit);
  };
  const bool difference = limit.comparison == Comparison::abs_le;
  return {difference ? in_limit(value) : *quantity.unit.convert(value, limit.unit),
          in_limit(quantity.u), in_limit(quantity.expanded())};
}

JudgedRecord judge_infinite(JudgedRecord record, double value, const Limit& limit) {
  const Tolerance tolerance = tolerance_of(limit);
  const bool beyond = value > 0 ? tolerance.high.has_value() : tolerance.low.has_value();
  const std::string bound = cat(limit.text());
  if (!beyond)
    return undecided(std::move(record), {cat("无穷大的值不能证明 ", bound),
                                         cat("an infinite value proves nothing about ", bound)});
  return with(std::move(record), Finding::of(Verdict::fail),
              {cat("无穷大（从未到达）超出限值 ", bound, "：", name_of(Verdict::fail).zh),
               cat("infinite (never arrived) is beyond ", bound, ": ", name_of(Verdict::fail).en)});
}

std::string percent(double probability) { return cat(number(100 * probability, 3), " %"); }

// What is never the value's: how much the reference may be off, against what the limit allows.
Text2 no_statement(const Quantity& quantity, const Limit& limit, const Tolerance& tolerance,
                   const Circumstances& circumstances) {
  if (!circumstances.no_statement.empty()) return circumstances.no_statement;
  if (!circumstances.reference_expanded || !tolerance.mpev) return {};
  const double expanded =
      *quantity.unit.convert_difference(*circumstances.reference_expanded, limit.unit);
  if (compare(3 * expanded, *tolerance.mpev) <= 0) return {};
  const std::string u = printed(expanded, limit.unit), mpe = printed(*tolerance.mpev, limit.unit);
  return {cat("参考仪器的 U = ", u, " 大于限值 ", mpe, " 的 1/3"),
          cat("U of the reference = ", u, " is more than a third of the limit, ", mpe)};
}

// The specific risks of what was stated; of an undetermined value only how sure conformity is.
void add_risk(JudgedRecord& record, const Known& value, const Tolerance& tolerance,
              Verdict verdict) {
  record.conformance = conformance_probability(value, tolerance);
  if (verdict == Verdict::pass || verdict == Verdict::conditional_pass)
    record.false_acceptance = nonconformance_probability(value, tolerance);
  if (verdict == Verdict::fail || verdict == Verdict::conditional_fail)
    record.false_rejection = record.conformance;
}

void add_prefix(JudgedRecord& record, const Measurement& m, const Limit& limit, double value) {
  const Quantity& quantity = std::get<Quantity>(m.value);
  if (limit.on != Limit::On::estimate) {
    const bool low = limit.on == Limit::On::interval_low;
    const std::string confidence = percent(m.interval->confidence);
    record.wording.zh = cat(confidence, low ? " 置信下限 " : " 置信上限 ", record.wording.zh);
    record.wording.en = cat(low ? "lower " : "upper ", confidence, " bound ", record.wording.en);
  }
  if (quantity.unit == limit.unit) return;
  const std::string both =
      cat(printed(*bound_of(m, limit), quantity.unit), " = ", printed(value, limit.unit));
  record.wording.zh = cat(both, "；", record.wording.zh);
  record.wording.en = cat(both, "; ", record.wording.en);
}

JudgedRecord judge_number(JudgedRecord record, const Measurement& m, const Limit& limit,
                          const AgreedRule& rule, const Circumstances& circumstances) {
  const Quantity& quantity = std::get<Quantity>(m.value);
  const auto refuse = [&](std::string_view zh, std::string_view en) {
    return undecided(std::move(record), {std::string(zh), std::string(en)});
  };
  if (const Text2 why = unmet_condition(m, limit, circumstances); !why.empty())
    return refuse(why.zh, why.en);
  if (std::isnan(quantity.value)) return refuse("没有测得数值", "no value was obtained");
  const std::optional<double> bound = bound_of(m, limit);
  if (!bound || std::isnan(*bound))
    return refuse("限值针对置信限，而测得值没有置信区间",
                  "the limit is for a confidence bound, and the value has no interval");
  if (std::isinf(quantity.value)) return judge_infinite(std::move(record), quantity.value, limit);
  if (std::isinf(*bound))
    return refuse(cat("样本量 ", m.samples, " 不足以给出置信限"),
                  cat("no confidence bound exists for ", m.samples, " samples"));

  const Judged judged = converted(quantity, *bound, limit);
  const Tolerance tolerance = tolerance_of(limit);
  const Decision decision = decide(judged.value, judged.expanded, tolerance, rule);
  record.expanded_uncertainty = quantity.expanded();
  record.coverage_factor = quantity.k;
  // In the unit of the value, as U is.
  record.guard_band = judged.expanded > 0
                          ? quantity.expanded() * (decision.guard_band / judged.expanded)
                          : *limit.unit.convert_difference(decision.guard_band, quantity.unit);
  if (rule.rule == DecisionRule::guarded_fraction) record.guard_factor = rule.r;
  if (rule.rule == DecisionRule::iec_60118_8)
    record.uncertainty_allowed = tolerance.uncertainty_allowed;
  const Text2 withheld = no_statement(quantity, limit, tolerance, circumstances);
  // The risk of a statement that is not made is none, and its u is not to be trusted.
  if (judged.u > 0 && limit.on == Limit::On::estimate && withheld.empty())
    add_risk(record, {judged.value, judged.u, quantity.dof}, tolerance, decision.verdict);
  record = stated(std::move(record), decision.verdict,
                  relation_of({judged.value, judged.expanded, limit.unit, limit.comparison,
                               tolerance, rule, decision}),
                  withheld);
  add_prefix(record, m, limit, judged.value);
  return record;
}

// The rule that holds, and who fixed it. An inherent rule belongs to a standard; a job cannot lend
// it to another limit.
std::optional<AgreedRule> agreed(JudgedRecord& record, const Limit& limit,
                                 const std::optional<AgreedRule>& laboratory_rule) {
  const bool lent = laboratory_rule && laboratory_rule->rule == DecisionRule::inherent;
  std::optional<AgreedRule> rule = limit.rule;
  if (!rule && !lent) rule = laboratory_rule;
  // Umax is the limit's to give.
  if (rule && rule->rule == DecisionRule::iec_60118_8 && !limit.uncertainty_allowed) rule.reset();
  if (!rule) return rule;
  record.rule = to_string(rule->rule);
  record.rule_source = !limit.rule ? "job"
                       : rule->rule == DecisionRule::inherent
                           ? cat("inherent: ", limit.source.text())
                           : cat("limit: ", limit.source.text());
  return rule;
}

JudgedRecord without_rule(JudgedRecord record, const Measurement& m, const Limit& limit) {
  const std::string value = shown(m), bound = limit.text();
  return with(std::move(record), Finding::without(Reason::no_rule),
              {cat(value, "，限值 ", bound, "：未约定判定规则，仅报告数值"),
               cat(value, ", limit ", bound, ": no decision rule was agreed, value only")});
}

// There is no number to compare with: the index lies beyond the table, or is not known.
JudgedRecord judge_unfixed(JudgedRecord record, const Measurement& m, const Limit& limit,
                           const FixedLimit& fixed,
                           const std::optional<AgreedRule>& laboratory_rule,
                           const Circumstances& circumstances) {
  const Text2 why = unmet_condition(m, limit, circumstances);
  if (fixed.finding.verdict && !why.empty()) return undecided(std::move(record), why);
  if (fixed.finding.verdict && !agreed(record, limit, laboratory_rule))
    return without_rule(std::move(record), m, limit);
  const Text2 said{cat(shown(m), "：", fixed.remark.zh), cat(shown(m), ": ", fixed.remark.en)};
  if (!fixed.finding.verdict || circumstances.no_statement.empty())
    return with(std::move(record), fixed.finding, said);
  record.no_statement = circumstances.no_statement;
  return with(std::move(record), Finding::without(Reason::reference_not_fit),
              without_statement({said, {}}, circumstances.no_statement));
}

JudgedRecord judge_fixed(const Measurement& measurement, const Limit& limit,
                         const std::optional<AgreedRule>& laboratory_rule,
                         const Circumstances& circumstances) {
  JudgedRecord record = record_of(measurement, limit);
  const Text2 is = kind_of(measurement), wanted = kind_of(limit);
  if (is.en != wanted.en)
    return error(std::move(record), {cat("测得的是", is.zh, "，限值是", wanted.zh, "，无法比较"),
                                     cat("the value is ", is.en, " and the limit is ", wanted.en,
                                         ": cannot compare")});
  if (const auto* text = std::get_if<std::string>(&measurement.value))
    return judge_equal(std::move(record), *text == limit.text_value, quoted(*text),
                       quoted(limit.text_value), circumstances.no_statement);
  if (const auto* truth = std::get_if<bool>(&measurement.value))
    return judge_equal(std::move(record), *truth == limit.truth, value_text(measurement),
                       cat(limit.truth), circumstances.no_statement);

  const Quantity& quantity = std::get<Quantity>(measurement.value);
  const std::string from(quantity.unit.code()), to(limit.unit.code());
  if (!quantity.unit.same_dimension(limit.unit))
    return error(std::move(record),
                 {cat("测得值的单位 ", from, " 不能换算为限值的单位 ", to),
                  cat("the value is in ", from, " and the limit in ", to, ": cannot convert")});
  if (is_ambiguous(quantity.unit, limit))
    return error(std::move(record),
                 {cat("无法判断是温度还是温差：限值请用测得值的单位 ", from),
                  cat("a temperature or a difference of temperatures? write the limit in ", from,
                      ", the unit of the value")});
  if (!(std::isfinite(quantity.u) && quantity.u >= 0 && std::isfinite(quantity.k) &&
        quantity.k > 0))
    return error(std::move(record),
                 {"测得值的不确定度无效", "the uncertainty of the value is invalid"});

  const std::optional<AgreedRule> rule = agreed(record, limit, laboratory_rule);
  if (!rule) return without_rule(std::move(record), measurement, limit);
  return judge_number(std::move(record), measurement, limit, *rule, circumstances);
}

void append(Text2& wording, const Text2& more) {
  wording.zh += cat("；", more.zh);
  wording.en += cat("; ", more.en);
}

}  // namespace

JudgedRecord judge(const Measurement& measurement, const Limit& limit,
                   const std::optional<AgreedRule>& laboratory_rule,
                   const Circumstances& circumstances) {
  if (limit.is_composite() || !limit.editions.empty())
    return error(record_of(measurement, limit),
                 {"该限值由其他限值组成，应逐一判定",
                  "this limit is made of others: judge those one by one"});
  JudgedRecord record;
  if (limit.status != LimitStatus::established) {
    record = without_number(record_of(measurement, limit), measurement, limit);
  } else {
    const FixedLimit fixed = fixed_limit(limit, circumstances);
    record = fixed.limit ? judge_fixed(measurement, *fixed.limit, laboratory_rule, circumstances)
                         : judge_unfixed(record_of(measurement, limit), measurement, limit, fixed,
                                         laboratory_rule, circumstances);
    if (fixed.limit && !fixed.remark.empty()) append(record.wording, fixed.remark);
  }
  if (!limit.not_in_force.empty()) append(record.wording, limit.not_in_force);
  return record;
}

JudgedRecord judge_all(const Limit& composite, const std::vector<JudgedRecord>& parts) {
  JudgedRecord record;
  record.value = composite.id;
  record.limit = limit_record(composite);
  record.finding = Finding::without(Reason::not_tested);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const JudgedRecord& part = parts[i];
    record.finding = i == 0 ? part.finding : worse(record.finding, part.finding);
    if (i > 0) record.wording.zh += "；", record.wording.en += "; ";
    record.wording.zh += cat(part.limit.id, "：", part.wording.zh);
    record.wording.en += cat(part.limit.id, ": ", part.wording.en);
  }
  return record;
}

JudgedRecord judge_expected(const Measurement& measurement, bool expected,
                            const Circumstances& circumstances) {
  Limit limit;
  limit.id = "built-in";
  limit.comparison = Comparison::equals;
  limit.equals = Limit::Equals::truth;
  limit.truth = expected;
  limit.source.document = "expectation of the check";
  JudgedRecord record = judge(measurement, limit, std::nullopt, circumstances);
  record.limit.source_kind = "built_in";
  return record;
}

}  // namespace carebench
