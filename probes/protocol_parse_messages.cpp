// Messages: their constants, the layout of their fields, and that they can be told apart.
#include <algorithm>
#include <array>

#include "probes/protocol_parse.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_parse {
namespace {

constexpr std::array<std::string_view, 3> ways = {"either", "from_device", "to_device"};
constexpr int most_octets = 4096;
// A file from outside may hold as many as it likes; these bound the time that they cost.
constexpr std::size_t most_messages = 1000, most_fields = 500;
constexpr int most_lists = 8;

void header_values(const yaml::Node& node, int header, const FieldSpec& field, MessageSpec& message,
                   Problems& problems) {
  MessageSpec::HeaderMatch match;
  match.header = header;
  const auto read = [&](const yaml::Node& one) {
    const auto value = yaml::to_integer(one, problems, 0, (std::int64_t{1} << field.size * 8) - 1);
    if (std::find(match.values.begin(), match.values.end(), value) != match.values.end())
      one.problem(problems, "this value stands twice");
    match.values.push_back(static_cast<std::uint32_t>(value));
  };
  if (node.kind() == yaml::Kind::list) {
    for (const yaml::Node& one : node.items()) read(one);
    if (match.values.empty()) node.problem(problems, "an empty list fits no frame");
  } else {
    read(node);
  }
  if (!match.values.empty()) message.header.push_back(std::move(match));
}

void variant_named(const yaml::Node& node, const Framing& framing, MessageSpec& message,
                   Problems& problems) {
  if (!node) return;
  const std::string name = yaml::to_text(node, problems);
  std::vector<std::string> names;
  for (const Framing::Variant& v : framing.variants) names.push_back(v.name);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end() && !name.empty())
    message.variant = static_cast<int>(found - names.begin());
  else if (!name.empty())
    node.problem(problems, cat("there is no kind of frame called \"", printable(name), '"',
                               suggestion(name, names)));
}

void data_constants(const yaml::Node& node, MessageSpec& message, Problems& problems) {
  if (!node) return;
  if (node.kind() != yaml::Kind::map) {
    node.problem(problems, "constant data are a map of offset and octets, {0: \"02 AA\"}");
    return;
  }
  for (const auto& [key, value] : node.entries()) {
    MessageSpec::DataMatch match;
    match.at = static_cast<int>(yaml::to_integer(key, problems, -most_octets, most_octets));
    match.octets = octets(value, problems);
    if (match.at < 0 && static_cast<int>(match.octets.size()) > -match.at)
      value.problem(problems, "these octets reach beyond the end of the data");
    message.constants.push_back(std::move(match));
  }
}

void constants(yaml::MapReader& reader, const Framing& framing, MessageSpec& message,
               Problems& problems) {
  // A GATT attribute may tell a message by itself.
  message.weight = 1;
  const yaml::Node node = message.gatt ? reader.optional("when") : reader.required("when");
  if (!node) return;
  yaml::MapReader when(node, problems);
  if (framing.is_text()) {
    const yaml::Node type = when.required("type");
    if (type && type.kind() == yaml::Kind::list)
      message.types = when.texts_or_empty("type");
    else if (type)
      message.types.push_back(yaml::to_text(type, problems));
    if (type && message.types.empty()) type.problem(problems, "an empty list fits no frame");
    return;
  }
  for (std::size_t h = 0; h < framing.header.size(); ++h)
    if (const yaml::Node one = when.optional(framing.header[h].name))
      header_values(one, static_cast<int>(h), framing.header[h], message, problems);
  variant_named(when.optional("frame"), framing, message, problems);
  message.size = static_cast<int>(when.integer_or("size", 0, most_octets, -1));
  data_constants(when.optional("data"), message, problems);
  message.weight = static_cast<int>(message.header.size()) + (message.variant >= 0 ? 1 : 0) +
                   (message.size >= 0 ? 1 : 0) + (message.gatt ? 1 : 0);
  for (const auto& match : message.constants)
    message.weight += static_cast<int>(match.octets.size());
}

