#include "profiles/run/record.h"

#include <algorithm>

#include "profiles/run/reference_gate.h"
#include "standards/ledger.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

std::vector<Segment> segments(const Evidence& evidence) {
  std::vector<Segment> out;
  for (const auto& segment : evidence.segments()) {
    Segment entry;
    entry.started = segment.start["started"].string();
    entry.ended = segment.end["ended"].string();
    entry.first_seq = segment.first_seq;
    entry.last_seq = segment.last_seq;
    entry.from = segment.from;
    entry.to = segment.to;
    entry.why_ended = segment.end.is_null()    ? "not recorded"
                      : segment.stop.is_null() ? "complete"
                                               : "interrupted";
    out.push_back(std::move(entry));
  }
  return out;
}

Given given(const RunSetup& setup, const Evidence& evidence) {
  const Json& start = evidence.segments().front().start;
  Given out;
  out.tool = start["tool"].string();
  out.version = start["version"].string();
  out.build = start["build"].string();
  out.host = start["host"].string();
  out.system = start["system"].string();
  out.operator_name = start["operator"].string();
  out.started = start["started"].string();
  out.ended = evidence.segments().back().end["ended"].string();
  out.segments = segments(evidence);
  for (const auto& entry : setup.inputs->entries()) out.inputs.push_back(entry.file);
  out.evidence_sha256 = evidence.sha256();
  out.evidence_bytes = evidence.file().size();
  out.evidence_packets = evidence.packets();
  out.torn_bytes = evidence.torn_bytes();
  return out;
}

std::vector<SampleRecord> samples(const RunSetup& setup, const Evidence& evidence) {
  std::vector<SampleRecord> out;
  for (const auto& device : setup.devices) {
    SampleRecord sample;
    sample.name = device.name;
    sample.address = device.is_operator ? "operator" : device.address;
    sample.role = to_string(device.spec->role);
    if (const auto* entry = setup.job->sample(device.name)) {
      sample.serial = entry->serial;
      sample.model = entry->model;
      sample.label = entry->label;
    }
    if (device.given && !device.is_operator) {
      const auto& open = evidence.opens()[device.channel];
      if (open.facts)
        sample.facts = to_json(*open.facts);
      else if (open.failed)
        sample.facts = Json::object().set("failed", error_json(*open.failed));
    }
    out.push_back(std::move(sample));
  }
  return out;
}

std::string with_unit(double value, Unit unit) {
  return cat(value, unit.symbol().empty() ? "" : " ", unit.symbol());
}

void add(std::string& list, const std::string& entry) {
  list += cat(list.empty() ? "" : "; ", entry);
}

std::vector<InstrumentRecord> instruments(const Job& job, Days days) {
  std::vector<InstrumentRecord> out;
  for (const auto& entry : job.instruments) {
    InstrumentRecord record;
    record.id = entry.device;
    record.name = entry.name;
    record.serial = entry.serial;
    record.certificate = entry.certificate;
    record.laboratory = entry.laboratory;
    record.calibrated = entry.calibrated;
    record.due = entry.due;
    record.state = calibration_state(entry.calibration(), days.first, days.last);
    for (const auto& range : entry.ranges) {
      add(record.quantity,
          cat(range.quantity, " ", range.low, " … ", with_unit(range.high, range.unit)));
      if (range.expanded_uncertainty > 0)
        add(record.expanded_uncertainty,
            cat(range.quantity, ": U = ", with_unit(range.expanded_uncertainty, range.unit),
                " (k = ", range.coverage_factor, ")"));
      for (const auto& point : range.points)
        add(record.points,
            cat(range.quantity, " ", with_unit(point.at, range.unit), ": error ", point.error,
                ", U ", point.expanded_uncertainty, " (k = ", point.coverage_factor, ")"));
    }
    out.push_back(std::move(record));
  }
  return out;
}

Days days_of_run(const RunSetup& setup, const Evidence& evidence) {
  return days_of(setup.unix_base_ns, evidence.segments().front().from, evidence.last_stamp());
}

// What a reference instrument does not bear, each reason once.
void add_unfit(const RunSetup& setup, const RunRecord& record, const Evidence& evidence,
               std::vector<Text2>& why) {
  std::vector<Text2> told;
  const auto tell = [&](const Text2& reason, const Text2& said) {
    if (std::any_of(told.begin(), told.end(),
                    [&](const Text2& other) { return other.en == reason.en; }))
      return;
    told.push_back(reason);
    why.push_back(said);
  };
  const Days days = days_of_run(setup, evidence);
  for (const auto& instrument : setup.job->instruments) {
    const auto state = calibration_state(instrument.calibration(), days.first, days.last);
    if (state == "valid") continue;
    const Text2 reason =
        of_instrument(instrument, calibration_problem(instrument.calibration(), state));
    tell(reason, reason);
  }
  for (const auto& step : record.steps)
    for (const auto& attempt : step.attempts)
      for (const auto& reason : attempt.unfit)
        tell(reason,
             {cat("步骤 ", step.id, "：", reason.zh), cat("step ", step.id, ": ", reason.en)});
}

