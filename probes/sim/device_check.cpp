// What no single key of a device's file shows: values that depend on each other, reboots without
// end, messages that cannot be encoded with the values they get.
#include <algorithm>

#include "probes/sim/engine.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::size_t most_parts = 500;
constexpr Duration soonest_reboot = milliseconds(100);

// What a value is made of must be simple itself: no circles, and no chains that grow without bound.
bool is_simple(const VirtualDevice& device, std::string_view name) {
  const ValueSpec* value = device.value(name);
  return !value || (value->kind != ValueSpec::Kind::text && value->only_while.empty());
}

std::optional<std::string> entangled(const VirtualDevice& device, const ValueSpec& value) {
  const auto complain = [&](std::string_view name) {
    return cat("value \"", value.name, "\" must not depend on \"", name,
               "\", which is a text or depends on others itself");
  };
  std::vector<std::string_view> names;
  for (const auto& [name, operand] : value.only_while) names.push_back(name);
  for (const Operand* operand : {&value.otherwise, &value.special})
    if (operand->kind == Operand::Kind::value) names.push_back(operand->text);
  for (const std::string_view name : names)
    if (!is_simple(device, name)) return complain(name);
  if (value.kind == ValueSpec::Kind::samples)
    if (const ValueSpec* truth = device.value(value.sampled);
        !truth || truth->kind != ValueSpec::Kind::truth)
      return cat("value \"", value.name, "\" samples \"", value.sampled, "\", which is no truth");
  if (value.kind != ValueSpec::Kind::text) return std::nullopt;
  const std::string_view text = value.text;
  for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    std::string_view name = text.substr(open + 1, text.find('}', open) - open - 1);
    name = name.substr(0, name.find(':'));
    const ValueSpec* inside = device.value(name);
    if (inside && inside->kind == ValueSpec::Kind::text) return complain(name);
  }
  return std::nullopt;
}

bool reboots_before(const std::vector<Action>& actions, Duration since_power_on) {
  return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
    return action.kind == Action::Kind::reboot && since_power_on + action.after < soonest_reboot;
  });
}

struct Nobody final : Ingest {
  void frame(Stamp, ByteView) override {}
  void lost(Stamp, std::string_view) override {}
};

}  // namespace

std::optional<std::string> unsound(const VirtualDevice& device) {
  const Parts& parts = device.parts;
  if (parts.values.size() + parts.streams.size() + parts.responders.size() + parts.events.size() >
      most_parts)
    return cat("a device has at most ", most_parts, " values, streams, responders and events");
  for (const ValueSpec& value : parts.values)
    if (auto why = entangled(device, value)) return why;
  bool endless = false;
  for (const Responder& responder : parts.responders)
    endless = endless ||
              (responder.on.kind == Trigger::Kind::boot && reboots_before(responder.actions, {}));
  for (const Event& event : parts.events)
    endless = endless || reboots_before(event.actions, event.at);
  if (endless)
    return cat("a reboot within ", to_string(soonest_reboot), " of power-on would never end");
  return std::nullopt;
}

Result<void> try_out(std::shared_ptr<const VirtualDevice> device, std::string_view faults) {
  EngineOptions options;
  options.faults = faults;
  if (device->gatt) {
    // Everything is heard, by anybody.
    auto open = std::make_shared<VirtualDevice>(*device);
    open->behaviour.gatt.open_reads = open->behaviour.gatt.uncalled = true;
    device = std::move(open);
  }
  auto engine = Engine::create(std::move(device), options);
  if (!engine) return tl::unexpected(engine.error());
  if (GattDevice* gatt = (*engine)->gatt()) {
    (*engine)->scan({}, true);
    for (const auto& service : gatt->database().services)
      for (const auto& one : service.characteristics)
        (void)(*engine)->read_attribute({seconds(1).ns}, one.handle);
  }
  Nobody nobody;
  (*engine)->pump({seconds(3).ns}, nobody);
  if (auto trouble = (*engine)->take_trouble()) return tl::unexpected(*trouble);
  return {};
}

}  // namespace carebench::sim
