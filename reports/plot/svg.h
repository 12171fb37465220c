// Draws a Figure of the run record as inline SVG. Readable in black and white: series differ by
// dash and marker, not by colour alone. Marks far outside the data stand at the edge with an arrow,
// so that they do not squeeze the data into a corner. A histogram's x are the middles of its bins,
// or their edges (one more than counts).
#pragma once

#include <string>

#include "reports/html/markup.h"
#include "reports/html/texts.h"
#include "standards/vocab/run_record.h"

namespace carebench::plot {

// `id` must be unique on the page. Returns how many points no axis can hold (infinite: no answer
// came).
int draw(Markup& out, const Figure& figure, const Texts& texts, const std::string& id);

}  // namespace carebench::plot
