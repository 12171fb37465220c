// DeviceReader: the file as a whole. Finding, loading and breaking a device.
#include <algorithm>
#include <array>

#include "probes/protocol_spec.h"
#include "probes/sim/device_reader.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::string_view folder = "probes/sim/devices/";

// FC 43/14, object ids 0 to 6.
constexpr std::array<std::string_view, 7> object_names = {
    "vendor_name", "product_code",         "revision", "vendor_url", "product_name",
    "model_name",  "user_application_name"};

template <class List>
void merge_by(List& into, const List& from, std::string List::value_type::*key) {
  for (const auto& item : from) {
    const auto same = std::find_if(into.begin(), into.end(), [&](const auto& known) {
      return !(known.*key).empty() && known.*key == item.*key;
    });
    if (same == into.end())
      into.push_back(item);
    else
      *same = item;
  }
}

template <class List>
void omit_from(List& list, const std::vector<std::string>& ids) {
  std::erase_if(list, [&](const auto& item) {
    return std::find(ids.begin(), ids.end(), item.id) != ids.end();
  });
}

template <class T>
void take(T& into, const T& from, const T& sound) {
  if (from != sound) into = from;
}

void merge(GattBehaviour& into, const GattBehaviour& from) {
  const GattBehaviour sound;
  take(into.open_reads, from.open_reads, sound.open_reads);
  take(into.open_writes, from.open_writes, sound.open_writes);
  take(into.hangs_up, from.hangs_up, sound.hangs_up);
  take(into.swaps_methods, from.swaps_methods, sound.swaps_methods);
  take(into.uncalled, from.uncalled, sound.uncalled);
  take(into.any_length, from.any_length, sound.any_length);
  take(into.forgets_bonds, from.forgets_bonds, sound.forgets_bonds);
  take(into.tells_identity, from.tells_identity, sound.tells_identity);
  take(into.drops_per_hour, from.drops_per_hour, sound.drops_per_hour);
  take(into.records_off, from.records_off, sound.records_off);
  take(into.no_configuration, from.no_configuration, sound.no_configuration);
  take(into.ignores_configuration, from.ignores_configuration, sound.ignores_configuration);
  take(into.never_stops, from.never_stops, sound.never_stops);
  take(into.any_operation, from.any_operation, sound.any_operation);
  take(into.keeps_time, from.keeps_time, sound.keeps_time);
}

void merge(Behaviour& into, const Behaviour& from) {
  const Behaviour sound;
  into.disturbances.insert(into.disturbances.end(), from.disturbances.begin(),
                           from.disturbances.end());
  std::stable_sort(into.disturbances.begin(), into.disturbances.end(),
                   [](const Disturbance& a, const Disturbance& b) { return a.kind < b.kind; });
  into.unprotected.insert(into.unprotected.end(), from.unprotected.begin(), from.unprotected.end());
  take(into.pace, from.pace, sound.pace);
  take(into.jitter, from.jitter, sound.jitter);
  take(into.stop_after, from.stop_after, sound.stop_after);
  take(into.skip_counter, from.skip_counter, sound.skip_counter);
  take(into.skip_every, from.skip_every, sound.skip_every);
  take(into.unplug_after, from.unplug_after, sound.unplug_after);
  take(into.silent_after_disconnect, from.silent_after_disconnect, sound.silent_after_disconnect);
  take(into.slow_after_disconnect, from.slow_after_disconnect, sound.slow_after_disconnect);
  take(into.lose_stored_every, from.lose_stored_every, sound.lose_stored_every);
  take(into.repeat_stored_every, from.repeat_stored_every, sound.repeat_stored_every);
  take(into.swap_stored_every, from.swap_stored_every, sound.swap_stored_every);
  take(into.stored_after_loss, from.stored_after_loss, sound.stored_after_loss);
  take(into.clock_ahead, from.clock_ahead, sound.clock_ahead);
  take(into.clock_fast, from.clock_fast, sound.clock_fast);
  merge(into.gatt, from.gatt);
  take(into.malformed, from.malformed, sound.malformed);
  take(into.illegal, from.illegal, sound.illegal);
  take(into.takes_any_value, from.takes_any_value, sound.takes_any_value);
  take(into.answer_unit, from.answer_unit, sound.answer_unit);
  take(into.identity_changes, from.identity_changes, sound.identity_changes);
  take(into.identity_shared, from.identity_shared, sound.identity_shared);
  take(into.identity_wrong_check, from.identity_wrong_check, sound.identity_wrong_check);
  take(into.identity_silent, from.identity_silent, sound.identity_silent);
  take(into.identity_text, from.identity_text, sound.identity_text);
}

