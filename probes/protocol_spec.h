// What a protocol file says, checked and resolved: framing, messages, fields, registers. Filled in
// by protocol_parse*.cpp alone, read by the frame reader, by the encoder and by whoever lists a
// protocol. Offsets are octets from the start of a frame or of its data as told; indexes of a text
// protocol count the comma-separated fields, 0 is the address (the sentence's or message's own
// name).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/checksum.h"
#include "probes/protocol.h"

namespace carebench {

struct GattCharacteristic;  // gatt/characteristic.h

// A code of the device and what it is called: a special value, an item of an enumeration.
struct CodeName {
  double code = 0;
  std::string name;
};

// value = code * times / per + plus. A scale of 0.1 is kept as 1/10, so that 365 becomes 36.5 and
// not its neighbour.
struct Scaling {
  double times = 1, per = 1, plus = 0;
  bool identity = true;
  double value_of(double code) const { return identity ? code : code * times / per + plus; }
  double code_of(double value) const { return identity ? value : (value - plus) * per / times; }
};

enum class FieldType : std::uint8_t {
  // in the octets of a binary frame
  u8,
  u16,
  u24,
  u32,
  s8,
  s16,
  s24,
  s32,
  f32,
  sfloat,      // IEEE 11073-20601, 16 bits
  float11073,  // the same, 32 bits
  date_time,   // 7 octets of GATT: seconds from 1970-01-01 on the device's clock; 0 is unknown
  sm16,        // sign and magnitude: bit 15 is the sign, 14..0 the magnitude
  boolean,     // not 0; or one bit. In text: one word for true, one for false
  list,        // unsigned octets, as many as another field says, or a fixed number
  ascii,       // text; padding NULs at its end are no part of it
  bytes,
  decoded,  // a number, code or time that the decoder of an adopted characteristic gives
  // in the fields of a text line
  number,
  text,
  hex,  // hexadecimal digits, kept as text unless bits are asked for
  latitude,
  longitude,  // decimal degrees, the hemisphere's letter in the next field
  nmea_latitude,
  nmea_longitude,  // (d)ddmm.mmmm, the hemisphere's letter in the next field
  numbers,         // several fields, one value list
};
bool is_text_type(FieldType type);
inline bool is_integer_type(FieldType type) {
  return type < FieldType::f32 || type == FieldType::sm16;
}
int octets_of(FieldType type);  // 0: as long as it is

struct FieldSpec {
  std::string name;
  Text2 title;
  FieldType type = FieldType::u8;
  bool big_endian = true;
  bool optional = false;    // the frame may end before it
  bool named_only = false;  // JSON shows the enumeration's name instead of code and name
  bool drop_empty = false;  // numbers: empty fields are left out instead of being null

  // Where it starts: `at` octets from the start of the data, from its end (at < 0), or where field
  // number `previous` of the message ends. In text `at` is the field's index.
  enum class From : std::uint8_t { start, end, previous } from = From::start;
  int at = 0;
  int previous = -1;
  int size = 1;  // octets; 0: all up to what is fixed at the end of the data
  // list: the number of items is count_plus, plus the value of field number count_field.
  int count_field = -1;
  int count_plus = 0;
  int stride = 1;         // numbers: distance of the items, in fields
  int group = 0;          // numbers: index where the first group of `stride` fields starts; a group
                          // that the line does not hold whole has no item
  int bit = 0, bits = 0;  // a part of the whole number, bit 0 = least significant; bits 0: all
  // Only there when that bit of field number flag_field is as flag_set says; -1: always.
  int flag_field = -1, flag_bit = 0;
  bool flag_set = true;
  int reading = -1;  // adopted characteristics: the field's place in the Reading
  double step = 0;   // decoded: from one value to the next, 0: it does not say

  Scaling scaling;
  int decimals = -1;  // text, IEEE 11073; for encode(): digits after the point, -1: as many as it
                      // takes
  Unit unit;
  std::vector<CodeName> special;  // codes that are no value; compared before scaling
  std::vector<CodeName> values;   // enumeration
  std::string empty_name;         // text: what an empty field means, "" = the value is absent
  std::string yes, no;            // boolean in text
  std::string fallback;           // text: what encode() writes when nothing is given
  // What encode() works out by itself: the octets of the whole data, where no value is given; a
  // checksum of all octets before it, where "computed" is given.
  bool counts_octets = false;
  const Checksum* check = nullptr;

  bool is_truth() const;           // boolean, or one bit of hexadecimal digits
  int items_in(int fields) const;  // numbers: how many a line of so many fields holds

  double low_code() const;  // what the type and its bits can hold
  double high_code() const;
};

// Which way a message travels. Some protocols give question and answer the same constants.
inline constexpr std::size_t directions = 3;

// How a GATT device and the bench exchange a message.
enum class GattMethod : std::uint8_t {
  notify,
  indicate,
  read,
  write,
  service_data,
  manufacturer_data
};
std::string_view to_string(GattMethod method);

struct GattBinding {
  AttributePath attribute;  // advertised data: the service or company is the characteristic
  GattMethod method = GattMethod::notify;
  bool optional = false;                        // a device may do without
  bool with_response = true;                    // method write
  bool nordic_order = false;                    // GattOptions::nordic_cgm_order
  const GattCharacteristic* adopted = nullptr;  // who decodes it; nullptr: the fields
  bool advertised() const { return method >= GattMethod::service_data; }
};

struct MessageSpec {
  std::string id;
  Text2 title;
  Direction direction = Direction::either;

