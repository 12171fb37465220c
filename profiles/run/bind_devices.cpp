#include <algorithm>

#include "probes/link_driver.h"
#include "profiles/run/session.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

tl::unexpected<Error> usage(std::string message) {
  return fail(Errc::usage, Blame::profile, std::move(message));
}

Result<void> check_names(const Profile& profile, const SessionOptions& options) {
  std::vector<std::string> names;
  for (const auto& device : profile.devices) names.push_back(device.name);
  for (const auto& [name, address] : options.devices)
    if (!profile.device(name))
      return usage(cat("the profile has no device \"", name, "\"", suggestion(name, names)));
  return {};
}

Result<void> check_link(const DeviceSpec& spec, const std::string& text) {
  std::string scheme = "operator";
  if (text != "operator") {
    auto address = Address::parse(text);
    if (!address) return tl::unexpected(address.error());
    if (auto sound = link_driver(address->scheme)->check(*address); !sound)
      return tl::unexpected(sound.error());
    scheme = address->scheme;
  }
  if (!spec.links.empty() &&
      std::find(spec.links.begin(), spec.links.end(), scheme) == spec.links.end())
    return usage(cat("the profile reaches ", spec.name, " by ", join(spec.links, ", "), ", not by ",
                     scheme));
  return {};
}

}  // namespace

Result<void> check_job(const Profile& profile, const Job& job) {
  std::vector<std::string> names, samples;
  for (const auto& device : profile.devices) {
    names.push_back(device.name);
    for (int i = 1; i <= device.samples; ++i)
      samples.push_back(device.samples == 1 ? device.name : cat(device.name, "#", i));
  }
  Problems problems;
  const auto known = [&](const std::vector<std::string>& list, const std::string& name,
                         const yaml::Node& node) {
    if (std::find(list.begin(), list.end(), name) == list.end())
      node.find("device").problem(
          problems, cat("the profile has no device \"", name, "\"", suggestion(name, list),
                        "; it has ", join(list, ", ")));
  };
  for (const auto& sample : job.samples) known(samples, sample.device, sample.node);
  for (const auto& instrument : job.instruments) known(names, instrument.device, instrument.node);
  for (const auto& budget : job.budgets) {
    std::vector<std::string> steps;
    const StepSpec* found = nullptr;
    for (const auto& step : profile.steps) {
      steps.push_back(step.id);
      if (step.id == budget.step) found = &step;
    }
    if (found)
      check_budget(budget, *found, problems);
    else
      budget.node.find("step").problem(
          problems, cat("the profile has no step \"", printable(budget.step), "\"",
                        suggestion(budget.step, steps)));
  }
  std::vector<std::string> known_requirements;
  if (profile.requirements)
    for (const auto& requirement : profile.requirements->requirements)
      known_requirements.push_back(requirement.id);
  for (const auto& attestation : job.attestations)
    if (!profile.requirements || !profile.requirements->find(attestation.requirement))
      attestation.node.find("requirement")
          .problem(problems,
                   cat("the profile's scope has no requirement \"", attestation.requirement, "\"",
                       suggestion(attestation.requirement, known_requirements)));
  for (const auto& step : profile.steps)
    for (const auto& line : step.judge)
      if (const Claim* claim = line.limit ? job.claim(line.limit->id) : nullptr)
        if (const auto fits = with_claim(*line.limit, *claim); !fits) problems.add(fits.error());
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return {};
}

Result<std::vector<RunDevice>> bind_devices(const Profile& profile, const SessionOptions& options) {
  if (auto known = check_names(profile, options); !known) return tl::unexpected(known.error());
  std::vector<RunDevice> devices;
  ChannelId channel = 0;
  bool simulated = false, real = false;
  for (const auto& spec : profile.devices) {
    std::vector<std::string> addresses;
    for (const auto& [name, address] : options.devices)
      if (name == spec.name) addresses.push_back(address);
    const bool operator_only = spec.links.size() == 1 && spec.links[0] == "operator";
    if (addresses.empty() && operator_only) addresses.assign(1, "operator");
    if (addresses.empty() && spec.optional) continue;
    const auto samples = static_cast<std::size_t>(spec.samples);
    if (addresses.size() != samples)
      return usage(
          addresses.size() < samples
              ? cat("no address for ",
                    samples == 1 ? "" : cat("sample ", addresses.size() + 1, " of "), "\"",
                    spec.name, "\": add -d ", spec.name,
                    "=ADDRESS (links: ", join(spec.links, ", "), ")")
              : cat("too many addresses for \"", spec.name, "\": the profile has ", samples));
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (auto fits = check_link(spec, addresses[i]); !fits) return tl::unexpected(fits.error());
      RunDevice device;
      device.name = samples == 1 ? spec.name : cat(spec.name, "#", i + 1);
      device.spec = &spec;
      device.sample = i;
      device.given = true;
      device.is_operator = addresses[i] == "operator";
      if (!device.is_operator) {
        device.address = addresses[i];
        device.channel = channel++;
        (addresses[i].starts_with("sim:") ? simulated : real) = true;
      }
      devices.push_back(std::move(device));
    }
  }
  if (simulated && real)
    return usage(
        "simulated and real devices do not mix: virtual time cannot wait for a real device; "
        "stand the virtual one up with carebench sim --on pty");
  return devices;
}

}  // namespace carebench
