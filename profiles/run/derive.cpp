#include "profiles/run/derive.h"

#include <algorithm>

#include "profiles/run/record.h"
#include "profiles/run/session.h"
#include "standards/vocab/text.h"

namespace carebench {

Result<std::vector<RunDevice>> run_devices(const Profile& profile, const Json& listed) {
  std::vector<RunDevice> devices;
  for (const auto& json : listed.items()) {
    RunDevice device;
    device.name = json["name"].string();
    device.spec = profile.device(json["device"].string());
    if (!device.spec)
      return fail(Errc::tampered, Blame::bench,
                  cat("the evidence names a device \"", json["device"].string(),
                      "\" that the profile does not have"));
    device.sample = static_cast<std::size_t>(json["sample"].integer());
    device.address = json["address"].string();
    device.is_operator = json["operator"].boolean();
    device.given = json["given"].boolean();
    device.channel = static_cast<ChannelId>(json["channel"].integer());
    devices.push_back(std::move(device));
  }
  return devices;
}

Result<RunRecord> derive_record(std::shared_ptr<const Evidence> evidence, Inputs& inputs,
                                Listener& listener) {
  const Json& start = evidence->segments().front().start;
  auto profile = Profile::load(inputs, start["profile"].string());
  if (!profile) return tl::unexpected(profile.error());
  Job job;
  if (!start["job"].string().empty()) {
    auto loaded = Job::load(inputs, start["job"].string());
    if (!loaded) return tl::unexpected(loaded.error());
    job = std::move(*loaded);
    if (auto fits = check_job(*profile, job); !fits) return tl::unexpected(fits.error());
  }
  RunSetup setup;
  setup.profile = &*profile;
  setup.job = &job;
  setup.inputs = &inputs;
  auto devices = run_devices(*profile, start["devices"]);
  if (!devices) return tl::unexpected(devices.error());
  setup.devices = std::move(*devices);
  for (const auto& id : start["only"].items()) setup.only.insert(id.string());
  for (const auto& device : setup.devices)
    if (device.given && !device.is_operator && device.channel >= evidence->opens().size())
      return fail(Errc::tampered, Blame::bench, "the evidence lacks a channel it names");
  const auto world = replay_world(evidence);
  const RunOutcome outcome = run_steps(setup, *world, listener);
  return assemble_record(setup, outcome, *evidence);
}

Result<Derivation> derive(const std::string& run_dir, const OtherEdition& other) {
  auto evidence = Evidence::read(cat(run_dir, "/", evidence_name));
  if (!evidence) return tl::unexpected(evidence.error());
  auto inputs = Inputs::from_run(run_dir, (*evidence)->segments().front().start["inputs"]);
  if (!inputs) return tl::unexpected(inputs.error());
  if (!other.limits.empty()) {
    auto replaced = inputs->replace("limits", other.limits);
    if (!replaced) return tl::unexpected(replaced.error());
  }
  if (!other.catalogue.empty()) {
    auto replaced = inputs->replace("catalogue", other.catalogue);
    if (!replaced) return tl::unexpected(replaced.error());
  }
  Listener silent;
  auto record = derive_record(*evidence, *inputs, silent);
  if (!record) return tl::unexpected(record.error());
  return Derivation{std::move(*record), *evidence};
}

}  // namespace carebench
