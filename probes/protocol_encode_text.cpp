// One text frame: an NMEA sentence or a bracketed message.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "probes/protocol_encode.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_encode {
namespace {

constexpr std::string_view reserved = ",*[]$!\r\n";

std::string hex_digits(std::uint32_t value, int digits) {
  std::string out(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = out.size(); i-- > 0; value >>= 4) out[i] = "0123456789ABCDEF"[value & 15];
  return out;
}

std::string fixed(double value, int decimals) {
  std::array<char, 400> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, decimals)
                       .ptr;
  return {buffer.data(), end};
}

// Shortest decimals, never an exponent: no text protocol knows one.
std::string plain(double value) {
  std::array<char, 400> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                 round_significant(value, 12), std::chars_format::fixed)
                       .ptr;
  return {buffer.data(), end};
}

Result<std::string> word(std::string_view name, const FieldInput& input) {
  const std::string* text = std::get_if<std::string>(&input);
  if (!text) return refuse(cat(name, " is a text"));
  for (const char c : *text)
    if (c < ' ' || c > '~' || reserved.find(c) != reserved.npos)
      return refuse(
          cat(name, " holds a character that the protocol uses itself: \"", printable(*text), '"'));
  return *text;
}

struct Position {
  std::string degrees, hemisphere;
};

Result<Position> position(const FieldSpec& field, const FieldInput& input) {
  const bool latitude = field.type == FieldType::latitude || field.type == FieldType::nmea_latitude;
  const double* value = std::get_if<double>(&input);
  const double limit = latitude ? 90 : 180;
  if (!value || !(std::fabs(*value) <= limit))
    return refuse(cat(field.name, " is a number of degrees, -", limit, " to ", limit));
  const double degrees = std::fabs(*value);
  Position out;
  out.hemisphere = *value < 0 ? (latitude ? "S" : "W") : (latitude ? "N" : "E");
  if (field.type == FieldType::latitude || field.type == FieldType::longitude) {
    out.degrees = fixed(degrees, field.decimals < 0 ? 6 : field.decimals);
    return out;
  }
  const int decimals = field.decimals < 0 ? 5 : field.decimals;
  // Rounded as a whole first, so that 59.999999 minutes never become 60.
  const double unit = std::pow(10, decimals);
  const double minutes = std::round(degrees * 60 * unit) / unit;
  const double whole = std::floor(minutes / 60);
  const std::string rest = fixed(minutes - whole * 60, decimals);
  const std::size_t width = decimals ? static_cast<std::size_t>(decimals) + 3 : 2;
  const std::string count = fixed(whole, 0);
  out.degrees = std::string((latitude ? 2U : 3U) - count.size(), '0') + count +
                std::string(width - std::min(width, rest.size()), '0') + rest;
  return out;
}

Result<std::string> one(const FieldSpec& field, const FieldInput& input) {
  const std::string* text = std::get_if<std::string>(&input);
  if (text && !field.empty_name.empty() && *text == field.empty_name) return std::string();
  if (field.type == FieldType::boolean) {
    const auto yes = truth(field.name, input);
    if (!yes) return tl::unexpected<Error>(yes.error());
    return *yes ? field.yes : field.no;
  }
  if (field.type == FieldType::text || field.type == FieldType::hex) return word(field.name, input);
  const auto value = code(field, input);
  if (!value) return tl::unexpected<Error>(value.error());
  return field.decimals < 0 ? plain(*value) : fixed(*value, field.decimals);
}

Result<std::vector<std::string>> items(const FieldSpec& field, const FieldInput& input) {
  std::vector<std::string> out;
  if (const double* value = std::get_if<double>(&input)) {
    out.push_back(plain(field.scaling.code_of(*value)));
  } else {
    for (const std::string_view item : split(std::get<std::string>(input), ' ')) {
      const auto number = parse_double(item);
      if (!number && !item.empty())
        return refuse(cat(field.name, " is numbers with blanks between them"));
      out.push_back(number ? plain(field.scaling.code_of(*number)) : std::string());
    }
  }
  if (out.size() > static_cast<std::size_t>(field.count_plus))
    return refuse(cat(field.name, " has room for ", field.count_plus, " numbers"));
  return out;
}

using Fields = std::vector<std::string>;

void set(Fields& fields, int at, std::string text) {
  const auto index = static_cast<std::size_t>(at);
  if (fields.size() <= index) fields.resize(index + 1);
  fields[index] = std::move(text);
}

