// Does a series of pairs fulfil the sample plan of a limit? What it shows to be missing stands in
// the way of a verdict; what it has no column for is told with the verdict, so that whoever signs
// can show it by other means.
#pragma once

#include <string>
#include <vector>

#include "profiles/series/pairs_table.h"
#include "standards/sample_plan.h"

namespace carebench {

struct SampleCheck {
  std::vector<Text2> shortfalls;  // counted, and too few
  std::vector<Text2> unshown;     // the series does not tell
};
// `quantity`: bins of other quantities are passed over.
SampleCheck check_sample(const SamplePlan& plan, const PairsTable& table,
                         std::string_view quantity);

}  // namespace carebench
