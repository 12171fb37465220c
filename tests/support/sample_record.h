// Run records for tests of the reports: a believable run on two samples that holds every kind of
// finding, and the same run with texts that try to break out of a report.
#pragma once

#include <string>
#include <vector>

#include "standards/vocab/run_record.h"

namespace carebench::test {

RunRecord sample_record();

// What a hostile device or file might call itself.
const std::vector<std::string>& hostile_texts();
// sample_record() with hostile texts wherever a text comes from outside.
RunRecord hostile_record();

std::vector<StepRecord> sample_steps();

}  // namespace carebench::test