template <class T>
bool share(const std::vector<T>& a, const std::vector<T>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const T& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

bool contradict(const MessageSpec::DataMatch& a, const MessageSpec::DataMatch& b) {
  if ((a.at < 0) != (b.at < 0)) return false;
  for (std::size_t i = 0; i < a.octets.size(); ++i) {
    const int j = a.at + static_cast<int>(i) - b.at;
    if (j < 0 || j >= static_cast<int>(b.octets.size())) continue;
    if (a.octets[i] != b.octets[static_cast<std::size_t>(j)]) return true;
  }
  return false;
}

// Their events look alike: an event tells neither service nor instance.
bool same_source(const GattBinding& a, const GattBinding& b) {
  if (a.attribute.characteristic != b.attribute.characteristic) return false;
  return a.advertised() || b.advertised() ? a.method == b.method : true;
}

// A frame exists that both would take.
bool overlap(const MessageSpec& a, const MessageSpec& b) {
  if (a.direction != Direction::either && b.direction != Direction::either &&
      a.direction != b.direction)
    return false;
  if (!a.types.empty() || !b.types.empty()) return share(a.types, b.types);
  if (a.gatt && b.gatt && !same_source(*a.gatt, *b.gatt)) return false;
  if (a.variant >= 0 && b.variant >= 0 && a.variant != b.variant) return false;
  if (a.size >= 0 && b.size >= 0 && a.size != b.size) return false;
  for (const auto& x : a.header)
    for (const auto& y : b.header)
      if (x.header == y.header && !share(x.values, y.values)) return false;
  for (const auto& x : a.constants)
    for (const auto& y : b.constants)
      if (contradict(x, y)) return false;
  return true;
}

}  // namespace

void distinct(const std::vector<MessageSpec>& messages, const std::vector<yaml::Node>& nodes,
              Problems& problems) {
  for (std::size_t i = 0; i < messages.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const MessageSpec &a = messages[j], &b = messages[i];
      if (a.id == b.id && !a.id.empty())
        nodes[i].problem(problems, cat("two messages are called \"", a.id, '"'));
      else if (a.weight == b.weight && overlap(a, b))
        nodes[i].problem(problems, cat("the message \"", b.id, "\" cannot be told from \"", a.id,
                                       "\": they have the same constants"));
    }
}

std::vector<MessageSpec> messages(const std::vector<yaml::Node>& nodes, const Framing& framing,
                                  Problems& problems) {
  std::vector<MessageSpec> out;
  if (nodes.size() > most_messages) {
    nodes.back().problem(problems, cat("these are more than ", most_messages, " messages"));
    return out;
  }
  for (const yaml::Node& node : nodes) {
    yaml::MapReader reader(node, problems);
    MessageSpec message;
    message.id = name(reader, "id", problems);
    message.title = reader.text2_or_empty("title");
    if (framing.kind == Framing::Kind::gatt)
      gatt_binding(reader, message, problems);
    else
      message.direction = static_cast<Direction>(reader.choice_or("direction", ways, 0));
    constants(reader, framing, message, problems);
    std::vector<yaml::Node> field_nodes;
    if (const yaml::Node like = reader.optional("like")) {
      const std::string id = yaml::to_text(like, problems);
      std::vector<std::string> ids;
      for (const MessageSpec& other : out) {
        ids.push_back(other.id);
        if (other.id == id) message.fields = other.laid_out().fields;
      }
      if (std::find(ids.begin(), ids.end(), id) == ids.end())
        like.problem(problems, cat("there is no message \"", printable(id), "\" before this one",
                                   suggestion(id, ids)));
      if (reader.has("fields"))
        like.problem(problems, "a message has its own fields or those of another, not both");
      field_nodes.assign(message.fields.size(), like);
    } else {
      field_nodes = reader.list_or_empty("fields");
      if (field_nodes.size() > most_fields) {
        reader.problem(cat("a message has at most ", most_fields, " fields"));
        field_nodes.clear();
      }
      for (const yaml::Node& one : field_nodes) {
        yaml::MapReader field_reader(one, problems);
        message.fields.push_back(
            field(field_reader, framing.is_text(), message.fields, framing.big_endian, problems));
      }
    }
    const auto lists = std::count_if(message.fields.begin(), message.fields.end(),
                                     [](const FieldSpec& f) { return f.count_field >= 0; });
    if (lists > most_lists)
      reader.problem(cat("a message has at most ", most_lists, " lists of variable length"));
    layout(message, framing, node, field_nodes, problems);
    if (message.gatt && message.gatt->adopted) adopt(message);
    out.push_back(std::move(message));
  }
  distinct(out, nodes, problems);
  return out;
}

}  // namespace carebench::protocol_parse
