#include "standards/judge_conditions.h"

#include <cmath>

#include "standards/judge_wording.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

FixedLimit missing_index(const Bound& bound) {
  if (bound.by == "declared")
    return {std::nullopt,
            Finding::without(Reason::limit_todo),
            {"限值取决于制造商声称值，未给出，仅报告数值",
             "the limit depends on the manufacturer's declared value, which is not given, value "
             "only"}};
  if (bound.by_pair())
    return {std::nullopt,
            Finding::of(Verdict::inconclusive),
            {"限值随每对读数而变，单个统计量无法与之比较：待定",
             "the limit differs from pair to pair, one number cannot be compared with it: "
             "inconclusive"}};
  return {std::nullopt,
          Finding::of(Verdict::inconclusive),
          {cat("限值取决于 ", bound.by, "，该值未给出：待定"),
           cat("the limit depends on ", bound.by, ", which is not given: inconclusive")}};
}

FixedLimit beyond(const Bound& bound, const std::string& at) {
  if (bound.table && bound.table->beyond_fails)
    return {std::nullopt,
            Finding::of(Verdict::fail),
            {cat(at, "，超出限值表的范围：", name_of(Verdict::fail).zh),
             cat(at, ", beyond the table of the limit: ", name_of(Verdict::fail).en)}};
  return {std::nullopt,
          Finding::of(Verdict::inconclusive),
          {cat(at, "，在限值的适用范围之外：", name_of(Verdict::inconclusive).zh),
           cat(at, ", outside the range of the limit: ", name_of(Verdict::inconclusive).en)}};
}

}  // namespace

FixedLimit fixed_limit(const Limit& limit, const Circumstances& circumstances) {
  if (limit.unit.code() == "{e}" && wants_claim(limit))
    return {std::nullopt,
            Finding::without(Reason::limit_todo),
            {"限值以检定分度值 e 表示，e 未给出，仅报告数值",
             "the limit is in verification scale intervals e, and e is not given, value only"}};
  if (!limit.bound) return {limit, {}, {}};
  const Bound& bound = *limit.bound;
  const auto given = circumstances.indices.find(bound.by);
  if (given == circumstances.indices.end()) return missing_index(bound);
  const Quantity& at_value = given->second;
  const auto index = bound.by == "abs_bias"  // a difference; the others are values of the quantity
                         ? at_value.unit.convert_difference(at_value.value, bound.by_unit)
                         : at_value.unit.convert(at_value.value, bound.by_unit);
  if (!index) return missing_index(bound);
  const std::string at = cat(bound.by, " = ", printed(*index, bound.by_unit));
  const auto found = bound.at(*index);
  if (!found && bound.fails_at(*index)) return beyond(bound, at);
  if (!found) return beyond(Bound{}, at);
  FixedLimit fixed{at_index(limit, *index), {}, {at, at}};
  if (found->nearest) {
    const std::string higher = printed(found->value, bound.unit);
    const std::string nearest = printed(*found->nearest, bound.unit);
    fixed.remark.zh += cat("：表中较高一档 ", higher, "，最近一档 ", nearest);
    fixed.remark.en += cat(": next-higher index ", higher, ", nearest index ", nearest);
  }
  return fixed;
}

Text2 unmet_condition(const Measurement& m, const Limit& limit,
                      const Circumstances& circumstances) {
  if (m.samples < limit.min_samples)
    return {cat("样本量不足：", m.samples, " < ", limit.min_samples),
            cat("sample plan not met: ", m.samples, " < ", limit.min_samples)};
  if (!limit.plan.empty() && !circumstances.plan_shortfalls)
    return {"该限值规定了样本方案，本结果未按其抽样",
            "the limit has a sample plan, and this value was not sampled by it"};
  if (circumstances.plan_shortfalls && !circumstances.plan_shortfalls->empty()) {
    Text2 out{"样本方案未满足：", "sample plan not met: "};
    bool first = true;
    for (const Text2& shortfall : *circumstances.plan_shortfalls) {
      out.zh += cat(first ? "" : "；", shortfall.zh);
      out.en += cat(first ? "" : "; ", shortfall.en);
      first = false;
    }
    return out;
  }
  const double wanted = limit.interval_confidence();
  const bool on_interval = limit.on != Limit::On::estimate;
  if (on_interval && wanted > 0 && m.interval && std::abs(m.interval->confidence - wanted) > 1e-9)
    return {cat("限值要求双侧 ", number(100 * wanted, 4), " % 的区间，测得值给出的是 ",
                number(100 * m.interval->confidence, 4), " %"),
            cat("the limit wants an interval of ", number(100 * wanted, 4),
                " % (two-sided), the value has one of ", number(100 * m.interval->confidence, 4),
                " %")};
  return {};
}

}  // namespace carebench
