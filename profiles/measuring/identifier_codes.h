// Check digits of identifiers, as pure functions: what the check character of a text must be.
// Whether a text has the form of an identifier is identifier_formats.h's business, whether it is
// one at all identifier_placeholder.h's.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace carebench {

enum class CheckDigit {
  none,
  luhn,       // ISO/IEC 7812-1 annex B; IMEI (3GPP TS 23.003 annex B)
  gs1_mod10,  // GS1 General Specifications 7.9: weights 3, 1, 3 … from the right
  mod43,      // HIBC (ANSI/HIBC 2.6): sum of the values of 0-9 A-Z - . blank $ / + %, modulo 43
  mod37_36,   // ISO/IEC 7064 MOD 37,36: alphanumeric, hybrid
  mod11_2,    // ISO/IEC 7064 MOD 11-2: digits and X; GB 11643-1999 (citizen number)
};
std::span<const std::string_view> check_digit_names();  // in the order of the enumeration
std::optional<CheckDigit> check_digit_from(std::string_view name);

// The check character of `text`, which does not hold it yet; nothing when a character is not of the
// system's alphabet or the text is empty. Letters must be capitals.
std::optional<char> check_digit_of(CheckDigit kind, std::string_view text);
// Whether the last character of `text` is the check character of those before it.
bool check_digit_holds(CheckDigit kind, std::string_view text);

}  // namespace carebench
