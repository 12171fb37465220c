// DeviceReader: faults, of the device itself and from shipped sets that fit many devices.
#include <algorithm>
#include <array>
#include <cmath>

#include "probes/sim/device_reader.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::array<std::string_view, 7> disturbances = {
    "drop", "truncate", "corrupt", "garbage", "duplicate", "drip", "late"};

}  // namespace

void DeviceReader::read_fault_set(const yaml::Node& name_node) {
  const std::string name = yaml::to_text(name_node, problems_);
  const std::string path = cat("probes/sim/devices/faults/", name, ".yaml");
  const auto file = shipped_file(path);
  if (!file) {
    std::vector<std::string_view> names;
    for (const ShippedFile& known : shipped_files("probes/sim/devices/faults/")) {
      std::string_view stem = known.path.substr(known.path.rfind('/') + 1);
      names.push_back(stem.substr(0, stem.rfind('.')));
    }
    return name_node.problem(problems_,
                             cat("no set of faults \"", name, "\"", suggestion(name, names)));
  }
  const auto document = yaml::Document::parse(path, std::string(file->text));
  if (!document) return problems_.add(document.error());
  yaml::MapReader map((*document)->root(), problems_);
  if (map.text("fault_set") != name) map.problem("\"fault_set\" must be the file's name");
  if (const yaml::Node faults = map.required("faults")) read_faults(faults);
}

void DeviceReader::read_faults(const yaml::Node& node) {
  if (node && node.kind() != yaml::Kind::map)
    return node.problem(problems_, "faults are a map of names, each with what it does");
  for (const auto& [key, entry] : node.entries()) {
    Fault fault = read_fault(key, entry);
    // The device's own fault of the same name stands before the one of a set.
    if (!device_.fault(fault.name)) device_.faults.push_back(std::move(fault));
  }
}

Fault DeviceReader::read_fault(const yaml::Node& name, const yaml::Node& node) {
  Fault fault;
  fault.name = name.text();
  if (fault.name.empty() || fault.name.find_first_of("+&?=") != std::string::npos)
    name.problem(problems_, "a fault's name must not hold +, &, ? or =");
  fault_parts_ = &fault.parts;
  {
    yaml::MapReader map(node, problems_);
    fault.title = map.text2("title");
    const std::size_t said = map.node().entries().size();
    if (said < 2) map.problem("this fault changes nothing");
    for (std::size_t kind = 0; kind < disturbances.size(); ++kind)
      if (const yaml::Node what = map.optional(disturbances[kind])) {
        yaml::MapReader disturbance(what, problems_);
        read_disturbance(disturbance, kind, fault.behaviour);
      }
    read_faulty_life(map, fault.behaviour);
    read_faulty_identity(map.optional("identity"), fault.behaviour);
    read_faulty_modbus(map.optional("modbus"), fault.behaviour);
    read_parts(map, fault.parts);
    if (const yaml::Node gatt = map.optional("gatt"))
      fault.gatt = read_gatt(gatt, &fault.behaviour);
    fault.omits = map.texts_or_empty("omit");
    for (const std::string& id : fault.omits)
      if (unknown_id(id))
        map.problem(cat("nothing to omit: no stream, responder, event or attribute \"", id, "\""));
  }
  fault_parts_ = nullptr;
  return fault;
}

bool DeviceReader::unknown_id(std::string_view id) const {
  const auto named = [id](const auto& part) { return part.id == id; };
  const Parts& parts = device_.parts;
  if (device_.gatt) {
    GattSpec spec = *device_.gatt;
    if (omit(spec, id)) return false;
  }
  return std::none_of(parts.streams.begin(), parts.streams.end(), named) &&
         std::none_of(parts.responders.begin(), parts.responders.end(), named) &&
         std::none_of(parts.events.begin(), parts.events.end(), named);
}

void DeviceReader::read_disturbance(yaml::MapReader& map, std::size_t kind, Behaviour& behaviour) {
  Disturbance disturbance;
  disturbance.kind = static_cast<Disturbance::Kind>(kind);
  disturbance.pick = read_pick(map);
  switch (disturbance.kind) {
    case Disturbance::Kind::corrupt:
      if (map.has("at")) disturbance.at = static_cast<int>(map.integer("at", -1000, 1000));
      break;
    case Disturbance::Kind::garbage:
      disturbance.octets = static_cast<int>(map.integer("octets", 1, 4096));
      disturbance.start_marks = map.boolean_or("start_marks", false);
      break;
    case Disturbance::Kind::truncate:
      disturbance.octets = static_cast<int>(map.integer_or("keep", 1, 4096, 0));
      break;
    case Disturbance::Kind::drip:
    case Disturbance::Kind::late:
      disturbance.by = map.duration("by");
      break;
    default:
      break;
  }
  behaviour.disturbances.push_back(std::move(disturbance));
}