Result<double> bits(const FieldSpec& field, const FieldInput& input) {
  if (!field.is_truth()) return code(field, input);
  return truth(field.name, input).map([](bool yes) { return yes ? 1.0 : 0.0; });
}

Result<void> put(const FieldSpec& field, const FieldInput& input, Fields& fields) {
  if (field.type >= FieldType::latitude && field.type <= FieldType::nmea_longitude) {
    auto where = position(field, input);
    if (!where) return tl::unexpected<Error>(where.error());
    set(fields, field.at + 1, std::move(where->hemisphere));
    set(fields, field.at, std::move(where->degrees));
    return {};
  }
  if (field.type == FieldType::numbers) {
    auto list = items(field, input);
    if (!list) return tl::unexpected<Error>(list.error());
    for (std::size_t i = 0; i < list->size(); ++i)
      set(fields, field.at + static_cast<int>(i) * field.stride, std::move((*list)[i]));
    return {};
  }
  if (field.bits) {
    const auto value = bits(field, input);
    if (!value) return tl::unexpected<Error>(value.error());
    std::uint32_t raw = 0;
    if (static_cast<std::size_t>(field.at) < fields.size()) {
      const std::string& now = fields[static_cast<std::size_t>(field.at)];
      std::from_chars(now.data(), now.data() + now.size(), raw, 16);
    }
    raw |= static_cast<std::uint32_t>(*value) << field.bit;
    set(fields, field.at, hex_digits(raw, 8));
    return {};
  }
  auto text = one(field, input);
  if (!text) return tl::unexpected<Error>(text.error());
  set(fields, field.at, std::move(*text));
  return {};
}

// One of the parts around the fields: talker, maker, id.
Result<std::string> around(const Framing& framing, const FieldInputs& inputs, std::string_view key,
                           std::string_view fallback) {
  if (const auto found = inputs.find(key); found != inputs.end()) return word(key, found->second);
  const auto found = framing.defaults.find(key);
  return found == framing.defaults.end() ? std::string(fallback) : found->second;
}

Result<std::string> body(const MessageSpec& message, std::string address,
                         const FieldInputs& inputs) {
  Fields fields = {std::move(address)};
  for (const FieldSpec& field : message.fields) {
    const int last =
        field.type == FieldType::numbers ? (field.count_plus - 1) * field.stride : field.size - 1;
    const auto end = static_cast<std::size_t>(field.at + last + 1);
    if (!field.optional && fields.size() < end) fields.resize(end);
    const auto input = inputs.find(field.name);
    if (input == inputs.end()) {
      if (!field.fallback.empty() && fields.size() >= end) set(fields, field.at, field.fallback);
      continue;
    }
    if (auto done = put(field, input->second, fields); !done)
      return tl::unexpected<Error>(done.error());
  }
  return join(fields, ",");
}

}  // namespace

Result<Bytes> text(const Framing& framing, const MessageSpec& message, const FieldInputs& inputs) {
  const bool line = framing.kind == Framing::Kind::line;
  const auto type = around(framing, inputs, "type", message.types.front());
  const auto first = around(framing, inputs, line ? "talker" : "maker", line ? "" : "3G");
  const auto id = around(framing, inputs, "id", "0");
  const auto index = around(framing, inputs, "index", "");
  for (const auto* part : {&type, &first, &id, &index})
    if (!*part) return tl::unexpected<Error>(part->error());
  auto content = body(message, line && framing.talker ? *first + *type : *type, inputs);
  if (!content) return tl::unexpected<Error>(content.error());
  std::string frame;
  if (line) {
    frame = framing.starts.substr(0, 1) + *content;
    if (framing.line_check)
      frame += "*" + hex_digits((*framing.line_check)(as_bytes(*content)),
                                static_cast<int>(framing.line_check->octets()) * 2);
    frame += "\r\n";
  } else {
    frame = cat("[", *first, "*", *id, "*");
    if (!index->empty()) frame += *index + "*";
    frame += cat(hex_digits(static_cast<std::uint32_t>(content->size()), 4), "*", *content, "]");
  }
  if (frame.size() > static_cast<std::size_t>(framing.max_length))
    return refuse(cat("these values make a line of ", frame.size(), " octets, and ",
                      framing.max_length, " is the most"));
  const ByteView octets = as_bytes(frame);
  return Bytes(octets.begin(), octets.end());
}

}  // namespace carebench::protocol_encode
