#include "standards/decision.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "standards/stats/distributions.h"
#include "standards/uncertainty.h"

namespace carebench {
namespace {

constexpr double same_within = 1e-12;  // relative; the digits a record carries

bool is_temperature(Unit unit) { return unit.same_dimension(*Unit::parse("Cel")); }

constexpr double iso_14253_factor = 0.83;  // 1.65 / 2: at most 5 % for k = 2

double guard_band(double expanded, const Tolerance& tolerance, const AgreedRule& agreed) {
  switch (agreed.rule) {
    case DecisionRule::simple_acceptance:
    case DecisionRule::inherent:
      return 0;
    case DecisionRule::guarded_binary:
    case DecisionRule::guarded_nonbinary:
      return expanded;
    case DecisionRule::guarded_fraction:
      return agreed.r * expanded;
    case DecisionRule::iso_14253_1:
      return iso_14253_factor * expanded;
    case DecisionRule::jjf_1094:
      return tolerance.mpev && compare(3 * expanded, *tolerance.mpev) <= 0 ? 0 : expanded;
    case DecisionRule::iec_60118_8:
      return expanded - *tolerance.uncertainty_allowed;
  }
  return expanded;
}

// The upper end of the tolerance; the lower one is its mirror image.
Verdict zone(double y, double limit, double w, bool strict, DecisionRule rule) {
  const double scale = std::max({std::abs(y), std::abs(limit), std::abs(w)});
  const auto below = [&](double bound) {
    const int order = compare(y, bound, scale);
    return strict ? order < 0 : order <= 0;
  };
  if (below(limit - w)) return Verdict::pass;
  switch (rule) {
    case DecisionRule::guarded_nonbinary:
      if (w > 0 && below(limit)) return Verdict::conditional_pass;
      return w > 0 && below(limit + w) ? Verdict::conditional_fail : Verdict::fail;
    case DecisionRule::iso_14253_1:
    case DecisionRule::jjf_1094:
      return w == 0 || compare(y, limit + w, scale) >= 0 ? Verdict::fail : Verdict::inconclusive;
    default:
      return Verdict::fail;
  }
}

double cdf(double z, double dof) {
  return std::isinf(dof) ? stats::normal_cdf(z) : stats::t_cdf(z, whole_dof(dof));
}

bool is_worse(Verdict a, Verdict b) {
  return a != b && worse(Finding::of(a), Finding::of(b)) == Finding::of(a);
}

}  // namespace

Tolerance tolerance_of(const Limit& limit) {
  Tolerance out;
  const bool magnitude = limit.value > 0 && !is_temperature(limit.unit);
  switch (limit.comparison) {
    case Comparison::lt:
    case Comparison::le:
      out.high = limit.value;
      if (magnitude) out.mpev = limit.value;
      break;
    case Comparison::gt:
    case Comparison::ge:
      out.low = limit.value;
      break;
    case Comparison::abs_le:
      out.low = -limit.value;
      out.high = limit.value;
      out.mpev = limit.value;
      break;
    case Comparison::within:
      out.low = limit.low;
      out.high = limit.high;
      out.mpev = (limit.high - limit.low) / 2;
      break;
    case Comparison::equals:
      out.low = out.high = limit.value;
      break;
  }
  out.uncertainty_allowed = limit.uncertainty_allowed;
  out.strict = limit.comparison == Comparison::lt || limit.comparison == Comparison::gt;
  return out;
}

int compare(double a, double b, double scale) {
  const double largest = std::max({std::abs(a), std::abs(b), scale});
  if (a == b || std::abs(a - b) <= same_within * largest) return 0;
  return a < b ? -1 : 1;
}

Decision decide(double y, double expanded, const Tolerance& tolerance, AgreedRule agreed) {
  assert(std::isfinite(y) && std::isfinite(expanded) && expanded >= 0);
  assert(tolerance.low || tolerance.high);
  const DecisionRule rule = agreed.rule;
  assert(rule != DecisionRule::iec_60118_8 || tolerance.uncertainty_allowed);
  const double w = guard_band(expanded, tolerance, agreed);
  Decision decision{Verdict::pass, w, true};
  if (rule == DecisionRule::iec_60118_8 && compare(w, 0, expanded) > 0)
    return {Verdict::inconclusive, w, true, true};
  if (tolerance.high) decision.verdict = zone(y, *tolerance.high, w, tolerance.strict, rule);
  if (!tolerance.low) return decision;
  const Verdict lower = zone(-y, -*tolerance.low, w, tolerance.strict, rule);
  const bool nearer =
      tolerance.high && lower == decision.verdict && y - *tolerance.low < *tolerance.high - y;
  if (!tolerance.high || nearer || is_worse(lower, decision.verdict)) {
    decision.verdict = lower;
    decision.upper = false;
  }
  return decision;
}

double nonconformance_probability(const Known& value, const Tolerance& tolerance) {
  assert(value.u > 0);
  double outside = 0;
  if (tolerance.high) outside += cdf((value.y - *tolerance.high) / value.u, value.dof);
  if (tolerance.low) outside += cdf((*tolerance.low - value.y) / value.u, value.dof);
  return std::min(outside, 1.0);
}

double conformance_probability(const Known& value, const Tolerance& tolerance) {
  assert(value.u > 0);
  const auto p = [&](double z) { return cdf(z / value.u, value.dof); };
  const double y = value.y;
  if (!tolerance.low) return p(*tolerance.high - y);
  if (!tolerance.high) return p(y - *tolerance.low);
  // From the tail on the side of y, whose digits a difference to 1 would lose.
  const bool upper = y - *tolerance.low > *tolerance.high - y;
  const double inside = upper ? p(*tolerance.high - y) - p(*tolerance.low - y)
                              : p(y - *tolerance.low) - p(y - *tolerance.high);
  return std::max(inside, 0.0);
}

}  // namespace carebench