Pick DeviceReader::read_pick(yaml::MapReader& map) {
  static constexpr std::string_view kinds[] = {"all", "streams", "answers"};
  Pick pick;
  pick.every = static_cast<int>(map.integer_or("every", 1, 1'000'000'000, 1));
  pick.of = static_cast<Pick::Of>(map.choice_or("of", kinds, 0));
  for (const yaml::Node& message : map.list_or_empty("messages"))
    if (const MessageSpec* spec = read_message(message))
      pick.messages.push_back(yaml::to_text(message, problems_)), (void)spec;
  pick.from = map.duration_or("from", {});
  if (map.has("lasting")) pick.lasting = map.duration("lasting");
  if (map.has("each")) {
    pick.each = map.duration("each");
    if (!pick.lasting || pick.each->ns <= pick.lasting->ns)
      map.problem("\"each\" must be longer than \"lasting\", which it needs");
  }
  return pick;
}

void DeviceReader::read_faulty_life(yaml::MapReader& map, Behaviour& behaviour) {
  static constexpr std::string_view reactions[] = {"ignored", "hang", "reboot"};
  if (const yaml::Node node = map.optional("pace")) {
    yaml::MapReader pace(node, problems_);
    behaviour.pace = pace.number_or("factor", 1);
    behaviour.jitter = pace.duration_or("jitter", {});
    if (pace.has("stop_after")) behaviour.stop_after = pace.duration("stop_after");
    if (behaviour.pace < 0.01 || behaviour.pace > 1e6)
      pace.problem("\"factor\" must lie between 0.01 (100 times as often) and 1000000");
  }
  if (const yaml::Node node = map.optional("skip")) {
    yaml::MapReader skip(node, problems_);
    behaviour.skip_counter = skip.text("counter");
    behaviour.skip_every = static_cast<int>(skip.integer("every", 1, 1'000'000'000));
    const ValueSpec* counter = known_value(behaviour.skip_counter);
    if (!counter || counter->kind != ValueSpec::Kind::counter)
      skip.problem(cat("no counter \"", behaviour.skip_counter, "\" in this device",
                       suggestion(behaviour.skip_counter, value_names())));
  }
  if (map.has("unplug_after")) behaviour.unplug_after = map.duration("unplug_after");
  if (const yaml::Node node = map.optional("reconnect")) {
    yaml::MapReader reconnect(node, problems_);
    behaviour.silent_after_disconnect = reconnect.boolean_or("silent", false);
    behaviour.slow_after_disconnect = reconnect.duration_or("slow", {});
  }
  if (const yaml::Node node = map.optional("clock")) {
    yaml::MapReader clock(node, problems_);
    behaviour.clock_ahead = clock.number_or("ahead", 0);
    behaviour.clock_fast = clock.number_or("fast", 0);
    if (std::fabs(behaviour.clock_ahead) > 1e9 || std::fabs(behaviour.clock_fast) > 86400)
      clock.problem("a clock is seconds ahead, and gains less than a day each day");
  }
  behaviour.lose_stored_every =
      static_cast<int>(map.integer_or("lose_stored_every", 1, 1'000'000'000, 0));
  behaviour.repeat_stored_every =
      static_cast<int>(map.integer_or("repeat_stored_every", 1, 1'000'000'000, 0));
  behaviour.swap_stored_every =
      static_cast<int>(map.integer_or("swap_stored_every", 1, 1'000'000'000, 0));
  behaviour.stored_after_loss = map.boolean_or("stored_after_loss", false);
  behaviour.malformed = static_cast<Malformed>(map.choice_or("malformed", reactions, 0));
}

void DeviceReader::read_faulty_identity(const yaml::Node& node, Behaviour& behaviour) {
  if (!node) return;
  yaml::MapReader map(node, problems_);
  if (device_.identity.empty())
    map.problem("this device has no \"identity\" that could be at fault");
  if (map.has("text")) behaviour.identity_text = map.text("text");
  behaviour.identity_changes = map.boolean_or("changes", false);
  behaviour.identity_shared = map.boolean_or("shared", false);
  behaviour.identity_wrong_check = map.boolean_or("wrong_check", false);
  behaviour.identity_silent = map.boolean_or("silent", false);
  if (behaviour.identity_silent && device_.identity_told_by.empty() && !device_.is_modbus())
    map.problem("nobody tells the identity: name them under identity.told_by");
}

void DeviceReader::read_faulty_modbus(const yaml::Node& node, Behaviour& behaviour) {
  static constexpr std::string_view illegal[] = {"exception", "data", "silence", "wrong_exception"};
  if (!node) return;
  yaml::MapReader map(node, problems_);
  if (!device_.is_modbus()) map.problem("this device speaks no Modbus");
  behaviour.illegal = static_cast<Illegal>(map.choice_or("illegal", illegal, 0));
  behaviour.answer_unit = static_cast<int>(map.integer_or("answer_unit", 0, 255, -1));
  behaviour.takes_any_value = map.boolean_or("takes_any_value", false);
  behaviour.unprotected = map.texts_or_empty("unprotect");
  for (const std::string& name : behaviour.unprotected)
    if (!device_.is_modbus() || !device_.protocol->register_named(name))
      map.problem(cat("no register \"", name, "\""));
}

}  // namespace carebench::sim
