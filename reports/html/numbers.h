// Numbers as the report prints them. They are rounded for reading; the number that was judged
// stands in run.json, and in the title of the printed one.
#pragma once

#include <string>

#include "standards/vocab/quantity.h"
#include "standards/vocab/time.h"

namespace carebench::html {

inline constexpr int value_digits = 6, uncertainty_digits = 2,  // JCGM 100, 7.2.6
    coverage_digits = 3;

std::string shown(double value, int digits = value_digits);  // significant digits; "∞", "–"
std::string unit_text(Unit unit);  // after a number: "mmHg", "/min" ("72 1/min" reads as 721)
std::string with_unit(double value, Unit unit, int digits = value_digits);
std::string limit_text(std::string text);  // "<= 3 mm[Hg]" of a limit as "≤ 3 mmHg"
std::string span(Stamp from, Stamp to);    // "12 s – 72.1 s"

}  // namespace carebench::html
