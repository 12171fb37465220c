#include "tests/support/check_harness.h"

#include <unistd.h>

#include <cstdlib>

#include "probes/clock.h"
#include "probes/live_lane.h"
#include "standards/vocab/text.h"

namespace carebench::test {
namespace {

// A folder that goes with its contents.
struct Scratch {
  Scratch() {
    char pattern[] = "/tmp/carebench-check-XXXXXX";
    if (::mkdtemp(pattern)) path = pattern;
  }
  ~Scratch() {
    ::unlink(evidence().c_str());
    ::rmdir(path.c_str());
  }
  std::string evidence() const { return path + "/evidence.pcapng"; }
  std::string path;
};

// Everything of a run that is known before a device is opened.
struct Prepared {
  const Check* check = nullptr;
  std::shared_ptr<const yaml::Document> document;
  Params with;
  std::vector<std::shared_ptr<const Protocol>> protocols;  // parallel to the devices
};

Result<Prepared> prepare(const CheckRun& run) {
  Prepared prepared;
  prepared.check = find_check(run.check);
  if (!prepared.check)
    return fail(Errc::internal, Blame::tool, cat("no check \"", run.check, "\""));
  auto document = yaml::Document::parse("with", run.with.empty() ? "{}" : run.with);
  if (!document) return tl::unexpected(document.error());
  prepared.document = std::move(*document);
  Problems problems;
  prepared.with = Params::read(prepared.document->root(), prepared.check->params, problems, {});
  for (const HarnessDevice& device : run.devices) {
    if (device.protocol.empty()) {
      prepared.protocols.push_back(nullptr);
      continue;
    }
    auto protocol = Protocol::load(device.protocol);
    if (!protocol) return tl::unexpected(protocol.error());
    prepared.protocols.push_back(std::move(*protocol));
  }
  const StepView view{prepared.with,
                      {},
                      [&](std::string_view role) -> const Protocol* {
                        for (std::size_t i = 0; i < run.devices.size(); ++i)
                          if (run.devices[i].role == role) return prepared.protocols[i].get();
                        return nullptr;
                      },
                      [&](std::string_view role) {
                        for (const HarnessDevice& device : run.devices)
                          if (device.role == role) return true;
                        return false;
                      }};
  if (problems.empty() && prepared.check->lint) prepared.check->lint(view, problems);
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return prepared;
}

Result<std::unique_ptr<Operator>> answering(const CheckRun& run) {
  if (run.answers.empty()) return std::unique_ptr<Operator>();
  const auto document = yaml::Document::parse("answers", run.answers);
  if (!document) return tl::unexpected(document.error());
  return answers_operator(**document, nullptr);
}

Result<void> run_prepared(const CheckRun& run, const Prepared& prepared, CheckResult& result) {
  Scratch scratch;
  VirtualClock clock;
  EvidenceLayout layout;
  layout.lanes = {"dut"};
  std::vector<std::size_t> channels(run.devices.size(), 0);
  for (std::size_t i = 0; i < run.devices.size(); ++i) {
    if (run.devices[i].address == "operator") continue;
    channels[i] = layout.channels.size();
    const auto address = Address::parse(run.devices[i].address);
    if (!address) return tl::unexpected(address.error());
    layout.channels.push_back({run.devices[i].name, run.devices[i].address,
                               link_driver(address->scheme)->octets(*address)});
  }
  auto recorder = Recorder::open(scratch.evidence(), layout, 0, nullptr);
  if (!recorder) return tl::unexpected(recorder.error());
  auto answers = answering(run);
  if (!answers) return tl::unexpected(answers.error());
  Bench bench(**recorder, clock, answers->get());

  Context::Setup setup;
  std::vector<ChannelId> opened;
  for (std::size_t i = 0; i < run.devices.size(); ++i) {
    const HarnessDevice& device = run.devices[i];
    const auto channel = static_cast<ChannelId>(channels[i]);
    const bool is_operator = device.address == "operator";
    if (!is_operator) {
      const auto address = Address::parse(device.address);
      if (!address) return tl::unexpected(address.error());
      if (auto open = bench.open(channel, *address); !open) return open;
      opened.push_back(channel);
    }
    setup.roles[device.role].push_back({device.name,
                                        is_operator,
                                        channel,
                                        prepared.protocols[i],
                                        device.label,
                                        device.serial,
                                        {}});
  }
  const auto lane = bench.lane(0, {});
  lane->begin(Json::object().set("step", "T-1").set("begin", true), opened);
  setup.lane = lane.get();
  setup.check = prepared.check;
  setup.with = &prepared.with;
  setup.deadline = lane->now() + run.timeout;
  setup.destructive_consent = run.consent;
  setup.input_file = [&](std::string_view name) -> Result<std::string> {
    const auto file = run.files.find(name);
    if (file != run.files.end()) return file->second;
    return fail(Errc::bad_input, Blame::profile, cat("no file \"", name, "\""));
  };
  Context context(std::move(setup));
  auto done = prepared.check->run(context);
  result.measurements = std::move(context.measurements);
  result.figures = std::move(context.figures);
  result.notes = std::move(context.notes);
  result.ended = clock.now();
  return done;
}

}  // namespace

const Measurement* CheckResult::find(std::string_view output) const {
  for (const Measurement& measurement : measurements)
    if (measurement.name == output) return &measurement;
  return nullptr;
}

std::optional<double> CheckResult::number(std::string_view output) const {
  const Measurement* found = find(output);
  const auto* value = found ? std::get_if<Quantity>(&found->value) : nullptr;
  return value ? std::optional(value->value) : std::nullopt;
}

std::optional<bool> CheckResult::truth(std::string_view output) const {
  const Measurement* found = find(output);
  const auto* value = found ? std::get_if<bool>(&found->value) : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::string> CheckResult::text(std::string_view output) const {
  const Measurement* found = find(output);
  const auto* value = found ? std::get_if<std::string>(&found->value) : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

std::string CheckResult::summary() const {
  std::string out;
  for (const Measurement& m : measurements) {
    out += cat(m.name, " = ", value_text(m), "; ");
    if (!m.note.empty()) out += cat("(", m.note, ") ");
  }
  for (const std::string& note : notes) out += cat("note: ", note, "; ");
  if (error) out += cat("error: ", error->text());
  return out;
}

CheckResult run_check(const CheckRun& run) {
  CheckResult result;
  const auto prepared = prepare(run);
  if (!prepared) {
    result.error = prepared.error();
    return result;
  }
  if (auto done = run_prepared(run, *prepared, result); !done) result.error = done.error();
  return result;
}

std::string lint_check(const CheckRun& run) {
  const auto prepared = prepare(run);
  return prepared ? std::string() : prepared.error().text();
}

}  // namespace carebench::test
