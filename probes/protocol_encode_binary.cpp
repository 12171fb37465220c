// One binary frame: data, header, length, checksums, marks.
#include <algorithm>
#include <cmath>
#include <optional>

#include "probes/gatt/characteristic.h"
#include "probes/gatt/date_time.h"
#include "probes/gatt/event.h"
#include "probes/ieee11073.h"
#include "probes/protocol_encode.h"
#include "probes/protocol_fields.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_encode {
namespace {

const FieldInput* given(const FieldInputs& inputs, std::string_view name) {
  const auto found = inputs.find(name);
  return found == inputs.end() ? nullptr : &found->second;
}

// The octets of one field; nothing when it is not given.
struct Part {
  bool given = false;
  bool left_out = false;  // the flags say that it is not there
  bool derived = false;   // worked out when all else stands
  bool fixed = true;      // a number: at its place, possibly sharing octets with others
  std::uint32_t raw = 0;
  Bytes octets;
};

Result<Bytes> text_octets(const FieldSpec& field, const FieldInput& input) {
  const std::string* text = std::get_if<std::string>(&input);
  if (!text) return refuse(cat(field.name, " is a text"));
  Bytes octets;
  if (field.type == FieldType::ascii) {
    const ByteView view = as_bytes(*text);
    octets.assign(view.begin(), view.end());
  } else if (auto hex = from_hex(*text)) {
    octets = std::move(*hex);
  } else {
    return refuse(
        cat(field.name, " is octets in hexadecimal, and this is \"", printable(*text), '"'));
  }
  const auto size = static_cast<std::size_t>(field.size);
  if (size && (octets.size() > size || (field.type != FieldType::ascii && octets.size() < size)))
    return refuse(cat(field.name, " has room for ", size, " octets, and this has ", octets.size()));
  if (size) octets.resize(size);
  return octets;
}

Result<Bytes> date_time(const FieldSpec& field, const FieldInput& input) {
  if (const std::string* text = std::get_if<std::string>(&input)) {
    if (*text == "unknown") return Bytes(7);
    return refuse(cat(field.name, " is a number of seconds, or \"unknown\""));
  }
  const double seconds = std::get<double>(input);
  const auto octets = date_time_octets(
      std::fabs(seconds) < 1e12 ? static_cast<std::int64_t>(std::floor(seconds)) : INT64_MAX / 2);
  if (octets == decltype(octets){})
    return refuse(cat(field.name, " ", seconds, " s is no time of the years 1582 to 9999"));
  return Bytes(octets.begin(), octets.end());
}

Result<std::uint32_t> number_11073(const FieldSpec& field, const FieldInput& input) {
  const bool is_short = field.type == FieldType::sfloat;
  if (const std::string* text = std::get_if<std::string>(&input))
    if (const auto special = ieee11073_special(*text, is_short)) return *special;
  const auto value = code(field, input);
  if (!value) return tl::unexpected<Error>(value.error());
  const auto raw = to_ieee11073(*value, field.decimals, is_short);
  if (!raw)
    return refuse(cat(field.name, " ", field.scaling.value_of(*value), " does not fit ",
                      is_short ? "an SFLOAT" : "a FLOAT",
                      field.decimals < 0 ? "" : cat(" of ", field.decimals, " decimals")));
  return *raw;
}

Result<Part> part(const FieldSpec& field, const FieldInputs& inputs) {
  Part out;
  out.fixed = field.type != FieldType::ascii && field.type != FieldType::bytes &&
              field.type != FieldType::list && field.type != FieldType::date_time;
  const FieldInput* input = given(inputs, field.name);
  const auto* word = input ? std::get_if<std::string>(input) : nullptr;
  out.derived =
      (field.counts_octets && !input) || (field.check != nullptr && word && *word == "computed");
  if (out.derived) {
    out.given = true;
    return out;
  }
  if (!input) {
    if (!out.fixed) out.octets.resize(static_cast<std::size_t>(field.size));
    return out;
  }
  out.given = true;
  if (!out.fixed) {
    auto octets =
        field.type == FieldType::date_time ? date_time(field, *input) : text_octets(field, *input);
    if (!octets) return tl::unexpected<Error>(octets.error());
    out.octets = std::move(*octets);
    return out;
  }
  if (field.type == FieldType::boolean) {
    const auto yes = truth(field.name, *input);
    if (!yes) return tl::unexpected<Error>(yes.error());
    out.raw = *yes ? 1 : 0;
    return out;
  }
  if (field.type == FieldType::sfloat || field.type == FieldType::float11073) {
    const auto raw = number_11073(field, *input);
    if (!raw) return tl::unexpected<Error>(raw.error());
    out.raw = *raw;
    return out;
  }
  const auto value = code(field, *input);
  if (!value) return tl::unexpected<Error>(value.error());
  out.raw = raw_of(field.bits ? FieldType::u32 : field.type, *value);
  return out;
}

constexpr std::int64_t most_items = 4096;

// A list's length stands in another field: given there, or taken from the list.
Result<void> count(const MessageSpec& message, std::size_t i, std::vector<Part>& parts) {
  const FieldSpec& field = message.fields[i];
  if (field.count_field < 0) return {};
  const auto c = static_cast<std::size_t>(field.count_field);
  const FieldSpec& counter = message.fields[c];
  if (!parts[i].given && parts[c].raw > most_items)
    return refuse(cat(counter.name, " counts more than ", most_items, " items"));
  if (!parts[i].given) {
    parts[i].octets.resize(
        static_cast<std::size_t>(std::max<std::int64_t>(0, parts[c].raw + field.count_plus)));
    return {};
  }
  const auto wanted = static_cast<std::int64_t>(parts[i].octets.size()) - field.count_plus;
  if (parts[c].given && wanted != parts[c].raw)
    return refuse(cat(field.name, " has ", parts[i].octets.size(), " items, and ", counter.name,
                      " says ", static_cast<std::int64_t>(parts[c].raw) + field.count_plus));
  if (wanted < 0 || static_cast<double>(wanted) > counter.high_code())
    return refuse(
        cat(field.name, " has ", parts[i].octets.size(), " items, which cannot be counted"));
  parts[c].given = true;
  parts[c].raw = static_cast<std::uint32_t>(wanted);
  return {};
}

// The flags as they will be: given as a whole, in parts, and by what they announce.
std::uint32_t flags_of(const MessageSpec& message, const std::vector<Part>& parts, std::size_t f) {
  const FieldSpec& flags = message.fields[f];
  std::uint32_t mask = parts[f].raw;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const FieldSpec& field = message.fields[i];
    if (field.bits && field.at == flags.at && field.size == flags.size &&
        field.from == FieldSpec::From::start)
      mask |= parts[i].raw << field.bit;
  }
  return mask;
}

