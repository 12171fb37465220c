// Names of quantities that limits are about, with what they are called and the dimension their
// values have. A limit may be about another quantity, whose dimension nobody then checks.
#pragma once

#include <string_view>
#include <vector>

#include "standards/vocab/quantity.h"

namespace carebench {

struct QuantityName {
  std::string_view id, zh, en;
  std::string_view unit, other_unit;  // UCUM; other_unit: a second dimension it is given in, or ""
  bool takes(Unit of) const;          // a value of the quantity can be in that unit
};
const QuantityName* find_quantity_name(std::string_view id);  // nullptr: not one of these

}  // namespace carebench
