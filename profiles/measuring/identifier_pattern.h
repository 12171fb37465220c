// A pattern an identifier must fit as a whole, for makers' own numbering: literal characters,
// classes and counts. No alternatives and no groups, so that matching takes time proportional to
// text times pattern whatever either of them holds.
//
//   A literal, \. escaped   [A-Z0-9_] class   [^0-9] all but   \d digit   . any printable ASCII
//   {3} {2,8} {2,} counts   ? + *
#pragma once

#include <bitset>
#include <string_view>
#include <vector>

#include "standards/vocab/error.h"

namespace carebench {

class IdentifierPattern {
 public:
  // bad_input (blame: profile) with the place in the pattern; refuses more than 1024 characters
  // once counts are written out.
  static Result<IdentifierPattern> parse(std::string_view text);
  bool matches(std::string_view text) const;

 private:
  using Set = std::bitset<256>;
  // One character of the text; may be left out, or come again and again.
  struct Place {
    Set set;
    bool optional = false, repeats = false;
  };
  std::vector<Place> places_;
};

}  // namespace carebench
