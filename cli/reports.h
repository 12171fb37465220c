// Renders reports beside a run's record.
#pragma once

#include <string>
#include <vector>

#include "standards/vocab/run_record.h"

namespace carebench {

// `formats`: renderer ids; `languages`: "zh-CN", "en"; empty: both. Files are report.zh-CN.html, …;
// formats without language are report.json, report.xml. Gives the paths written.
Result<std::vector<std::string>> render_reports(const std::string& directory,
                                                const RunRecord& record,
                                                const std::vector<std::string>& formats,
                                                const std::vector<std::string>& languages);

// DIR/run.json when it is there and whole, else derived from the evidence (after a crash).
Result<RunRecord> record_of(const std::string& directory);

}  // namespace carebench
