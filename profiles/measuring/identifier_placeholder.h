// Texts that stand where an identifier should be and identify nothing: what a maker's tool wrote
// before somebody else was to fill in the number of the unit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace carebench {

// Why `identifier` (octets as the device gave them) is a placeholder; "" when it is none. Found out
// are: nothing at all, fewer than `least` characters, one character or a short group repeated,
// digits or letters in a row ("0123456789"), words ("Serial Number", "unknown", "default") and
// templates
// ("SN%08d", "XXXX-0001"). A leading word such as "SN" or "IMEI:" does not count as content.
std::string placeholder_reason(std::string_view identifier, std::size_t least = 4);

}  // namespace carebench
