// For decoders below probes/gatt/families: walks along the octets of a value, and writes what has
// the same shape in many characteristics.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/gatt/characteristic.h"

namespace carebench {

// Little-endian. Once the octets have run out everything is 0 and ok() stays false.
class ValueReader {
 public:
  explicit ValueReader(ByteView octets) : rest_(octets) {}
  bool ok() const { return ok_; }
  std::size_t left() const { return rest_.size(); }
  ByteView rest() const { return rest_; }
  ByteView take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  template <int octets>
  std::uint64_t whole() {
    const ByteView taken = take(octets);
    std::uint64_t value = 0;
    for (std::size_t i = taken.size(); i-- > 0;) value = value << 8 | taken[i];
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(whole<1>()); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(whole<2>()); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(whole<3>()); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(whole<4>()); }
  std::uint64_t u48() { return whole<6>(); }
  std::int8_t s8() { return static_cast<std::int8_t>(u8()); }
  std::int16_t s16() { return static_cast<std::int16_t>(u16()); }

 private:
  ByteView rest_;
  bool ok_ = true;
};

// Ends the decoding of a value that has flags: too short is refused; octets that nothing announced
// are a note when reserved flags are set (a later version may have appended fields), else a
// violation. `reserved` are the reserved flags that were set.
bool end_of_value(const ValueReader& value, std::uint64_t reserved, Reading& reading);
// Ends the decoding of a value of fixed length: too long is refused as well.
bool end_of_fixed(const ValueReader& value, Reading& reading);

// An IEEE 11073-20601 number, multiplied by 10^shift without error.
void put_sfloat(Reading& reading, std::size_t field, std::uint16_t raw, int shift = 0);
void put_float(Reading& reading, std::size_t field, std::uint32_t raw);
// The same in the unit that was sent; the field gets it times `times` / `per`.
struct Factor {
  double times = 1, per = 1;
};
inline constexpr Factor kpa_to_mmhg{1e3, 133.322387415}, lb_to_kg{0.45359237, 1},
    inch_to_m{0.0254, 1};
void put_sfloat(Reading& reading, std::size_t field, std::uint16_t raw, Factor factor);
// `raw` / `per`, in the field's unit; with a factor: as above.
void put_scaled(Reading& reading, std::size_t field, std::uint32_t raw, double per);
void put_scaled(Reading& reading, std::size_t field, std::uint32_t raw, double per, Factor factor);
// A user's number; 255 is an unknown user.
void put_user(Reading& reading, std::size_t field, std::uint8_t user);
// A code of the field's names; one that has no name is found out as reserved.
void put_code(Reading& reading, const ReadingField& declared, std::size_t field,
              std::uint32_t code);
// Likewise, of a code that the other side had sent: that it is reserved is no fault of the
// device's.
void put_echo(Reading& reading, const ReadingField& declared, std::size_t field,
              std::uint32_t code);
// A mask; bits outside `known` are found out as reserved.
void put_flags(Reading& reading, std::size_t field, std::uint64_t mask, std::uint64_t known);
// Seven octets: year, month, day (0 = unknown), hour, minute, second. What no calendar has is found
// out as out of range, and the field is special "invalid".
void put_date_time(Reading& reading, std::size_t field, ByteView octets);
// Quarters of an hour, in minutes: a time zone (-128: unknown), a DST offset (255: unknown). False:
// there is no such offset, and the field stays absent.
bool put_zone(Reading& reading, std::size_t field, std::int8_t quarters);
bool put_dst(Reading& reading, std::size_t field, std::uint8_t quarters);

}  // namespace carebench
