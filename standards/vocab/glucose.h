// Glucose is told by mass or by amount of substance; these two convert with this factor for glucose
// only.
#pragma once

#include <optional>

#include "standards/vocab/quantity.h"

namespace carebench {

inline constexpr double glucose_mg_dl_per_mmol_l = 18.0182;

// What glucose in `from` is multiplied by to be in `to`; nothing for units of anything else.
inline std::optional<double> glucose_factor(Unit from, Unit to) {
  if (from.code() == "mmol/L" && to.code() == "mg/dL") return glucose_mg_dl_per_mmol_l;
  if (from.code() == "mg/dL" && to.code() == "mmol/L") return 1 / glucose_mg_dl_per_mmol_l;
  return std::nullopt;
}

}  // namespace carebench
