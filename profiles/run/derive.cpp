#include "profiles/run/derive.h"

#include <algorithm>
#include <set>

#include "profiles/run/own_limits.h"
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
  setup.unix_base_ns = evidence->unix_base_ns();
  setup.profile = &*profile;
  setup.job = &job;
  setup.inputs = &inputs;
  setup.unix_base_ns = evidence->unix_base_ns();
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

namespace {

// "shipped": what ships today in place of what the run kept. Files: over all that the run had.
Result<void> other_edition_of_limits(Inputs& inputs, const std::vector<std::string>& given) {
  std::vector<std::string> files;
  for (const std::string& one : given) {
    if (one != "shipped") {
      files.push_back(one);
    } else if (auto replaced = inputs.replace("limits", one); !replaced) {
      return replaced;
    }
  }
  return add_limits(inputs, other_limits, files);
}

// Another edition that covers none of the limits judged by answers nothing.
Result<void> check_covered(const RunRecord& record, Inputs& inputs) {
  std::vector<std::string> files;
  std::set<std::string> covered, judged;
  for (const auto& entry : std::vector(inputs.entries())) {
    if (entry.file.role != other_limits) continue;
    files.push_back(entry.file.origin);
    const auto document = inputs.document(other_limits, entry.name);
    const auto limits = read_limits(**document);
    for (const auto& limit : *limits) covered.insert(limit.id);
  }
  if (files.empty()) return {};
  for (const auto& step : record.steps)
    for (const auto& attempt : step.attempts)
      for (const auto& line : attempt.judged)
        if (!line.limit.id.empty()) judged.insert(line.limit.id);
  for (const auto& id : judged)
    if (covered.contains(id)) return {};
  return fail(Errc::usage, Blame::profile,
              cat(join(files, ", "), ": none of its limits is one the run was judged by (",
                  join({judged.begin(), judged.end()}, ", "), ")"));
}

}  // namespace

Result<Derivation> derive(const std::string& run_dir, const OtherEdition& other) {
  auto evidence = Evidence::read(cat(run_dir, "/", evidence_name));
  if (!evidence) return tl::unexpected(evidence.error());
  auto inputs = Inputs::from_run(run_dir, (*evidence)->segments().front().start["inputs"]);
  if (!inputs) return tl::unexpected(inputs.error());
  inputs->set_test_date(test_date_of((*evidence)->segments().front().start));
  if (auto laid = other_edition_of_limits(*inputs, other.limits); !laid)
    return tl::unexpected(laid.error());
  if (!other.catalogue.empty()) {
    auto replaced = inputs->replace("catalogue", other.catalogue);
    if (!replaced) return tl::unexpected(replaced.error());
  }
  Listener silent;
  auto record = derive_record(*evidence, *inputs, silent);
  if (!record) return tl::unexpected(record.error());
  if (auto covered = check_covered(*record, *inputs); !covered)
    return tl::unexpected(covered.error());
  return Derivation{std::move(*record), *evidence};
}

}  // namespace carebench
