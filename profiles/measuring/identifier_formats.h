// What an identifier has to look like to be one of a known kind, and whether its check digit fits.
// Only what is established is decided: a structure that is not known stays undecided, and a kind
// without an established check digit yields none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace carebench {

enum class IdentifierFormat {
  gs1,       // GTIN-8/12/13/14 or SSCC as bare digits, or an element string with AIs
  udi,       // a whole UDI: GS1 element string with (01), HIBC or MA code
  imei,      // 15 digits (3GPP TS 23.003)
  eui48,     // IEEE EUI-48: individual, universally administered
  eui64,     // IEEE EUI-64, or one that was made from an EUI-48
  ma_code,   // MA code (ZIIOT, ISO/IEC 15459 issuing agency MA): structure only
  hibc,      // HIBC primary or concatenated data
  mod37_36,  // letters and digits closed by an ISO/IEC 7064 MOD 37,36 character
  pnp_id,    // 7 octets of 2A50 in hexadecimal: it tells the model, not the unit
  pattern,   // the maker's own: IdentifierPattern; not decided here
};
std::span<const std::string_view> identifier_format_names();  // in the order of the enumeration
std::optional<IdentifierFormat> identifier_format_from(std::string_view name);

struct FormatFinding {
  enum class Structure { sound, unsound, undecided } structure = Structure::unsound;
  std::optional<bool> check_digit;  // nothing: there is none, or nothing to check
  std::string note;                 // what it says, or what is wrong with it
};
// Blanks around the identifier do not count. `pattern` is undecided.
FormatFinding check_format(IdentifierFormat format, std::string_view identifier);

}  // namespace carebench
