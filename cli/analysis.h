// `carebench analyse`: a series gathered outside a run becomes a run of its own, with check
// accuracy/series, so that the same code judges it and `verify` derives it again.
#pragma once

#include <string>
#include <vector>

#include "standards/vocab/error.h"
#include "standards/vocab/json.h"
#include "standards/vocab/run_record.h"

namespace carebench {

struct AnalysisRequest {
  std::string pairs;                    // path of the table
  std::vector<std::string> limits;      // ids; none: values only
  std::vector<std::string> own_limits;  // files and folders
  std::string job, quantity, unit;      // "" = none, or as the limit says
};

// The profile of that run, as YAML: one step for each limit, of a composite one for each of its
// parts. Errors: unknown limits, limits about something else than pairs, units that do not fit.
Result<std::string> analysis_profile(const AnalysisRequest& request);

// {"n", "subjects", "left_out", "unit", "bias", "sd", "rms", "mae", "mape", "max_abs",
//  "loa": {"low", "high", …}, "percentiles": {"p5", …}, "zones": {"parkes_1": {"A": …}},
//  "criteria": [{"limit", "statistic", "value", "bound", "verdict", "wording"}], "notes",
//  "verdict"}
Json analysis_json(const RunRecord& record);
std::string analysis_text(const RunRecord& record);

}  // namespace carebench
