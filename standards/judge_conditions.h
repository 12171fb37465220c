// What stands between a value and its limit before the two can be compared: the index of a bound
// that is no single number, the sample plan, the confidence of an interval. For judge() alone.
#pragma once

#include <optional>

#include "standards/judge.h"

namespace carebench {

// The limit with a plain number, or why there is none. `remark`: which index gave it.
struct FixedLimit {
  std::optional<Limit> limit;
  Finding finding = Finding::of(Verdict::inconclusive);  // without a limit
  Text2 remark;
};
FixedLimit fixed_limit(const Limit& limit, const Circumstances& circumstances);

// Why no verdict is possible though value and limit are there: too few samples, a plan that is not
// met or not shown to be met, an interval of another confidence; empty when nothing is missing.
Text2 unmet_condition(const Measurement& measurement, const Limit& limit,
                      const Circumstances& circumstances);

}  // namespace carebench