  // The constants that tell it from the others; all have to fit.
  struct HeaderMatch {
    int header = 0;                     // index into Framing::header
    std::vector<std::uint32_t> values;  // one of these; the first is what encode() writes
  };
  struct DataMatch {
    int at = 0;  // < 0: from the end of the data
    Bytes octets;
  };
  int variant = -1;  // index into Framing::variants, -1: any
  std::vector<HeaderMatch> header;
  std::vector<DataMatch> constants;
  int size = -1;                   // exact octets of data, -1: any
  std::vector<std::string> types;  // text: the address is one of these
  int weight = 0;                  // how many constants; the heavier message wins
  std::optional<GattBinding> gatt;

  std::vector<FieldSpec> fields;
  int least = 0;   // octets of data without which it is another message
  int extent = 0;  // octets that fixed fields and constants cover; -1: open-ended
  int tail = 0;    // octets that constants and fields claim at the end of the data

  // Adopted characteristics: `fields` are what the decoder gives; this is how encode() lays a value
  // out. nullptr: as its octets only.
  std::shared_ptr<const MessageSpec> sent;
  // What encode() takes and lays out.
  const MessageSpec& laid_out() const { return sent ? *sent : *this; }
  const FieldSpec* field(std::string_view name) const;
};

// How frames are found. Binary: start mark, header fields, length, data, checksums, end mark.
// Line: NMEA 0183 and its relatives, "$GPRMC,…*HH\r\n". Brackets: "[maker*id*LEN*body]". Gatt:
// each value of an attribute is a frame.
struct Framing {
  enum class Kind : std::uint8_t { binary, line, brackets, gatt } kind = Kind::binary;
  bool is_text() const { return kind == Kind::line || kind == Kind::brackets; }
  bool big_endian = true;  // of whatever does not say otherwise
  int max_length = 0;      // octets of the largest frame; nothing longer is ever waited for

  // Binary. Start marks are all of one length, so are end marks.
  struct Variant {
    std::string name;
    Bytes start, end;
  };
  struct Length {
    int at = 0;
    int size = 0;  // 1, 2, 3 or 4 octets; 0: no length field, all frames are fixed_size long
    bool big_endian = true;
    int overhead = 0;  // frame size = value of the field + overhead
  };
  struct Check {
    const Checksum* checksum = nullptr;
    int at = 0;            // of the checksum, < 0: from the end of the frame
    int from = 0, to = 0;  // the octets it covers, < 0: from the end of the frame
    bool big_endian = true;
  };
  std::vector<Variant> variants;
  std::vector<FieldSpec> header;  // `at` counts from the start of the frame
  Length length;
  int fixed_size = 0;
  std::vector<Check> checks;
  int data_at = 0;  // where the data start
  int tail = 0;     // octets after the data
  int least = 0;    // the smallest frame
  // One bit that is set in a frame's first octet and clear in all others (pulse oximeters).
  std::uint8_t sync_mask = 0;

  // Line: '$' and '!', checksum over what stands between start mark and '*'.
  std::string starts;
  const Checksum* line_check = nullptr;
  bool talker = false;  // the address is talker (two letters; "P": proprietary) and type
  std::map<std::string, std::string, std::less<>> defaults;  // text: what encode() puts in

  // The frames are octets in a pair of GATT characteristics, cut anywhere.
  struct Pipe {
    AttributePath notify, write;
    bool indicates = false;  // the device indicates instead
    bool with_response = true;
  };
  std::optional<Pipe> pipe;

  // Finds the message of a frame by its header: an open-addressing table from the header's octets
  // (or the text's address) to the messages that fit, heaviest first.
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t first = 0, count = 0;  // range in `candidates`; count 0: the slot is free
  };
  std::vector<std::uint16_t> key_octets;  // binary: where the key's octets stand in the frame
  std::array<std::vector<Slot>, directions> slots;
  std::array<std::vector<const MessageSpec*>, directions> candidates;
  std::array<std::uint32_t, directions> loose_count{};  // candidates[0..n): they fit any key
};

enum class RegisterTable : std::uint8_t { coil, discrete_input, input_register, holding_register };
enum class RegisterType : std::uint8_t { bit, u16, s16, u32, s32, f32, string, bits };
// Order of the octets of a 32-bit value; must be chosen, never guessed.
enum class WordOrder : std::uint8_t { abcd, cdab, badc, dcba };
std::string_view to_string(RegisterTable table);
std::string_view to_string(RegisterType type);
std::string_view to_string(WordOrder order);

struct RegisterSpec {
  std::string name;
  Text2 title;
  RegisterTable table = RegisterTable::holding_register;
  std::uint16_t address = 0;  // as on the wire, from 0
  std::uint16_t count = 1;    // registers (coils and discrete inputs: bits) it takes
  RegisterType type = RegisterType::u16;
  WordOrder order = WordOrder::abcd;
  bool readable = true, writable = false;
  Scaling scaling;
  Unit unit;
  std::vector<CodeName> special, values;
  std::vector<std::pair<int, std::string>> bits;  // type bits: number and name
  std::optional<double> min, max;                 // of the value, in its unit

  double low_code() const;
  double high_code() const;
};

}  // namespace carebench
