#include "profiles/run/step_setup.h"

#include <algorithm>

#include "profiles/run/reference_gate.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

// The range of the instrument that serves the quantity the step measures.
InstrumentData instrument_of(const StepSpec& step, const Job& job, const RunDevice& device) {
  InstrumentData data;
  data.device = device.spec->name;
  const auto* given = job.instrument(device.spec->name);
  if (!given) return data;
  data.id = given->name;
  data.certificate = given->certificate;
  if (const auto* range = given->range(measured_quantity(step))) data.range = *range;
  return data;
}

Error not_ready(std::string message) {
  return {Errc::not_ready, Blame::bench, std::move(message), {}, {}};
}

}  // namespace

BoundRoles bind_roles(const std::vector<RunDevice>& devices, const StepInstance& instance) {
  BoundRoles roles;
  for (const auto& [role, names] : instance.step->on)
    for (const auto& name : names)
      for (const auto& device : devices) {
        if (device.spec->name != name) continue;
        if (device.spec->role != DeviceRole::under_test || instance.step->all ||
            device.spec->samples == 1 || device.sample == instance.sample_index)
          roles[role].push_back(&device);
      }
  return roles;
}

std::optional<Error> unavailable(const StepSpec& step, const BoundRoles& roles,
                                 const std::vector<OpenEvidence>& opens) {
  for (const RoleSpec& role : step.check->roles)
    if (const auto named = step.on.find(role.name);
        role.required && named != step.on.end() && roles.find(role.name) == roles.end())
      return not_ready(cat("no device was given for \"", join(named->second, ", "), "\": add -d ",
                           named->second.front(), "=ADDRESS"));
  for (const auto& [role, devices] : roles)
    for (const auto* device : devices) {
      if (device->is_operator) continue;
      if (!device->given)
        return not_ready(cat("no device was given for \"", device->name, "\": add -d ",
                             device->name, "=ADDRESS"));
      const auto& open = opens[device->channel];
      if (open.failed) return open.failed;
      if (!open.facts) return not_ready(cat(device->name, " was never opened"));
      if (role != step.check->roles.front().name) continue;
      const auto can = [&](OpKind op) {
        const auto& supports = open.facts->supports;
        return std::find(supports.begin(), supports.end(), op) != supports.end();
      };
      // Messages over GATT are written to the attributes that the protocol names (Port::write).
      const bool writes =
          device->spec->protocol && device->spec->protocol->is_gatt() && can(OpKind::write_value);
      for (const OpKind need : step.check->needs)
        if (!can(need) && !(need == OpKind::write && writes))
          return Error{Errc::unsupported,
                       Blame::profile,
                       cat("the link of ", device->name, " cannot ", to_string(need)),
                       {},
                       {}};
    }
  return std::nullopt;
}

Context::Setup context_setup(const StepSpec& step, const Job& job, const BoundRoles& roles,
                             Lane& lane) {
  Context::Setup setup;
  setup.lane = &lane;
  setup.check = step.check;
  setup.with = &step.with;
  setup.step = step.id;
  if (step.timeout) setup.deadline = lane.now() + *step.timeout;
  setup.destructive_consent = job.consent;
  for (const auto& line : step.judge)
    if (line.limit) setup.asked.push_back({line.value, job.effective(*line.limit)});
  setup.coverage = job.coverage;
  setup.budgets = laboratory_budgets(step, job);
  for (const auto& [role, devices] : roles)
    for (const auto* device : devices) {
      const auto* sample = job.sample(device->name);
      setup.roles[role].push_back({device->name, device->is_operator, device->channel,
                                   device->spec->protocol, sample ? sample->label : "",
                                   sample ? sample->serial : "", device->spec->gatt});
      setup.instruments[device->name] = instrument_of(step, job, *device);
    }
  return setup;
}

}  // namespace carebench
