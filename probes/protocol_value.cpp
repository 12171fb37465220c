// Values of fields, out of binary frames and out of text lines.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "probes/gatt/date_time.h"
#include "probes/gatt/reading.h"
#include "probes/ieee11073.h"
#include "probes/protocol_fields.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

FieldValue absent() { return {}; }

FieldValue text_value(std::string_view text) {
  FieldValue value;
  value.kind = FieldValue::Kind::text;
  value.text = text;
  return value;
}

FieldValue truth(bool yes) {
  FieldValue value;
  value.kind = FieldValue::Kind::number;
  value.number = yes ? 1 : 0;
  value.text = yes ? "true" : "false";
  return value;
}

FieldValue octets_value(ByteView octets) {
  FieldValue value;
  value.kind = FieldValue::Kind::octets;
  value.octets = octets;
  return value;
}

std::uint32_t some_bits(std::uint32_t raw, const FieldSpec& field) {
  if (field.bits == 0) return raw;
  const std::uint32_t mask = field.bits >= 32 ? ~0U : (1U << field.bits) - 1;
  return raw >> field.bit & mask;
}

FieldValue time_value(ByteView octets) {
  const GattTime time = read_date_time(octets);
  if (time.kind == GattTime::Kind::unknown) return special_value("unknown");
  if (time.kind == GattTime::Kind::invalid) return special_value("invalid");
  return coded_value(static_cast<double>(time.seconds), {}, {}, {});
}

FieldValue read_octets(const FieldSpec& field, ByteView octets) {
  switch (field.type) {
    case FieldType::ascii: {
      const std::string_view text = as_text(octets);
      return text_value(text.substr(0, text.find_last_not_of('\0') + 1));
    }
    case FieldType::bytes:
    case FieldType::list:
      return octets_value(octets);
    default:
      break;
  }
  if (field.type == FieldType::date_time) return time_value(octets);
  const std::uint32_t raw = load(octets.data(), static_cast<int>(octets.size()), field.big_endian);
  if (field.type == FieldType::sfloat || field.type == FieldType::float11073) {
    const Ieee11073 sent = field.type == FieldType::sfloat
                               ? ieee11073_sfloat(static_cast<std::uint16_t>(raw))
                               : ieee11073_float(raw);
    return sent.special.empty()
               ? coded_value(sent.value(), field.scaling, field.special, field.values)
               : special_value(sent.special);
  }
  if (field.type == FieldType::boolean) return truth(some_bits(raw, field) != 0);
  if (field.type == FieldType::f32) {
    const double value = float_of(raw);
    const std::string_view name = not_a_number(value);
    return name.empty() ? coded_value(value, field.scaling, field.special, field.values)
                        : special_value(name);
  }
  const double code =
      field.bits ? static_cast<double>(some_bits(raw, field)) : code_of(field.type, raw);
  return coded_value(code, field.scaling, field.special, field.values);
}

bool is_hex_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

FieldValue read_hex(const FieldSpec& field, std::string_view text) {
  if (!is_hex_digits(text)) return special_value("malformed");
  if (field.bits == 0) return text_value(text);
  if (text.size() > 8) text.remove_prefix(text.size() - 8);
  std::uint32_t raw = 0;
  std::from_chars(text.data(), text.data() + text.size(), raw, 16);
  if (field.is_truth()) return truth(some_bits(raw, field) != 0);
  return coded_value(some_bits(raw, field), field.scaling, field.special, field.values);
}

FieldValue read_numbers(const FieldSpec& field, ByteView data) {
  const int items = field.items_in(text_fields(data));
  if (items == 0) return absent();
  const std::string_view first = text_field(data, field.at).text;
  const std::string_view last = text_field(data, field.at + (items - 1) * field.stride).text;
  const char* end = last.data() + last.size();
  return text_value({first.data(), static_cast<std::size_t>(end - first.data())});
}

FieldValue read_text(const FieldSpec& field, ByteView data) {
  if (field.type == FieldType::numbers) return read_numbers(field, data);
  const TextField found = text_field(data, field.at);
  if (!found.there) return absent();
  if (found.text.empty())
    return field.empty_name.empty() ? absent() : special_value(field.empty_name);
  switch (field.type) {
    case FieldType::number:
      return read_number(field, found.text);
    case FieldType::hex:
      return read_hex(field, found.text);
    case FieldType::boolean:
      if (found.text == field.yes) return truth(true);
      return found.text == field.no ? truth(false) : special_value("malformed");
    case FieldType::text:
      return text_value(found.text);
    default:
      break;
  }
  double degrees = 0;
  if (!parse_degrees(field.type, found.text, text_field(data, field.at + 1).text, degrees))
    return special_value("malformed");
  return coded_value(degrees, {}, {}, {});
}

}  // namespace

double code_of(FieldType type, std::uint32_t raw) {
  switch (type) {
    case FieldType::s8:
      return static_cast<std::int8_t>(raw);
    case FieldType::s16:
      return static_cast<std::int16_t>(raw);
    case FieldType::s24:
      return static_cast<std::int32_t>(raw << 8) >> 8;
    case FieldType::s32:
      return static_cast<std::int32_t>(raw);
    case FieldType::sm16: {
      const int magnitude = static_cast<int>(raw & 0x7FFF);
      return raw & 0x8000 ? -magnitude : magnitude;
    }
    default:
      return raw;
  }
}

double float_of(std::uint32_t raw) { return std::bit_cast<float>(raw); }

std::string_view not_a_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (!std::isinf(value)) return "";
  return value > 0 ? "+INFINITY" : "-INFINITY";
}

FieldValue special_value(std::string_view name) {
  FieldValue value;
  value.kind = FieldValue::Kind::special;
  value.text = name;
  return value;
}

