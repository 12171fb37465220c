// One field of a message.
#include <algorithm>
#include <array>

#include "probes/protocol_parse.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

struct TypeName {
  std::string_view name;
  FieldType type;
  int octets;
};
constexpr std::array octet_types = {
    TypeName{"u8", FieldType::u8, 1},
    TypeName{"u16", FieldType::u16, 2},
    TypeName{"u24", FieldType::u24, 3},
    TypeName{"u32", FieldType::u32, 4},
    TypeName{"s8", FieldType::s8, 1},
    TypeName{"s16", FieldType::s16, 2},
    TypeName{"s24", FieldType::s24, 3},
    TypeName{"s32", FieldType::s32, 4},
    TypeName{"f32", FieldType::f32, 4},
    TypeName{"sfloat", FieldType::sfloat, 2},
    TypeName{"float11073", FieldType::float11073, 4},
    TypeName{"date_time", FieldType::date_time, 7},
    TypeName{"sm16", FieldType::sm16, 2},
    TypeName{"bool", FieldType::boolean, 1},
    TypeName{"list", FieldType::list, 0},
    TypeName{"ascii", FieldType::ascii, 0},
    TypeName{"bytes", FieldType::bytes, 0},
};
constexpr std::array text_types = {
    TypeName{"number", FieldType::number, 0},
    TypeName{"text", FieldType::text, 0},
    TypeName{"hex", FieldType::hex, 0},
    TypeName{"bool", FieldType::boolean, 0},
    TypeName{"latitude", FieldType::latitude, 0},
    TypeName{"longitude", FieldType::longitude, 0},
    TypeName{"nmea_latitude", FieldType::nmea_latitude, 0},
    TypeName{"nmea_longitude", FieldType::nmea_longitude, 0},
    TypeName{"numbers", FieldType::numbers, 0},
};
constexpr std::array<std::string_view, 2> endians = {"big", "little"};
constexpr std::array<std::string_view, 2> prints = {"code", "name"};
constexpr int most_octets = 4096;

bool is_11073(FieldType type) { return type == FieldType::sfloat || type == FieldType::float11073; }
bool is_signed(FieldType type) { return type >= FieldType::s8 && type <= FieldType::s32; }
bool is_numeric(FieldType type) {
  return (type <= FieldType::sm16 && type != FieldType::date_time) || type == FieldType::number;
}

}  // namespace

bool is_text_type(FieldType type) { return type >= FieldType::number; }

int octets_of(FieldType type) {
  for (const TypeName& row : octet_types)
    if (row.type == type) return row.octets;
  return 0;
}

double FieldSpec::high_code() const {
  if (bits) return static_cast<double>((std::uint64_t{1} << bits) - 1);
  if (type == FieldType::sm16) return 0x7FFF;
  if (!is_integer_type(type)) return 3.4028234663852886e38;
  const int width = octets_of(type) * 8 - (is_signed(type) ? 1 : 0);
  return static_cast<double>((std::uint64_t{1} << width) - 1);
}

double FieldSpec::low_code() const {
  if (bits) return 0;
  if (type == FieldType::sm16) return -0x7FFF;
  if (!is_integer_type(type)) return -3.4028234663852886e38;
  return is_signed(type) ? -high_code() - 1 : 0;
}

bool FieldSpec::is_truth() const {
  return type == FieldType::boolean || (type == FieldType::hex && bits == 1);
}

int FieldSpec::items_in(int fields) const {
  const int start = stride == 1 ? at : group;
  return std::clamp((fields - start) / stride, 0, count_plus);
}

const FieldSpec* MessageSpec::field(std::string_view wanted) const {
  for (const FieldSpec& one : fields)
    if (one.name == wanted) return &one;
  return nullptr;
}

