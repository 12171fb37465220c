// The HTML report: one file, in one language, that needs nothing but itself. No script, no address
// on the net, everything from the record escaped; made to be read on a screen and printed on A4.
#pragma once

#include <string>

#include "reports/html/texts.h"
#include "standards/vocab/run_record.h"

namespace carebench::html {

std::string page(const RunRecord& record, const Texts& text, std::string_view style_sheet);

}  // namespace carebench::html
