// Limits in plots: bound and guard band as lines, once a value has been judged. A check does not
// know the limits; it says in its figures which of its outputs they show (Figure::shows).
#pragma once

#include <optional>
#include <span>

#include "standards/limit.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// Adds the limit to the figure. A bound that depends on the reference becomes a line over the
// figure's readings; one that depends on something else, and a limit without number, none.
// `guard_band` is w in `unit`, the unit of the value that was judged; 0 or nothing: no band.
void add_limit(Figure& figure, const Figure::Shown& shown, const Limit& limit,
               std::optional<double> guard_band, Unit unit);

// All figures that show the judged value.
void add_limits(std::span<Figure> figures, const JudgedRecord& judged, const Limit& limit,
                Unit unit);

}  // namespace carebench
