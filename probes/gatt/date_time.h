// The Date Time of GATT (GSS 3.70): year (16 bits, little endian), month, day, hour, minute and
// second of a device's own clock.
#pragma once

#include <array>
#include <cstdint>

#include "standards/vocab/bytes.h"

namespace carebench {

struct GattTime {
  enum class Kind : std::uint8_t {
    known,
    unknown,  // year, month or day is 0
    invalid,  // no calendar has it, or it is not 7 octets
  } kind = Kind::unknown;
  std::int64_t seconds = 0;  // kind known: from 1970-01-01T00:00:00 of that clock
};
GattTime read_date_time(ByteView octets);
// The years 1582 to 9999; other times are all zero, unknown.
std::array<std::uint8_t, 7> date_time_octets(std::int64_t seconds);

}  // namespace carebench