// What is given sets the flag that announces it; what no flag announces is left out.
Result<void> announce(const MessageSpec& message, std::vector<Part>& parts) {
  const auto flags_field = [&](std::size_t i) {
    return static_cast<std::size_t>(message.fields[i].flag_field);
  };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (message.fields[i].flag_field < 0 || !message.fields[i].flag_set || !parts[i].given)
      continue;
    parts[flags_field(i)].raw |= 1U << message.fields[i].flag_bit;
    parts[flags_field(i)].given = true;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const FieldSpec& field = message.fields[i];
    if (field.flag_field < 0) continue;
    const bool set = flags_of(message, parts, flags_field(i)) >> field.flag_bit & 1;
    parts[i].left_out = set != field.flag_set;
    if (parts[i].left_out && parts[i].given)
      return refuse(cat(field.name, " cannot be there: bit ", field.flag_bit, " of ",
                        message.fields[flags_field(i)].name, " is ", set ? "set" : "clear"));
  }
  return {};
}

void put(const FieldSpec& field, const Part& part, std::uint8_t* at) {
  if (!part.fixed) {
    std::copy(part.octets.begin(), part.octets.end(), at);
  } else if (field.bits) {
    const std::uint32_t mask = (field.bits >= 32 ? ~0U : (1U << field.bits) - 1) << field.bit;
    const std::uint32_t rest = load(at, field.size, field.big_endian) & ~mask;
    store(rest | (part.raw << field.bit & mask), field.size, field.big_endian, at);
  } else {
    store(part.raw, field.size, field.big_endian, at);
  }
}

std::size_t size_of(const FieldSpec& field, const Part& part) {
  if (part.left_out) return 0;
  return part.fixed ? static_cast<std::size_t>(field.size) : part.octets.size();
}

// What stands from the start of the data up to what is fixed at their end.
struct Front {
  std::vector<std::size_t> at;  // of each field
  std::size_t size = 0;
};

Front front(const MessageSpec& message, const std::vector<Part>& parts) {
  Front out;
  out.at.resize(parts.size());
  for (const MessageSpec::DataMatch& match : message.constants)
    if (match.at >= 0)
      out.size = std::max(out.size, static_cast<std::size_t>(match.at) + match.octets.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const FieldSpec& field = message.fields[i];
    if (field.from == FieldSpec::From::end) continue;
    out.at[i] = static_cast<std::size_t>(field.at);
    if (field.from == FieldSpec::From::previous) {
      const auto p = static_cast<std::size_t>(field.previous);
      out.at[i] = out.at[p] + size_of(message.fields[p], parts[p]);
    }
    if (!field.optional || parts[i].given)
      out.size = std::max(out.size, out.at[i] + size_of(field, parts[i]));
  }
  return out;
}

}  // namespace

