// GS1 keys and element strings (GS1 General Specifications, sections 3 and 7).
#pragma once

#include <string_view>
#include <vector>

#include "profiles/measuring/identifier_formats.h"

namespace carebench {

struct Gs1Element {
  std::string_view ai;     // "01"
  std::string_view value;  // views into the text
};
struct Gs1Elements {
  std::vector<Gs1Element> list;
  std::string problem;     // why the text is no element string
  bool undecided = false;  // the problem is that the bench does not know an AI

  std::string_view value_of(std::string_view ai) const;  // "" when it is not there
};

// Takes the printed form "(01)06291041500213(21)12345" and the scanned form, with or without a
// symbology identifier ("]C1"), variable fields ended by FNC1 (GS, 0x1D).
Gs1Elements parse_gs1_elements(std::string_view text);

// 8, 12, 13, 14 or 18 bare digits, or an element string.
FormatFinding check_gs1(std::string_view text);

}  // namespace carebench
