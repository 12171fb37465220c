// Reference readings gathered outside the run, as a CSV file: a first line "time_s,value", then one
// reading a line, in the order of time. Times are seconds since the observation began. The file
// comes from outside: its size is bounded, and everything that is not a number is refused with its
// place.
#pragma once

#include <string_view>
#include <vector>

#include "standards/vocab/error.h"

namespace carebench {

struct TimedValue {
  double time_s = 0;
  double value = 0;
};

// `name` is what errors call the file.
Result<std::vector<TimedValue>> parse_reference_file(std::string_view text, std::string_view name);

}  // namespace carebench