Result<Bytes> data(const MessageSpec& message, std::optional<std::size_t> exact,
                   const FieldInputs& inputs) {
  std::vector<Part> parts;
  for (const FieldSpec& field : message.fields) {
    auto one = part(field, inputs);
    if (!one) return tl::unexpected<Error>(one.error());
    parts.push_back(std::move(*one));
  }
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (auto counted = count(message, i, parts); !counted)
      return tl::unexpected<Error>(counted.error());
  if (auto announced = announce(message, parts); !announced)
    return tl::unexpected<Error>(announced.error());
  const Front before = front(message, parts);
  std::size_t size = before.size + static_cast<std::size_t>(message.tail);
  if (message.size >= 0) exact = static_cast<std::size_t>(message.size);
  if (exact && size > *exact)
    return refuse(cat("these values take ", size, " octets, and the message \"", message.id,
                      "\" has room for ", *exact));
  if (exact) size = *exact;
  Bytes out(size);
  for (const MessageSpec::DataMatch& match : message.constants)
    std::copy(match.octets.begin(), match.octets.end(),
              match.at < 0 ? out.end() + match.at : out.begin() + match.at);
  // The size first: a checksum covers it.
  for (const bool last : {false, true})
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const FieldSpec& field = message.fields[i];
      Part& one = parts[i];
      if (!one.given || last != (one.derived && field.check)) continue;
      const std::size_t at = field.from == FieldSpec::From::end
                                 ? out.size() - static_cast<std::size_t>(-field.at)
                                 : before.at[i];
      if (one.derived)
        one.raw = field.check ? (*field.check)(ByteView(out).first(at))
                              : static_cast<std::uint32_t>(out.size());
      if (one.derived && one.raw > field.high_code())
        return refuse(
            cat("these values take ", out.size(), " octets, which ", field.name, " cannot tell"));
      put(field, one, out.data() + at);
    }
  return out;
}

namespace {

Result<void> header(const Framing& framing, const MessageSpec& message, const FieldInputs& inputs,
                    Bytes& frame) {
  for (std::size_t h = 0; h < framing.header.size(); ++h) {
    const FieldSpec& field = framing.header[h];
    std::uint32_t raw = 0;
    for (const MessageSpec::HeaderMatch& match : message.header)
      if (match.header == static_cast<int>(h)) raw = match.values.front();
    if (const FieldInput* input = given(inputs, field.name); input && !message.field(field.name)) {
      const auto value = code(field, *input);
      if (!value) return tl::unexpected<Error>(value.error());
      raw = raw_of(field.type, *value);
    }
    store(raw, field.size, field.big_endian, frame.data() + field.at);
  }
  return {};
}

}  // namespace

Result<Bytes> binary(const Framing& framing, const MessageSpec& message,
                     const FieldInputs& inputs) {
  const auto around = static_cast<std::size_t>(framing.data_at + framing.tail);
  std::optional<std::size_t> room;
  if (framing.fixed_size) room = static_cast<std::size_t>(framing.fixed_size) - around;
  const auto made = data(message, room, inputs);
  if (!made) return tl::unexpected<Error>(made.error());
  const std::size_t size = around + room.value_or(made->size());
  if (size > static_cast<std::size_t>(framing.max_length))
    return refuse(cat("these values make a frame of ", size, " octets, and ", framing.max_length,
                      " is the most"));
  Bytes frame(size);
  const Framing::Variant& variant =
      framing.variants[static_cast<std::size_t>(std::max(0, message.variant))];
  std::copy(made->begin(), made->end(), frame.begin() + framing.data_at);
  std::copy(variant.start.begin(), variant.start.end(), frame.begin());
  std::copy(variant.end.begin(), variant.end.end(),
            frame.end() - static_cast<std::ptrdiff_t>(variant.end.size()));
  if (auto done = header(framing, message, inputs, frame); !done)
    return tl::unexpected<Error>(done.error());
  if (const Framing::Length& length = framing.length; length.size) {
    const std::int64_t value = static_cast<std::int64_t>(size) - length.overhead;
    if (value < 0 || value >> 8 * length.size)
      return refuse(cat("a frame of ", size, " octets does not fit its length field"));
    store(static_cast<std::uint32_t>(value), length.size, length.big_endian,
          frame.data() + length.at);
  }
  frame[0] = static_cast<std::uint8_t>(frame[0] | framing.sync_mask);
  const auto place = [&](int at) {
    return static_cast<std::size_t>(at < 0 ? static_cast<int>(size) + at : at);
  };
  for (const Framing::Check& check : framing.checks) {
    const ByteView covered =
        ByteView(frame).subspan(place(check.from), place(check.to) - place(check.from));
    store((*check.checksum)(covered), static_cast<int>(check.checksum->octets()), check.big_endian,
          frame.data() + place(check.at));
  }
  return frame;
}

}  // namespace carebench::protocol_encode