namespace protocol_parse {
namespace {

template <std::size_t n>
FieldType type_of(yaml::MapReader& reader, const std::array<TypeName, n>& rows) {
  std::array<std::string_view, n> names;
  std::transform(rows.begin(), rows.end(), names.begin(), [](auto& row) { return row.name; });
  return rows[reader.choice("type", names)].type;
}

void bits(yaml::MapReader& reader, FieldSpec& spec, Problems& problems) {
  const yaml::Node node = reader.optional("bits");
  if (!node) return;
  const int width = spec.type == FieldType::hex ? 32 : spec.size * 8;
  int low = 0, high = 0;
  if (node.kind() == yaml::Kind::list && node.items().size() == 2) {
    low = static_cast<int>(yaml::to_integer(node.items()[0], problems, 0, width - 1));
    high = static_cast<int>(yaml::to_integer(node.items()[1], problems, low, width - 1));
  } else if (node.kind() == yaml::Kind::list) {
    node.problem(problems, "bits are one number, or the lowest and the highest: [0, 3]");
  } else {
    low = high = static_cast<int>(yaml::to_integer(node, problems, 0, width - 1));
  }
  spec.bit = low;
  spec.bits = high - low + 1;
  if (!is_integer_type(spec.type) && spec.type != FieldType::hex && spec.type != FieldType::boolean)
    node.problem(problems, "only whole numbers have bits");
}

// count: 5, or {field: gates, plus: 1}
void count(yaml::MapReader& reader, FieldSpec& spec, const std::vector<FieldSpec>& before,
           Problems& problems) {
  const yaml::Node node = reader.optional("count");
  if (!node) return;
  if (node.kind() != yaml::Kind::map) {
    spec.count_plus = static_cast<int>(yaml::to_integer(node, problems, 1, most_octets));
    if (spec.type == FieldType::list) spec.size = spec.count_plus;
    return;
  }
  yaml::MapReader one(node, problems);
  const std::string name = one.text("field");
  spec.count_plus = static_cast<int>(one.integer_or("plus", -most_octets, most_octets, 0));
  const auto found = std::find_if(before.begin(), before.end(),
                                  [&](const FieldSpec& other) { return other.name == name; });
  if (found != before.end() && is_integer_type(found->type) && found->scaling.identity) {
    spec.count_field = static_cast<int>(found - before.begin());
    return;
  }
  std::vector<std::string> names;
  for (const FieldSpec& other : before) names.push_back(other.name);
  if (!name.empty())
    one.optional("field").problem(
        problems, cat("the count \"", printable(name),
                      "\" is no whole-number field before this one", suggestion(name, names)));
}

// when: {flags: 3}, unless: {flags: 0}: the field is there when that bit is set, or is not.
void presence(yaml::MapReader& reader, std::string_view key, bool set, FieldSpec& spec,
              const std::vector<FieldSpec>& before, Problems& problems) {
  const yaml::Node node = reader.optional(key);
  if (!node) return;
  const auto entries = node.kind() == yaml::Kind::map ? node.entries() : decltype(node.entries()){};
  if (entries.size() != 1 || spec.flag_field >= 0)
    return node.problem(problems, "a field depends on one bit of one field before it, {flags: 3}");
  const std::string& name = entries[0].first.text();
  const auto flags = std::ranges::find(before, name, &FieldSpec::name);
  std::vector<std::string> names;
  for (const FieldSpec& other : before) names.push_back(other.name);
  if (flags == before.end())
    return entries[0].first.problem(problems, cat("there is no field \"", printable(name),
                                                  "\" before this one", suggestion(name, names)));
  if (!is_integer_type(flags->type) || flags->bits || flags->flag_field >= 0 ||
      flags->from != FieldSpec::From::start)
    return entries[0].first.problem(
        problems, cat('"', name, "\" is no whole number at a fixed place, \"at\""));
  spec.flag_field = static_cast<int>(flags - before.begin());
  spec.flag_bit = static_cast<int>(
      yaml::to_integer(entries[0].second, problems, 0, std::int64_t{flags->size} * 8 - 1));
  spec.flag_set = set;
}

void octet_keys(yaml::MapReader& reader, FieldSpec& spec, const std::vector<FieldSpec>& before,
                bool big_endian, Problems& problems) {
  spec.size = octets_of(spec.type);
  spec.big_endian = reader.choice_or("endian", endians, big_endian ? 0 : 1) == 0;
  if (spec.type == FieldType::list) {
    count(reader, spec, before, problems);
  } else if (spec.type == FieldType::ascii || spec.type == FieldType::bytes) {
    spec.size = static_cast<int>(reader.integer_or("size", 1, most_octets, 0));
  }
  const bool follows = !reader.has("at") && !before.empty();
  spec.from = follows ? FieldSpec::From::previous : FieldSpec::From::start;
  if (follows) spec.previous = static_cast<int>(before.size()) - 1;
  spec.at = static_cast<int>(reader.integer_or("at", -most_octets, most_octets, 0));
  if (spec.at < 0) spec.from = FieldSpec::From::end;
  presence(reader, "when", true, spec, before, problems);
  presence(reader, "unless", false, spec, before, problems);
  if (is_11073(spec.type))
    spec.decimals = static_cast<int>(reader.integer_or("decimals", 0, 8, -1));
}

// derived: size, or a checksum's name.
void derived(yaml::MapReader& reader, FieldSpec& spec, Problems& problems) {
  const yaml::Node node = reader.optional("derived");
  if (!node) return;
  spec.counts_octets = node.text() == "size";
  if (!spec.counts_octets) spec.check = checksum_named(node.text());
  const std::vector<std::string_view> names = checksum_names();
  if (!spec.counts_octets && !spec.check)
    return node.problem(problems,
                        cat("a field is derived as its message's size, or as a checksum",
                            suggestion(node.text(), std::span<const std::string_view>(names))));
  const bool fits = !spec.check || static_cast<int>(spec.check->octets()) == spec.size;
  if (!is_integer_type(spec.type) || spec.bits || !spec.scaling.identity || !fits)
    node.problem(problems, "what is derived is a whole number of as many octets");
}

void text_keys(yaml::MapReader& reader, FieldSpec& spec, const std::vector<FieldSpec>& before,
               Problems& problems) {
  spec.size = spec.type >= FieldType::latitude && spec.type <= FieldType::nmea_longitude ? 2 : 1;
  if (spec.type == FieldType::numbers) {
    count(reader, spec, {}, problems);
    if (spec.count_plus < 1) reader.problem("numbers need their count");
    spec.stride = static_cast<int>(reader.integer_or("stride", 1, 64, 1));
    spec.drop_empty = reader.boolean_or("drop_empty", false);
    spec.size = spec.stride == 1 ? spec.count_plus : 1;
  }
  if (spec.size == 2 && spec.type != FieldType::numbers) spec.unit = *Unit::parse("deg");
  if (spec.type == FieldType::text) spec.fallback = reader.text_or("default", "");
  if (spec.type == FieldType::boolean) {
    spec.yes = reader.text("true");
    spec.no = reader.text("false");
    if (!spec.yes.empty() && spec.yes == spec.no)
      reader.problem("the same text cannot be true and false");
  }
  spec.empty_name = reader.text_or("empty", "");
  spec.decimals = static_cast<int>(reader.integer_or("decimals", 0, 9, -1));
  const int next = before.empty() ? 1 : before.back().at + before.back().size;
  spec.at = static_cast<int>(reader.integer_or("at", 0, 1000, next));
  if (spec.stride == 1) return;
  spec.group = static_cast<int>(reader.integer_or("group", 0, 1000, spec.at));
  if (spec.group > spec.at || spec.at >= spec.group + spec.stride)
    reader.problem("the first item must stand within the first group");
}

void value_keys(yaml::MapReader& reader, FieldSpec& spec, Problems& problems) {
  const bool scales = (is_numeric(spec.type) && spec.bits == 0) || spec.type == FieldType::list ||
                      spec.type == FieldType::numbers || spec.bits > 1;
  if (scales) {
    spec.scaling = scaling(reader, problems);
    spec.unit = reader.unit_or("unit", Unit());
  }
  if (!is_numeric(spec.type) && spec.type != FieldType::hex) return;
  const double low = spec.low_code(), high = spec.high_code();
  if (spec.is_truth()) return;
  spec.special = codes(reader.optional("special"), low, high, problems);
  spec.values = codes(reader.optional("values"), low, high, problems);
  codes_differ(spec.special, spec.values, reader.node(), problems);
  spec.named_only = reader.choice_or("print", prints, 0) == 1;
}

}  // namespace

FieldSpec field(yaml::MapReader& reader, bool text, const std::vector<FieldSpec>& before,
                bool big_endian, Problems& problems) {
  FieldSpec spec;
  spec.name = name(reader, "name", problems);
  spec.title = reader.text2_or_empty("title");
  spec.type = text ? type_of(reader, text_types) : type_of(reader, octet_types);
  spec.optional = reader.boolean_or("optional", false);
  if (text)
    text_keys(reader, spec, before, problems);
  else
    octet_keys(reader, spec, before, big_endian, problems);
  bits(reader, spec, problems);
  value_keys(reader, spec, problems);
  if (!text) derived(reader, spec, problems);
  if (spec.type == FieldType::date_time) spec.unit = *Unit::parse("s");
  for (const FieldSpec& other : before)
    if (!spec.name.empty() && other.name == spec.name)
      reader.problem(cat("two fields are called \"", spec.name, '"'));
  return spec;
}

}  // namespace protocol_parse
}  // namespace carebench
