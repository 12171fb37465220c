// How a decision is said: the numbers it compared, in the relation it found true, and the verdict.
// "1.0 + 0.8 <= 3.0 mmHg: pass". Printed numbers never contradict the comparison they stand for.
#pragma once

#include <string_view>

#include "standards/decision.h"

namespace carebench {

struct Stated {
  double value = 0, expanded = 0;  // U = k*u; both in `unit`
  Unit unit;
  Comparison comparison = Comparison::le;
  Tolerance tolerance;
  DecisionRule rule = DecisionRule::simple_acceptance;
  Decision decision;
};
Text2 wording_of(const Stated& stated);

Text2 name_of(Verdict verdict);

// "5.2 mmHg", as people print it.
std::string printed(double value, Unit unit);

}  // namespace carebench
