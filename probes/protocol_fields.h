// Reading one field out of a message's data, shared by Message::value(), the JSON listing and the
// encoder's layout. Nothing here allocates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "probes/protocol_spec.h"

namespace carebench {

// Unsigned number of `size` (1 to 4) octets.
inline std::uint32_t load(const std::uint8_t* at, int size, bool big_endian) {
  std::uint32_t value = 0;
  if (big_endian)
    for (int i = 0; i < size; ++i) value = value << 8 | at[i];
  else
    for (int i = size; i-- > 0;) value = value << 8 | at[i];
  return value;
}
// The code an integer type means by its octets ("sign and magnitude" and two's complement).
double code_of(FieldType type, std::uint32_t raw);
double float_of(std::uint32_t raw);
// "NaN", "+INFINITY", "-INFINITY"; "" for a number.
std::string_view not_a_number(double value);

// Where a field stands in the data at hand; `there` is false when the data end before it.
struct Place {
  std::size_t at = 0, size = 0;
  bool there = false;
  bool left_out = false;  // the flags say that it is not there; size 0
};
Place locate(const MessageSpec& message, const FieldSpec& field, ByteView data);

// A comma-separated field of a text message; `there` is false when the line ends before it.
struct TextField {
  std::string_view text;
  bool there = false;
};
TextField text_field(ByteView data, int index);
int text_fields(ByteView data);  // how many there are, the address included
// Decimal degrees, south and west negative; false when text or hemisphere make no position.
bool parse_degrees(FieldType type, std::string_view text, std::string_view hemisphere, double& out);

FieldValue special_value(std::string_view name);
FieldValue coded_value(double code, const Scaling& scaling, const std::vector<CodeName>& special,
                       const std::vector<CodeName>& values);
FieldValue read_field(const MessageSpec& message, const FieldSpec& field, ByteView data);
// Header fields stand at fixed places of the frame.
FieldValue read_header_field(const FieldSpec& field, ByteView frame);
// An item of a `numbers` field; absent when empty or not there.
FieldValue read_number(const FieldSpec& field, std::string_view text);

// What a text frame says before its first field: talker and type, or maker, id, index and type.
struct TextHeader {
  std::string_view talker, maker, id, index, type;
};
TextHeader text_header(const Framing& framing, ByteView frame, ByteView data);

}  // namespace carebench
