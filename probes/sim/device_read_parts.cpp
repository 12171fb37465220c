// DeviceReader: streams, responders, events and what they do.
#include <algorithm>
#include <array>

#include "probes/protocol_spec.h"
#include "probes/sim/device_reader.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::array<std::string_view, 6> triggers = {"message", "hex",     "line",
                                                      "write",   "connect", "boot"};
constexpr std::size_t longest_pattern = 64;

// The key of a one-of map, or the number of keys when there is none or more than one.
std::size_t one_of(yaml::MapReader& map, std::span<const std::string_view> keys) {
  std::size_t found = keys.size();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!map.has(keys[i])) continue;
    if (found != keys.size()) return keys.size();
    found = i;
  }
  return found;
}

// "53 59 ?? 02": octets, 0x100 for any.
std::optional<std::vector<std::uint16_t>> parse_pattern(std::string_view text) {
  std::vector<std::uint16_t> pattern;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    if (word == "??") {
      pattern.push_back(0x100);
      continue;
    }
    const auto octets = from_hex(word);
    if (!octets) return std::nullopt;
    pattern.insert(pattern.end(), octets->begin(), octets->end());
  }
  if (pattern.empty() || pattern.size() > longest_pattern) return std::nullopt;
  return pattern;
}

// What may be set besides a message's own fields.
std::vector<std::string_view> header_names(const Framing& framing) {
  if (framing.kind == Framing::Kind::brackets) return {"maker", "id", "index", "type"};
  if (framing.kind == Framing::Kind::line) return {"talker", "type"};
  std::vector<std::string_view> names;
  for (const FieldSpec& field : framing.header) names.push_back(field.name);
  return names;
}

}  // namespace

void DeviceReader::read_parts(yaml::MapReader& map, Parts& parts) {
  read_values(map.optional("values"), parts);
  for (const yaml::Node& node : map.list_or_empty("streams"))
    parts.streams.push_back(read_stream(node));
  for (const yaml::Node& node : map.list_or_empty("responders"))
    parts.responders.push_back(read_responder(node));
  for (const yaml::Node& node : map.list_or_empty("events"))
    parts.events.push_back(read_event(node));
}

const MessageSpec* DeviceReader::read_message(const yaml::Node& node) {
  if (!node) return nullptr;
  const std::string id = yaml::to_text(node, problems_);
  if (!device_.protocol || device_.is_modbus()) {
    node.problem(problems_, "this device speaks no protocol with messages: use say or hex");
    return nullptr;
  }
  const MessageSpec* message = device_.protocol->message(id);
  if (message) return message;
  std::vector<std::string_view> ids;
  for (const MessageSpec& known : device_.protocol->messages()) ids.push_back(known.id);
  node.problem(problems_, cat("protocol ", device_.protocol->name, " has no message \"", id, "\"",
                              suggestion(id, ids)));
  return nullptr;
}

Operands DeviceReader::read_fields(const yaml::Node& node, const MessageSpec* message,
                                   bool fields_allowed) {
  if (!node) return {};
  Operands fields = read_operands(node, fields_allowed);
  if (!message) return fields;
  std::vector<std::string_view> names = header_names(device_.protocol->framing());
  for (const FieldSpec& field : message->laid_out().fields) names.push_back(field.name);
  if (message->gatt) names.push_back("octets");
  for (const auto& [key, entry] : node.entries())
    if (std::find(names.begin(), names.end(), key.text()) == names.end())
      key.problem(problems_, cat("message ", message->id, " has no field \"", key.text(), "\"",
                                 suggestion(key.text(), names)));
  return fields;
}

