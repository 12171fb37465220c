// RR intervals of a message: a number with a unit of time, or the list of a Heart Rate Measurement
// (2A37, 16-bit numbers in 1/1024 s, oldest first).
#pragma once

#include <string_view>
#include <vector>

#include "probes/protocol.h"
#include "standards/vocab/error.h"

namespace carebench {

struct RrField {
  FieldHandle handle;
  double seconds = 1;                                     // of one unit
  std::vector<double> of(const FieldValue& value) const;  // in s
};
Result<RrField> rr_field_of(const Protocol* protocol, std::string_view name);

}  // namespace carebench