FieldValue coded_value(double code, const Scaling& scaling, const std::vector<CodeName>& special,
                       const std::vector<CodeName>& values) {
  for (const CodeName& one : special)
    if (one.code == code) return special_value(one.name);
  FieldValue value;
  value.kind = FieldValue::Kind::number;
  value.number = scaling.value_of(code);
  for (const CodeName& one : values)
    if (one.code == code) value.text = one.name;
  return value;
}

namespace {

// Whether the flags say that a field is there; they stand at a fixed place.
bool announced(const MessageSpec& message, const FieldSpec& field, ByteView data) {
  const FieldSpec& flags = message.fields[static_cast<std::size_t>(field.flag_field)];
  const auto end = static_cast<std::size_t>(flags.at + flags.size);
  if (end > data.size()) return false;
  const std::uint32_t mask = load(data.data() + flags.at, flags.size, flags.big_endian);
  return (mask >> field.flag_bit & 1) == (field.flag_set ? 1U : 0U);
}

}  // namespace

Place locate(const MessageSpec& message, const FieldSpec& field, ByteView data) {
  Place place;
  if (field.from == FieldSpec::From::start) {
    place.at = static_cast<std::size_t>(field.at);
  } else if (field.from == FieldSpec::From::end) {
    const std::size_t back = static_cast<std::size_t>(-field.at);
    if (back > data.size()) return {};
    place.at = data.size() - back;
  } else {
    const Place before =
        locate(message, message.fields[static_cast<std::size_t>(field.previous)], data);
    if (!before.there && !before.left_out) return {};
    place.at = before.at + before.size;
  }
  if (field.flag_field >= 0 && !announced(message, field, data)) {
    place.left_out = true;
    return place;
  }
  const std::size_t end =
      data.size() -
      std::min(data.size(),
               static_cast<std::size_t>(field.from == FieldSpec::From::end ? 0 : message.tail));
  if (place.at > end) return {};
  place.size = static_cast<std::size_t>(field.size);
  if (field.count_field >= 0) {
    const FieldValue count =
        read_field(message, message.fields[static_cast<std::size_t>(field.count_field)], data);
    if (count.kind != FieldValue::Kind::number) return {};
    place.size = static_cast<std::size_t>(std::max(0.0, count.number + field.count_plus));
  } else if (field.size == 0) {
    place.size = end - place.at;
  }
  place.there = place.size <= end - place.at;
  return place;
}

TextField text_field(ByteView data, int index) {
  std::string_view rest = as_text(data);
  for (; index > 0; --index) {
    const std::size_t comma = rest.find(',');
    if (comma == rest.npos) return {};
    rest.remove_prefix(comma + 1);
  }
  return {rest.substr(0, rest.find(',')), true};
}

int text_fields(ByteView data) {
  return 1 + static_cast<int>(std::count(data.begin(), data.end(), ','));
}

bool parse_degrees(FieldType type, std::string_view text, std::string_view hemisphere,
                   double& out) {
  const bool latitude = type == FieldType::latitude || type == FieldType::nmea_latitude;
  if (hemisphere.size() != 1) return false;
  const char letter = hemisphere[0];
  if (letter != (latitude ? 'N' : 'E') && letter != (latitude ? 'S' : 'W')) return false;
  text = trim(text);
  std::optional<double> value;
  if (type == FieldType::latitude || type == FieldType::longitude) {
    value = parse_double(text);
  } else {
    const std::size_t whole = std::min(text.find('.'), text.size());
    const std::size_t minutes_at = whole > 2 ? whole - 2 : 0;
    const auto minutes = parse_double(text.substr(minutes_at));
    const auto degrees = minutes_at ? parse_int(text.substr(0, minutes_at)) : 0;
    if (minutes && degrees && *minutes >= 0 && *minutes < 60 && *degrees >= 0 && whole >= 1)
      value = static_cast<double>(*degrees) + *minutes / 60;
  }
  if (!value || std::fabs(*value) > (latitude ? 90 : 180)) return false;
  out = letter == 'S' || letter == 'W' ? -*value : *value;
  return true;
}

FieldValue read_number(const FieldSpec& field, std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  if (text.empty()) return absent();
  double code = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, code, std::chars_format::fixed);
  if (error != std::errc() || stop != end || !std::isfinite(code))
    return special_value("malformed");
  return coded_value(code, field.scaling, field.special, field.values);
}

FieldValue read_field(const MessageSpec& message, const FieldSpec& field, ByteView data) {
  if (is_text_type(field.type) || !field.yes.empty()) return read_text(field, data);
  const Place place = locate(message, field, data);
  return place.there ? read_octets(field, data.subspan(place.at, place.size)) : absent();
}

FieldValue read_header_field(const FieldSpec& field, ByteView frame) {
  const auto at = static_cast<std::size_t>(field.at);
  const auto size = static_cast<std::size_t>(field.size);
  return at + size <= frame.size() ? read_octets(field, frame.subspan(at, size)) : absent();
}

std::string_view Message::id() const { return spec ? std::string_view(spec->id) : ""; }

std::span<const ValueFinding* const> Message::findings() const {
  if (!reading) return {};
  return reading->findings();
}

FieldValue Message::value(FieldHandle handle) const {
  if (!handle.field || handle.message != spec) return absent();
  if (handle.field->reading < 0) return read_field(*spec, *handle.field, data);
  if (!reading) return absent();
  const FieldValue& value = reading->value(static_cast<std::size_t>(handle.field->reading));
  const bool truth_value =
      handle.field->type == FieldType::boolean && value.kind == FieldValue::Kind::number;
  return truth_value ? truth(value.number != 0) : value;
}

}  // namespace carebench
