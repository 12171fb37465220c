// Puts the run record together: what was run, what came of it, clause by clause.
#pragma once

#include "probes/evidence.h"
#include "profiles/run/runner.h"
#include "standards/vocab/run_record.h"

namespace carebench {

RunRecord assemble_record(const RunSetup& setup, const RunOutcome& outcome,
                          const Evidence& evidence);

}  // namespace carebench
