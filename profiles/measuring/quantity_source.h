// A quantity as one device tells it: where it stands (a field of a message, a register), in which
// unit and with which resolution, and its values in the unit that the check works in. What is no
// number (special values, missing fields) never becomes one.
#pragma once

#include <optional>
#include <string_view>

#include "probes/protocol_spec.h"
#include "profiles/context.h"

namespace carebench {

struct QuantitySource {
  FieldHandle field;                  // set for a device with messages,
  const RegisterSpec* reg = nullptr;  // or this for one with registers
  double resolution = 0;              // smallest step of the value, in the check's unit; 0: none
  double times = 1, plus = 0;         // from the protocol's unit to the check's
  bool convert = false;

  // In the check's unit; nothing when it is no number.
  std::optional<double> number(const FieldValue& value) const {
    if (value.kind != FieldValue::Kind::number) return std::nullopt;
    return convert ? value.number * times + plus : value.number;
  }
};

// Problems: no such field or register, no number, a unit of another dimension.
Result<QuantitySource> quantity_source(const Protocol* protocol, std::string_view name, Unit unit);

}  // namespace carebench