Stream DeviceReader::read_stream(const yaml::Node& node) {
  yaml::MapReader map(node, problems_);
  Stream stream;
  const yaml::Node send = map.required("send");
  const MessageSpec* message = read_message(send);
  if (message) stream.message = message->id;
  stream.id = map.text_or("id", stream.message);
  stream.fields = read_fields(map.optional("fields"), message, false);
  stream.every = map.duration("every");
  stream.offset = map.duration_or("offset", {});
  stream.jitter = map.duration_or("jitter", {});
  if (stream.every < milliseconds(1)) {
    map.problem("a stream sends at most once a millisecond: \"every\" must be 1 ms or more");
    stream.every = seconds(1);
  }
  stream.only_while = read_condition(map.optional("while"));
  if (const yaml::Node store_node = map.optional("store")) {
    yaml::MapReader store(store_node, problems_);
    stream.store_fields = read_fields(store.optional("fields"), message, false);
    for (const auto& [name, operand] : stream.store_fields)
      if (operand.kind == Operand::Kind::value)
        store.problem("stored fields are changed to constants only");
    stream.store_most = static_cast<int>(store.integer("most", 1, 200'000));
    stream.store_gap = store.duration("gap");
  }
  return stream;
}

Responder DeviceReader::read_responder(const yaml::Node& node) {
  yaml::MapReader map(node, problems_);
  Responder responder;
  if (const yaml::Node on = map.required("on")) responder.on = read_trigger(on);
  responder.id = map.text_or("id", responder.on.name);
  responder.only_while = read_condition(map.optional("while"));
  responder.actions = read_actions(map.list("do"), responder.on.kind == Trigger::Kind::message ||
                                                       responder.on.kind == Trigger::Kind::write);
  return responder;
}

Trigger DeviceReader::read_trigger(const yaml::Node& node) {
  yaml::MapReader map(node, problems_);
  Trigger trigger;
  const std::size_t kind = one_of(map, triggers);
  if (kind == triggers.size()) {
    map.problem("\"on\" needs one of message, hex, line, write, connect, boot");
    return trigger;
  }
  trigger.kind = static_cast<Trigger::Kind>(kind);
  const yaml::Node what = map.optional(triggers[kind]);
  switch (trigger.kind) {
    case Trigger::Kind::message: {
      const MessageSpec* message = read_message(what);
      if (message) trigger.name = message->id;
      for (const auto& [key, entry] : map.optional("where").entries()) {
        if (message && !message->field(key.text()))
          key.problem(problems_,
                      cat("message ", message->id, " has no field \"", key.text(), "\""));
        trigger.where.emplace_back(key.text(), read_operand(entry, false));
      }
      break;
    }
    case Trigger::Kind::hex:
      if (auto pattern = parse_pattern(yaml::to_text(what, problems_)))
        trigger.pattern = std::move(*pattern);
      else
        what.problem(problems_, "a pattern is up to 64 octets as \"53 59 ?? 02\", ?? for any");
      break;
    case Trigger::Kind::line:
      trigger.text = what.is_null() ? "" : yaml::to_text(what, problems_);
      break;
    case Trigger::Kind::write:
      trigger.name = yaml::to_text(what, problems_);
      if (!device_.is_modbus())
        what.problem(problems_, "only a device that speaks a register map is written to");
      else if (!device_.protocol->register_named(trigger.name))
        what.problem(problems_,
                     cat("no register \"", trigger.name, "\" in ", device_.protocol->name));
      if (const yaml::Node equals = map.optional("equals"))
        trigger.equals = read_operand(equals, false);
      break;
    case Trigger::Kind::connect:
    case Trigger::Kind::boot:
      if (!yaml::to_boolean(what, problems_))
        what.problem(problems_, cat("write \"", triggers[kind], ": true\""));
      break;
  }
  return trigger;
}

Event DeviceReader::read_event(const yaml::Node& node) {
  yaml::MapReader map(node, problems_);
  Event event;
  event.id = map.text_or("id", "");
  event.at = map.duration("at");
  if (map.has("each")) {
    event.each = map.duration("each");
    if (*event.each < milliseconds(1)) {
      map.problem("an event comes at most once a millisecond: \"each\" must be 1 ms or more");
      event.each = seconds(1);
    }
  }
  event.actions = read_actions(map.list("do"), false);
  return event;
}

std::vector<Action> DeviceReader::read_actions(const std::vector<yaml::Node>& nodes,
                                               bool fields_allowed) {
  std::vector<Action> actions;
  for (const yaml::Node& node : nodes) actions.push_back(read_action(node, fields_allowed));
  return actions;
}

Action DeviceReader::read_action(const yaml::Node& node, bool fields_allowed) {
  static constexpr std::array<std::string_view, 8> kinds = {"send", "say",    "set",        "drive",
                                                            "go",   "reboot", "disconnect", "hex"};
  yaml::MapReader map(node, problems_);
  Action action;
  const std::size_t kind = one_of(map, kinds);
  if (kind == kinds.size()) {
    map.problem("an action needs one of send, say, hex, set, drive, go, reboot, disconnect");
    return action;
  }
  const yaml::Node what = map.optional(kinds[kind]);
  action.after = map.duration_or("after", {});
  switch (kind) {
    case 0: {
      action.kind = Action::Kind::send;
      const MessageSpec* message = read_message(what);
      if (message) action.message = message->id;
      action.operands = read_fields(map.optional("fields"), message, fields_allowed);
      break;
    }
    case 1: {
      action.kind = Action::Kind::say;
      const std::string text = yaml::to_text(what, problems_);
      check_pieces(what, text);
      action.pieces = text.find('{') != text.npos;
      const ByteView octets = as_bytes(text);
      action.octets.assign(octets.begin(), octets.end());
      break;
    }
    case 2:
    case 3:
    case 4:
      action.kind = static_cast<Action::Kind>(kind);
      action.operands = read_operands(what, fields_allowed);
      for (const auto& [name, operand] : action.operands) {
        const ValueSpec* value = known_value(name);
        if (!value || (kind > 2 && value->kind != ValueSpec::Kind::motion))
          what.problem(problems_, cat("no ", kind > 2 ? "motion" : "value", " \"", name,
                                      "\" in this device", suggestion(name, value_names())));
      }
      break;
    case 5:
    case 6:
      action.kind = kind == 5 ? Action::Kind::reboot : Action::Kind::disconnect;
      if (!yaml::to_boolean(what, problems_))
        what.problem(problems_, cat("write \"", kinds[kind], ": true\""));
      break;
    default:
      action.kind = Action::Kind::say;
      if (auto octets = from_hex(yaml::to_text(what, problems_)))
        action.octets = std::move(*octets);
      else
        what.problem(problems_, "octets are written as \"53 59 01\"");
  }
  return action;
}

// Every register needs a value of its name to show, and one that can be written where it is
// written.
void DeviceReader::check_registers(yaml::MapReader& map) {
  if (!device_.is_modbus()) return;
  std::vector<std::string> missing;
  for (const RegisterSpec& reg : device_.protocol->registers()) {
    const ValueSpec* value = device_.value(reg.name);
    if (!value)
      missing.push_back(reg.name);
    else if (reg.writable && value->kind != ValueSpec::Kind::memory &&
             value->kind != ValueSpec::Kind::text && value->kind != ValueSpec::Kind::calendar)
      map.problem(cat("register ", reg.name,
                      " can be written: its value must be memory, text or calendar"));
  }
  if (!missing.empty())
    map.problem(cat("registers of ", device_.protocol->name,
                    " without a value of the same name: ", join(missing, ", ")));
}

}  // namespace carebench::sim
