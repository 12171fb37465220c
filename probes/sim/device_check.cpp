// What no single key of a device's file shows: values that depend on themselves, reboots without end,
// messages that cannot be encoded with the values they get.
#include <algorithm>
#include <set>

#include "probes/sim/engine.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::size_t most_parts = 500;
constexpr Duration soonest_reboot = milliseconds(100);

std::set<std::string, std::less<>> needs_of(const ValueSpec& value) {
  std::set<std::string, std::less<>> names;
  const auto add = [&names](const Operand& operand) {
    if (operand.kind == Operand::Kind::value) names.insert(operand.text);
  };
  for (const auto& [name, operand] : value.only_while) {
    names.insert(name);
    add(operand);
  }
  add(value.otherwise);
  add(value.special);
  names.insert(value.motions.begin(), value.motions.end());
  if (value.kind != ValueSpec::Kind::text) return names;
  const std::string_view text = value.text;
  for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const std::string_view inside = text.substr(open + 1, text.find('}', open) - open - 1);
    names.insert(std::string(inside.substr(0, inside.find(':'))));
  }
  return names;
}

bool needs_itself(const VirtualDevice& device, const ValueSpec& value) {
  std::set<std::string, std::less<>> seen, open = needs_of(value);
  while (!open.empty()) {
    const std::string name = std::move(open.extract(open.begin()).value());
    if (name == value.name) return true;
    const ValueSpec* next = device.value(name);
    if (!seen.insert(name).second || !next) continue;
    for (const std::string& more : needs_of(*next)) open.insert(more);
  }
  return false;
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
    if (needs_itself(device, value)) return cat("value \"", value.name, "\" depends on itself");
  bool endless = false;
  for (const Responder& responder : parts.responders)
    endless = endless || (responder.on.kind == Trigger::Kind::boot &&
                          reboots_before(responder.actions, {}));
  for (const Event& event : parts.events)
    endless = endless || reboots_before(event.actions, event.at);
  if (endless)
    return cat("a reboot within ", to_string(soonest_reboot), " of power-on would never end");
  return std::nullopt;
}

Result<void> try_out(std::shared_ptr<const VirtualDevice> device, std::string_view faults) {
  EngineOptions options;
  options.faults = faults;
  auto engine = Engine::create(std::move(device), options);
  if (!engine) return tl::unexpected(engine.error());
  Nobody nobody;
  (*engine)->pump({seconds(3).ns}, nobody);
  if (auto trouble = (*engine)->take_trouble()) return tl::unexpected(*trouble);
  return {};
}

}  // namespace carebench::sim
