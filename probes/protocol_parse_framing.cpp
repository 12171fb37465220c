// The framing part of the protocol reader: marks, header, length, checksums.
#include <algorithm>
#include <array>

#include "probes/gatt/event.h"
#include "probes/protocol_parse.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_parse {
namespace {

constexpr std::array<std::string_view, 4> kinds = {"binary", "line", "brackets", "gatt"};
constexpr std::array<std::string_view, 2> endians = {"big", "little"};
constexpr std::array<std::string_view, 3> counted = {"data", "frame", "rest"};
constexpr std::array<std::string_view, 4> length_types = {"u8", "u16", "u24", "u32"};
constexpr std::array<std::string_view, 2> addresses = {"word", "talker_type"};
constexpr int longest_value = 512;  // of an attribute (Core 5.3, Vol 3, Part F, 3.2.9)
constexpr int most_octets = 4096;   // a frame that a serial device could not mean (facts: cap it)

const Checksum* checksum(yaml::MapReader& reader, std::string_view key, Problems& problems) {
  const std::string name = reader.text(key);
  const Checksum* found = checksum_named(name);
  if (found || name.empty()) return found;
  const std::vector<std::string_view> names = checksum_names();
  reader.optional(key).problem(problems,
                               cat("the checksum \"", printable(name), "\" is unknown",
                                   suggestion(name, std::span<const std::string_view>(names))));
  return nullptr;
}

void variant(const yaml::Node& node, yaml::MapReader& reader, Framing& framing,
             Problems& problems) {
  Framing::Variant v;
  v.name = reader.text_or("name", "");
  v.start = octets(reader.required("start"), problems);
  if (const yaml::Node end = reader.optional("end")) v.end = octets(end, problems);
  for (const Framing::Variant& other : framing.variants) {
    if (other.start == v.start)
      node.problem(problems, "two kinds of frames begin with the same start mark");
    if (other.start.size() != v.start.size() || other.end.size() != v.end.size())
      node.problem(problems, "the marks of all kinds of frames must be equally long");
    if (v.name.empty() || other.name == v.name)
      node.problem(problems, "where there are several kinds of frames, each has its own name");
  }
  framing.variants.push_back(std::move(v));
}

void variants(yaml::MapReader& reader, Framing& framing, Problems& problems) {
  if (reader.has("frames")) {
    for (const yaml::Node& node : reader.list("frames")) {
      yaml::MapReader one(node, problems);
      variant(node, one, framing, problems);
    }
  } else if (reader.has("sync_bit")) {
    const auto bit = reader.integer("sync_bit", 0, 7);
    framing.sync_mask = static_cast<std::uint8_t>(1U << bit);
    framing.variants.push_back({"", {}, {}});
  } else {
    variant(reader.node(), reader, framing, problems);
  }
  if (framing.variants.empty()) reader.problem("no frame is described: a start mark is needed");
}

void header(yaml::MapReader& reader, Framing& framing, Problems& problems) {
  int octets = 0;
  for (const yaml::Node& node : reader.list_or_empty("header")) {
    yaml::MapReader one(node, problems);
    FieldSpec spec = field(one, false, framing.header, framing.big_endian, problems);
    if (!is_integer_type(spec.type) || !spec.scaling.identity ||
        spec.from != FieldSpec::From::start || spec.bits || !one.has("at"))
      node.problem(problems, cat("the header field \"", spec.name,
                                 "\" must be a whole number at a fixed octet of the frame"));
    octets += spec.size;
    framing.header.push_back(std::move(spec));
  }
  if (octets > 7) reader.problem("the header fields hold more than 7 octets");
}

int end_of(const FieldSpec& field) { return field.at + field.size; }

// Where the data start unless the file says so: behind all that stands at a fixed place before
// them.
int natural_data_start(const Framing& framing) {
  std::size_t start = framing.variants.empty() ? 0 : framing.variants[0].start.size();
  int at = static_cast<int>(start);
  for (const FieldSpec& field : framing.header) at = std::max(at, end_of(field));
  if (framing.length.size) at = std::max(at, framing.length.at + framing.length.size);
  for (const Framing::Check& check : framing.checks)
    if (check.at >= 0 && check.checksum)
      at = std::max(at, check.at + static_cast<int>(check.checksum->octets()));
  return at;
}

void check(const yaml::Node& node, Framing& framing, int end_size, Problems& problems) {
  yaml::MapReader reader(node, problems);
  Framing::Check c;
  c.checksum = checksum(reader, "kind", problems);
  const int octets = c.checksum ? static_cast<int>(c.checksum->octets()) : 1;
  c.at = static_cast<int>(reader.integer_or("at", -most_octets, most_octets, -end_size - octets));
  c.from = static_cast<int>(reader.integer_or("from", -most_octets, most_octets, 0));
  c.to = static_cast<int>(reader.integer_or("to", -most_octets, most_octets, c.at));
  c.big_endian = reader.choice_or("endian", endians, framing.big_endian ? 0 : 1) == 0;
  if (c.checksum) framing.checks.push_back(c);
}

// Offsets from the end of a frame must not reach before the start of the smallest one.
void checks_fit(const yaml::Node& node, const Framing& framing, Problems& problems) {
  const auto place = [&](int at) { return at < 0 ? framing.least + at : at; };
  for (const Framing::Check& c : framing.checks) {
    const int at = place(c.at), from = place(c.from), to = place(c.to);
    const int end = at + static_cast<int>(c.checksum->octets());
    // From the end to the start would turn around in a longer frame.
    const bool turns = c.from < 0 && c.to >= 0;
    if (at < 0 || from < 0 || from > to || to > framing.least || end > framing.least || turns)
      node.problem(problems, cat("the checksum ", c.checksum->name,
                                 " or what it covers lies outside the smallest frame of ",
                                 framing.least, " octets"));
  }
}

void checks(yaml::MapReader& reader, Framing& framing, Problems& problems) {
  const yaml::Node node = reader.optional("checksum");
  const int end_size =
      framing.variants.empty() ? 0 : static_cast<int>(framing.variants[0].end.size());
  if (node && node.kind() == yaml::Kind::list) {
    for (const yaml::Node& one : node.items()) check(one, framing, end_size, problems);
  } else if (node) {
    check(node, framing, end_size, problems);
  }
  framing.tail = end_size;
  for (const Framing::Check& c : framing.checks)
    if (c.at < 0) framing.tail = std::max(framing.tail, -c.at);
}

// What the length field counts; resolved when the places of data and checksums are known.
struct Counted {
  std::size_t what = 0;
  int adjust = 0;
};

Counted length(yaml::MapReader& reader, Framing& framing, Problems& problems) {
  if (reader.has("size")) {
    framing.fixed_size = static_cast<int>(reader.integer("size", 1, most_octets));
    if (reader.has("length")) reader.problem("frames of one size have no length field");
    return {};
  }
  const yaml::Node node = reader.required("length");
  if (!node) return {};
  yaml::MapReader one(node, problems);
  framing.length.at = static_cast<int>(one.integer("at", 0, most_octets));
  framing.length.size = static_cast<int>(one.choice("type", length_types)) + 1;
  framing.length.big_endian = one.choice_or("endian", endians, framing.big_endian ? 0 : 1) == 0;
  const std::size_t what = one.choice("counts", counted);
  return {what, static_cast<int>(one.integer_or("adjust", -most_octets, most_octets, 0))};
}

void binary(yaml::MapReader& reader, Framing& framing, Problems& problems) {
  framing.big_endian = reader.choice("endian", endians) == 0;
  variants(reader, framing, problems);
  header(reader, framing, problems);
  const Counted what = length(reader, framing, problems);
  checks(reader, framing, problems);
  const int natural = natural_data_start(framing);
  framing.data_at = static_cast<int>(reader.integer_or("data", 0, most_octets, natural));
  framing.least = framing.data_at + framing.tail;
  const std::array<int, 3> overhead = {framing.least, 0, framing.length.at + framing.length.size};
  framing.length.overhead = overhead[what.what] + what.adjust;
  framing.max_length = framing.fixed_size;
  if (!framing.fixed_size)
    framing.max_length = static_cast<int>(reader.integer("max_length", 1, most_octets));
  if (framing.max_length < std::max(natural, framing.least))
    reader.problem(cat("a frame of ", framing.max_length,
                       " octets has no room for its marks, header and checksum"));
  framing.least = std::max(framing.least, natural);
  checks_fit(reader.node(), framing, problems);
}

void line(yaml::MapReader& reader, Framing& framing, Problems& problems) {
  for (const std::string& start : reader.texts_or_empty("start")) {
    if (start.size() != 1) reader.problem("a line starts with one ASCII character");
    framing.starts += start;
  }
  if (framing.starts.empty()) reader.problem("a line needs its start characters, start: [\"$\"]");
  if (reader.has("checksum")) framing.line_check = checksum(reader, "checksum", problems);
  framing.talker = reader.choice_or("address", addresses, 0) == 1;
}

void defaults(yaml::MapReader& reader, Framing& framing, Problems& problems) {
  const yaml::Node node = reader.optional("defaults");
  if (!node) return;
  yaml::MapReader one(node, problems);
  const bool brackets = framing.kind == Framing::Kind::brackets;
  for (const std::string_view key : {"talker", "maker", "id"})
    if ((key == "talker") != brackets && one.has(key)) framing.defaults.emplace(key, one.text(key));
}

}  // namespace

void framing(const yaml::Node& node, Framing& framing, Problems& problems) {
  yaml::MapReader reader(node, problems);
  framing.kind = static_cast<Framing::Kind>(reader.choice("kind", kinds));
  if (framing.kind == Framing::Kind::binary) return binary(reader, framing, problems);
  if (framing.kind == Framing::Kind::gatt) {
    framing.big_endian = false;
    framing.data_at = GattEvent::header;
    framing.max_length = GattEvent::header + longest_value;
    return;
  }
  framing.max_length = static_cast<int>(reader.integer("max_length", 16, most_octets));
  if (framing.kind == Framing::Kind::line) line(reader, framing, problems);
  defaults(reader, framing, problems);
}

}  // namespace carebench::protocol_parse