std::vector<Text2> not_signable(const RunSetup& setup, const RunRecord& record,
                                const Evidence& evidence) {
  std::vector<Text2> why;
  if (record.simulated)
    why.push_back(
        {"仿真运行：来自虚拟设备或伪终端的结果不是检测结果",
         "a simulation: what comes from a virtual device or a pseudo-terminal is no test"});
  if (!setup.job->given)
    why.push_back({"没有委托任务文件（--job）", "there is no job file (--job)"});
  if (record.state != "complete")
    why.push_back({cat("运行不完整：", record.state), cat("the run is not whole: ", record.state)});
  add_unfit(setup, record, evidence, why);
  return why;
}

void add_attestations(const RunSetup& setup, const std::string& started,
                      std::vector<LedgerEntry>& entries) {
  for (const auto& attestation : setup.job->attestations) {
    LedgerEntry entry;
    entry.requirement = attestation.requirement;
    entry.kind = ResultKind::attested;
    entry.finding = Finding::of(attestation.conforms ? Verdict::pass : Verdict::fail);
    entry.step = attestation.file;
    const auto by = cat(attestation.person, ", ", attestation.date);
    entry.reason = {cat(attestation.statement, "（", by, "）"),
                    cat(attestation.statement, " (", by, ")")};
    const auto expires = parse_date(attestation.expires);
    const auto today = parse_date(std::string_view(started).substr(0, 10));
    if (expires && today && *today > *expires) {
      entry.finding = Finding::without(Reason::not_tested);
      entry.reason = {cat("证明文件已于 ", attestation.expires, " 过期"),
                      cat("the attestation expired on ", attestation.expires)};
    }
    entries.push_back(std::move(entry));
  }
}

// Clock readings taken along the run: a step of the wall clock shows here and in no latency.
void note_clock_steps(const Evidence& evidence, std::vector<std::string>& notes) {
  constexpr double tolerance_s = 0.5;
  const auto& readings = evidence.clock_readings();
  for (std::size_t i = 1; i < readings.size(); ++i) {
    const auto passed = [&](std::string_view clock) {
      return (readings[i][clock].number() - readings[i - 1][clock].number()) * 1e-9;
    };
    if (readings[i]["boot_id"].string() != readings[i - 1]["boot_id"].string()) continue;
    const double stepped = passed("realtime_ns") - passed("monotonic_ns");
    const double slept = passed("boottime_ns") - passed("monotonic_ns");
    if (std::abs(stepped) > tolerance_s && std::abs(slept) <= tolerance_s)
      notes.push_back(cat("the wall clock was stepped by ", round_significant(stepped, 3), " s"));
    if (slept > tolerance_s)
      notes.push_back(cat("the bench slept for ", round_significant(slept, 3), " s"));
  }
}

}  // namespace

RunRecord assemble_record(const RunSetup& setup, const RunOutcome& outcome,
                          const Evidence& evidence) {
  const Profile& profile = *setup.profile;
  RunRecord record;
  record.given = given(setup, evidence);
  record.profile = profile.id;
  record.profile_version = profile.version;
  record.profile_sha256 = profile.sha256;
  record.title = profile.title;
  if (profile.requirements) {
    record.scope = cat(profile.catalogue, "/", profile.category);
    record.catalogue_id = profile.requirements->document_id;
    record.catalogue_title = profile.requirements->title;
  }
  record.job = setup.job->printed;
  if (const auto& rule = setup.job->decision_rule) {
    record.decision_rule = to_string(rule->rule);
    if (rule->rule == DecisionRule::guarded_fraction) record.guard_factor = rule->r;
  }
  record.simulated = setup.job->simulated;
  for (const auto& segment : evidence.segments())
    for (const auto& open : evidence.opens_at(segment.first_seq))
      if (open.facts && open.facts->simulated) record.simulated = true;
  record.samples = samples(setup, evidence);
  record.instruments = instruments(*setup.job, days_of_run(setup, evidence));
  record.coverage = probability(setup.job->coverage);
  record.steps = outcome.steps;
  record.prompts = outcome.prompts;
  record.notes = outcome.notes;
  record.errors = outcome.errors;
  note_clock_steps(evidence, record.notes);
  if (evidence.torn_bytes() > 0)
    record.notes.push_back(cat("the evidence was cut off inside a block: its last ",
                               evidence.torn_bytes(), " octets are not used"));

  const auto& last = record.given.segments.back();
  record.state = outcome.interrupted || last.why_ended != "complete" ? "interrupted"
                 : setup.only.empty()                                ? "complete"
                                                                     : "partial";
  std::vector<LedgerEntry> entries;
  for (const auto& step : record.steps) {
    record.tally.add(step.finding);
    if (step.requirement.empty()) continue;
    entries.push_back({step.requirement, ResultKind::measured, step.finding,
                       step.sample.empty() ? step.id : cat(step.id, " (", step.sample, ")"),
                       step.reason});
  }
  add_attestations(setup, record.given.started, entries);
  if (profile.requirements)
    record.ledger =
        collect(*profile.requirements, profile.category, setup.job->capabilities, entries);
  record.not_signable = not_signable(setup, record, evidence);

  record.exit_code = record.tally.exit_code();
  if (!record.errors.empty() && record.exit_code != exit_status::failed)
    record.exit_code = exit_status::could_not_test;
  for (const auto& error : record.errors)
    if (error.code == Errc::diverged || error.code == Errc::tampered || error.code == Errc::io)
      record.exit_code = exit_code(error.code);
  if (record.state == "interrupted" && record.exit_code != exit_status::tampered)
    record.exit_code = exit_status::interrupted;
  return record;
}

}  // namespace carebench
