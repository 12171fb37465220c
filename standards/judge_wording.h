// How a decision is said: the numbers it compared, in the relation it found true, and the verdict.
// "1.0 + 0.8 <= 3.0 mmHg: pass". Printed numbers never contradict the comparison they stand for.
// Where there is no statement of conformity, the relation stands alone.
#pragma once

#include <string_view>

#include "standards/decision.h"

namespace carebench {

struct Stated {
  double value = 0, expanded = 0;  // U = k*u; both in `unit`
  Unit unit;
  Comparison comparison = Comparison::le;
  Tolerance tolerance;
  AgreedRule rule;
  Decision decision;
};
struct Relation {
  Text2 text;    // "1.0 + 0.4 <= 3.0 mmHg"
  Text2 remark;  // " (w = 0.5 U, U = 0.8 mmHg)", or ""
};
Relation relation_of(const Stated& stated);
Text2 with_verdict(const Relation& relation, Verdict verdict);
Text2 without_statement(const Relation& relation, const Text2& why);

Text2 name_of(Verdict verdict);

// "5.2 mmHg", as people print it.
std::string printed(double value, Unit unit);

}  // namespace carebench
