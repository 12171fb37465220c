// Figures of every kind, as checks and commands put them into the record.
#pragma once

#include "standards/vocab/run_record.h"

namespace carebench::test {

Figure latency_figure();
Figure banded_figure();
Figure deviation_figure();
Figure bland_altman_figure();
Figure error_grid_figure();
Figure series_figure();
Figure stages_figure();
Figure histogram_figure();

}  // namespace carebench::test
