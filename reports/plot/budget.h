// Bars of an uncertainty budget, as inline SVG: what each component contributes to the value's
// standard uncertainty, the largest first, and below them the combined one. Readable in black and
// white: type A bars are hatched, type B plain, the combined one dark.
#pragma once

#include <string>

#include "reports/html/markup.h"
#include "reports/html/texts.h"
#include "standards/vocab/quantity.h"

namespace carebench::plot {

// `value` is a number with a budget; `id` must be unique on the page.
void draw_budget(Markup& out, const Measurement& value, const Texts& texts, const std::string& id);

}  // namespace carebench::plot
