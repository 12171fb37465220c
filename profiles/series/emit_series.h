// What check accuracy/series gives of a table: the usual panel with its figures, what the step's
// limits define, and how their sample plans are met.
#pragma once

#include "profiles/context.h"
#include "profiles/series/pairs_table.h"

namespace carebench {

Result<void> emit_series(Context& context, PairsTable table);

}  // namespace carebench
