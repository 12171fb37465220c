// Where the fields of a message stand, and whether they fit beside each other.
#include <algorithm>
#include <map>

#include "probes/protocol_parse.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_parse {
namespace {

using From = FieldSpec::From;

bool is_fixed(const FieldSpec& field) {
  return field.count_field < 0 && field.size > 0 && field.flag_field < 0;
}

// A field that follows one of known place has a known place itself.
void place(MessageSpec& message, std::size_t i, const yaml::Node& at, Problems& problems) {
  FieldSpec& field = message.fields[i];
  if (field.from != From::previous) return;
  const FieldSpec& before = message.fields[static_cast<std::size_t>(field.previous)];
  if (is_fixed(before) && before.from == From::start) {
    field.from = From::start;
    field.at = before.at + before.size;
  } else if (before.from == From::end && is_fixed(before) && before.at + before.size < 0) {
    field.from = From::end;
    field.at = before.at + before.size;
  } else if (before.from == From::end ||
             (before.size == 0 && before.count_field < 0 && before.flag_field < 0)) {
    at.problem(problems, cat("nothing is left for \"", field.name, "\": \"", before.name,
                             "\" before it goes to the end"));
  }
}

bool overlap(const FieldSpec& a, const FieldSpec& b) {
  if (a.from != b.from || a.from == From::previous || !is_fixed(a) || !is_fixed(b)) return false;
  if (a.at >= b.at + b.size || b.at >= a.at + a.size) return false;
  // Parts of a whole number, and the number itself (flags).
  if (a.at != b.at || a.size != b.size || (!a.bits && !b.bits)) return true;
  return a.bits && b.bits && a.bit < b.bit + b.bits && b.bit < a.bit + a.bits;
}

void overlaps(const MessageSpec& message, std::size_t i, const yaml::Node& at, Problems& problems) {
  for (std::size_t j = 0; j < i; ++j)
    if (overlap(message.fields[i], message.fields[j]))
      at.problem(problems, cat("the field \"", message.fields[i].name, "\" overlaps \"",
                               message.fields[j].name, '"'));
}

void binary(MessageSpec& message, const Framing& framing, const yaml::Node& at,
            const std::vector<yaml::Node>& nodes, Problems& problems) {
  const int most = std::max(0, framing.max_length - framing.data_at - framing.tail);
  if (message.size > most)
    at.problem(problems,
               cat("a frame has room for ", most, " octets of data, not for ", message.size));
  const int room = message.size >= 0 ? message.size : most;
  const auto beyond = [&](const yaml::Node& where, std::string_view what, int end) {
    where.problem(problems,
                  cat(what, " ends at octet ", end, ", beyond the ", room, " octets of data"));
  };
  int start_end = 0;
  for (const MessageSpec::DataMatch& match : message.constants) {
    const int end = match.at < 0 ? -match.at : match.at + static_cast<int>(match.octets.size());
    if (end > room) beyond(at, "a constant", end);
    if (match.at < 0)
      message.tail = std::max(message.tail, -match.at);
    else
      start_end = std::max(start_end, end);
  }
  for (std::size_t i = 0; i < message.fields.size(); ++i) {
    place(message, i, nodes[i], problems);
    if (message.fields[i].from == From::end)
      message.tail = std::max(message.tail, -message.fields[i].at);
  }
  std::vector<int> least_end(message.fields.size());
  bool open = false;
  const FieldSpec* optional = nullptr;
  message.extent = start_end;
  for (std::size_t i = 0; i < message.fields.size(); ++i) {
    const FieldSpec& field = message.fields[i];
    open |= !is_fixed(field);
    overlaps(message, i, nodes[i], problems);
    if (field.from == From::end) {
      if (-field.at > room)
        beyond(nodes[i], cat("the field \"", field.name, "\", counted from the end,"), -field.at);
      if (field.at + field.size > 0)
        nodes[i].problem(problems, cat("the field \"", field.name, "\" ends beyond the data"));
      continue;
    }
    const int begin =
        field.from == From::start ? field.at : least_end[static_cast<std::size_t>(field.previous)];
    least_end[i] = begin + (is_fixed(field) ? field.size : 0);
    if (least_end[i] + message.tail > room)
      beyond(nodes[i], cat("the field \"", field.name, '"'), least_end[i] + message.tail);
    message.extent = std::max(message.extent, least_end[i]);
    if (optional && !field.optional)
      nodes[i].problem(problems, cat("\"", field.name, "\" must be optional, as \"", optional->name,
                                     "\" before it is"));
    if (field.optional) optional = &field;
    if (!field.optional) start_end = std::max(start_end, least_end[i]);
  }
  message.least = start_end + message.tail;
  message.extent = open ? -1 : message.extent + message.tail;
}

void text(MessageSpec& message, const std::vector<yaml::Node>& nodes, Problems& problems) {
  std::map<int, std::string_view> taken;
  for (std::size_t i = 0; i < message.fields.size(); ++i) {
    const FieldSpec& field = message.fields[i];
    const bool part = field.type == FieldType::hex && field.bits;
    const int items = field.type == FieldType::numbers ? field.count_plus : field.size;
    for (int n = 0; n < items && !part; ++n) {
      const auto [other, fresh] = taken.emplace(field.at + n * field.stride, field.name);
      if (!fresh && other->second != field.name)
        nodes[i].problem(problems, cat("the field \"", field.name, "\" overlaps \"", other->second,
                                       "\" at index ", other->first));
    }
  }
}

}  // namespace

void layout(MessageSpec& message, const Framing& framing, const yaml::Node& at,
            const std::vector<yaml::Node>& field_nodes, Problems& problems) {
  if (!framing.is_text())
    binary(message, framing, at, field_nodes, problems);
  else
    text(message, field_nodes, problems);
}

}  // namespace carebench::protocol_parse