void apply(VirtualDevice& device, const Fault& fault) {
  Parts& parts = device.parts;
  omit_from(parts.streams, fault.omits);
  omit_from(parts.responders, fault.omits);
  omit_from(parts.events, fault.omits);
  merge_by(parts.values, fault.parts.values, &ValueSpec::name);
  merge_by(parts.streams, fault.parts.streams, &Stream::id);
  // What a fault answers, it answers first.
  std::vector<Responder> responders = fault.parts.responders;
  for (Responder& responder : parts.responders) {
    const bool replaced = std::any_of(
        fault.parts.responders.begin(), fault.parts.responders.end(),
        [&](const Responder& faulty) { return !faulty.id.empty() && faulty.id == responder.id; });
    if (!replaced) responders.push_back(std::move(responder));
  }
  parts.responders = std::move(responders);
  merge_by(parts.events, fault.parts.events, &Event::id);
  merge(device.behaviour, fault.behaviour);
  if (device.gatt && fault.gatt) apply(*device.gatt, *fault.gatt);
  if (device.gatt && fault.behaviour.gatt.update_service) add_update_service(*device.gatt);
  const auto omit_attributes = [&](const std::vector<std::string>& paths) {
    for (const std::string& path : paths)
      if (device.gatt) omit(*device.gatt, path);
  };
  omit_attributes(fault.omits);
  if (!fault.behaviour.identity_silent) return;
  omit_attributes(device.identity_told_by);
  if (device.is_modbus()) device.behaviour.identity_text = "";
  omit_from(parts.streams, device.identity_told_by);
  omit_from(parts.responders, device.identity_told_by);
  omit_from(parts.events, device.identity_told_by);
}

}  // namespace

