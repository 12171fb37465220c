#include "standards/decision.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "standards/stats/distributions.h"

namespace carebench {
namespace {

constexpr double same_within = 1e-12;  // relative; the digits a record carries

bool is_temperature(Unit unit) { return unit.same_dimension(*Unit::parse("Cel")); }

double guard_band(double expanded, const Tolerance& tolerance, DecisionRule rule) {
  switch (rule) {
    case DecisionRule::simple_acceptance:
    case DecisionRule::inherent:
      return 0;
    case DecisionRule::guarded_binary:
    case DecisionRule::guarded_nonbinary:
      return expanded;
    case DecisionRule::jjf_1094:
      return tolerance.mpev && compare(3 * expanded, *tolerance.mpev) <= 0 ? 0 : expanded;
  }
  return expanded;
}

// The upper end of the tolerance; the lower one is its mirror image.
Verdict zone(double y, double limit, double w, bool strict, DecisionRule rule) {
  const double scale = std::max({std::abs(y), std::abs(limit), w});
  const auto below = [&](double bound) {
    const int order = compare(y, bound, scale);
    return strict ? order < 0 : order <= 0;
  };
  if (below(limit - w)) return Verdict::pass;
  if (w == 0 || rule == DecisionRule::guarded_binary) return Verdict::fail;
  if (rule == DecisionRule::jjf_1094)
    return compare(y, limit + w, scale) >= 0 ? Verdict::fail : Verdict::inconclusive;
  if (below(limit)) return Verdict::conditional_pass;
  return below(limit + w) ? Verdict::conditional_fail : Verdict::fail;
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
  out.strict = limit.comparison == Comparison::lt || limit.comparison == Comparison::gt;
  return out;
}

int compare(double a, double b, double scale) {
  const double largest = std::max({std::abs(a), std::abs(b), scale});
  if (a == b || std::abs(a - b) <= same_within * largest) return 0;
  return a < b ? -1 : 1;
}

Decision decide(double y, double expanded, const Tolerance& tolerance, DecisionRule rule) {
  assert(std::isfinite(y) && std::isfinite(expanded) && expanded >= 0);
  assert(tolerance.low || tolerance.high);
  const double w = guard_band(expanded, tolerance, rule);
  Decision decision{Verdict::pass, w, true};
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

double nonconformance_probability(double y, double u, const Tolerance& tolerance) {
  assert(u > 0);
  double outside = 0;
  if (tolerance.high) outside += stats::normal_cdf((y - *tolerance.high) / u);
  if (tolerance.low) outside += stats::normal_cdf((*tolerance.low - y) / u);
  return std::min(outside, 1.0);
}

double conformance_probability(double y, double u, const Tolerance& tolerance) {
  assert(u > 0);
  const double above = tolerance.low ? stats::normal_cdf((*tolerance.low - y) / u) : 0;
  const double below = tolerance.high ? stats::normal_cdf((*tolerance.high - y) / u) : 1;
  return std::max(below - above, 0.0);
}

}  // namespace carebench