void DeviceReader::read(const yaml::Node& root) {
  yaml::MapReader map(root, problems_);
  device_.name = map.text("device");
  device_.title = map.text2("title");
  const yaml::Node speaks = map.required("speaks");
  const std::string protocol = speaks ? yaml::to_text(speaks, problems_) : "nothing";
  if (protocol != "nothing") {
    if (auto loaded = Protocol::load(protocol))
      device_.protocol = std::move(*loaded);
    else
      speaks.problem(problems_, loaded.error().message);
  }
  read_line(map);
  device_.unit = static_cast<int>(map.integer_or("unit", 1, 247, 1));
  device_.turnaround = map.duration_or("turnaround", milliseconds(2));
  device_.boot_time = map.duration_or("boot_time", {});
  device_.seed = static_cast<std::uint64_t>(map.integer_or("seed", 0, 1'000'000'000, 1));
  read_parts(map, device_.parts);
  if (const yaml::Node node = map.optional("gatt")) {
    const GattPatch whole = read_gatt(node, nullptr);
    apply(device_.gatt.emplace(), whole);
    if (device_.protocol && !device_.protocol->is_gatt())
      node.problem(problems_, cat("protocol ", protocol, " is none of GATT attributes"));
  } else if (device_.protocol && device_.protocol->is_gatt()) {
    map.problem(
        cat("protocol ", protocol, " is one of GATT attributes: the device needs \"gatt\""));
  }
  if (const yaml::Node node = map.optional("identity")) {
    yaml::MapReader identity(node, problems_);
    device_.identity = identity.text("value");
    const ValueSpec* value = device_.value(device_.identity);
    if (!value || value->kind != ValueSpec::Kind::text)
      identity.problem(cat("no text value \"", device_.identity, "\" in this device",
                           suggestion(device_.identity, value_names())));
    device_.identity_told_by = identity.texts_or_empty("told_by");
    for (const std::string& id : device_.identity_told_by)
      if (unknown_id(id))
        identity.problem(cat("no stream, responder, event or attribute \"", id, "\""));
  }
  if (const yaml::Node node = map.optional("identification")) read_identification(node);
  // Faults need a sound protocol to be checked against.
  const yaml::Node faults = map.optional("faults");
  const auto sets = map.list_or_empty("faults_from");
  if (!problems_.empty()) return;
  check_registers(map);
  read_faults(faults);
  for (const yaml::Node& set : sets) read_fault_set(set);
  std::sort(device_.faults.begin(), device_.faults.end(),
            [](const Fault& a, const Fault& b) { return a.name < b.name; });
}

void DeviceReader::read_line(yaml::MapReader& map) {
  if (device_.protocol) {
    device_.baud = device_.protocol->baud;
    if (!device_.protocol->mode.empty()) device_.mode = device_.protocol->mode;
  }
  const yaml::Node node = map.optional("line");
  if (!node) return;
  yaml::MapReader line(node, problems_);
  device_.baud = static_cast<int>(line.integer_or("baud", 0, 10'000'000, device_.baud));
  device_.mode = line.text_or("mode", device_.mode);
  const std::string& mode = device_.mode;
  if (mode.size() != 3 || mode[0] < '5' || mode[0] > '8' ||
      std::string_view("NEO").find(mode[1]) == std::string_view::npos ||
      (mode[2] != '1' && mode[2] != '2'))
    line.problem("\"mode\" is data bits, parity and stop bits, as in 8N1");
}

void DeviceReader::read_identification(const yaml::Node& node) {
  yaml::MapReader map(node, problems_);
  for (std::size_t id = 0; id < object_names.size(); ++id) {
    const yaml::Node text = map.optional(object_names[id]);
    if (!text) continue;
    device_.identification[static_cast<int>(id)] = yaml::to_text(text, problems_);
    check_pieces(text, device_.identification[static_cast<int>(id)]);
  }
  for (int id = 0; id < 3; ++id)
    if (!device_.identification.contains(id))
      map.problem("vendor_name, product_code and revision are mandatory objects of FC 43/14");
}

const Fault* VirtualDevice::fault(std::string_view fault_name) const {
  for (const Fault& known : faults)
    if (known.name == fault_name) return &known;
  return nullptr;
}

const ValueSpec* VirtualDevice::value(std::string_view value_name) const {
  for (const ValueSpec& known : parts.values)
    if (known.name == value_name) return &known;
  return nullptr;
}

Result<std::shared_ptr<const VirtualDevice>> VirtualDevice::with_faults(
    std::string_view fault_names) const {
  auto broken = std::make_shared<VirtualDevice>(*this);
  if (fault_names.empty()) return broken;
  for (const std::string_view wanted : split(fault_names, '+')) {
    const Fault* found = fault(wanted);
    if (found) {
      apply(*broken, *found);
      continue;
    }
    std::vector<std::string_view> known;
    for (const Fault& one : faults) known.push_back(one.name);
    return fail(Errc::usage, Blame::bench,
                cat("virtual device ", name, " has no fault \"", printable(wanted), "\"",
                    suggestion(wanted, known), "; `carebench devices` lists them"));
  }
  if (auto why = unsound(*broken))
    return fail(Errc::bad_input, Blame::profile,
                cat("virtual device ", name, " with fault ", fault_names, ": ", *why));
  return broken;
}

Result<std::shared_ptr<const VirtualDevice>> parse(const yaml::Document& document) {
  auto device = std::make_shared<VirtualDevice>();
  Problems problems;
  DeviceReader(*device, problems).read(document.root());
  if (auto why = unsound(*device)) document.root().problem(problems, std::move(*why));
  for (const Fault& fault : device->faults)
    if (const auto broken = device->with_faults(fault.name); !broken)
      document.root().problem(problems, broken.error().message);
  if (problems.empty())
    if (const auto tried = try_out(device, {}); !tried)
      document.root().problem(problems, tried.error().message);
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return device;
}

std::vector<std::string_view> shipped_devices() {
  std::vector<std::string_view> names;
  for (const ShippedFile& file : shipped_files(folder)) {
    std::string_view name = file.path.substr(folder.size());
    if (name.find('/') != std::string_view::npos || !name.ends_with(".yaml")) continue;
    name.remove_suffix(5);
    names.push_back(name);
  }
  return names;
}

Result<std::shared_ptr<const VirtualDevice>> load(std::string_view name_or_path) {
  const bool path =
      name_or_path.find('/') != std::string_view::npos || name_or_path.ends_with(".yaml");
  if (path) {
    const auto document = yaml::Document::read(std::string(name_or_path));
    if (!document) return tl::unexpected(document.error());
    return parse(**document);
  }
  const std::string file_path = cat(folder, name_or_path, ".yaml");
  const auto file = shipped_file(file_path);
  if (!file) {
    const auto names = shipped_devices();
    return fail(Errc::usage, Blame::bench,
                cat("no virtual device \"", printable(name_or_path), "\"",
                    suggestion(name_or_path, names), "; `carebench devices` lists them"));
  }
  const auto document = yaml::Document::parse(file_path, std::string(file->text));
  if (!document) return tl::unexpected(document.error());
  return parse(**document);
}

}  // namespace carebench::sim
