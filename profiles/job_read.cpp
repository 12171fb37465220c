#include <algorithm>
#include <array>

#include "profiles/job.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr int deepest = 6;

// Free-form parts of the job (laboratory, customer …) are printed as given.
Json as_json(const yaml::Node& node, int depth = 0) {
  switch (node.kind()) {
    case yaml::Kind::scalar: {
      if (node.is_null()) return {};
      if (!node.quoted())
        if (const auto n = parse_double(node.text())) return *n;
      return node.text();
    }
    case yaml::Kind::list: {
      Json list = Json::array();
      if (depth < deepest)
        for (const auto& item : node.items()) list.push(as_json(item, depth + 1));
      return list;
    }
    case yaml::Kind::map: {
      Json map = Json::object();
      if (depth < deepest)
        for (const auto& [key, value] : node.entries())
          map.set(key.text(), as_json(value, depth + 1));
      return map;
    }
  }
  return {};
}

std::string date(yaml::MapReader& map, std::string_view key, Problems& problems, bool required) {
  const auto node = required ? map.required(key) : map.optional(key);
  if (!node) return {};
  if (!parse_date(node.text()))
    node.problem(problems, cat(key, ": a date is written YYYY-MM-DD, as 2026-11-21"));
  return node.text();
}

JobInstrument read_instrument(const yaml::Node& node, Problems& problems) {
  JobInstrument instrument;
  instrument.node = node;
  yaml::MapReader map(node, problems);
  instrument.device = map.text("device");
  instrument.name = map.text("name");
  instrument.serial = map.text_or("serial", "");
  instrument.certificate = map.text_or("certificate", "");
  instrument.laboratory = map.text_or("laboratory", "");
  instrument.calibrated = date(map, "calibrated", problems, false);
  instrument.due = date(map, "due", problems, false);
  for (const auto& entry : map.list_or_empty("ranges"))
    instrument.ranges.push_back(read_calibrated_range(entry, problems));
  return instrument;
}

// Words are printed as given; a list binds limits.
void read_claims(const yaml::Node& node, Job& job, Problems& problems) {
  for (const auto& item : node.items()) {
    Claim claim = read_claim(item, problems);
    if (job.claim(claim.limit))
      item.problem(problems, cat("there is a claim on ", claim.limit, " already"));
    job.claims.push_back(std::move(claim));
  }
}

}  // namespace

const Claim* Job::claim(std::string_view limit) const {
  for (const auto& entry : claims)
    if (entry.limit == limit) return &entry;
  return nullptr;
}

Limit Job::effective(const Limit& limit) const {
  const Claim* declared = claim(limit.id);
  if (!declared) return limit;
  const auto claimed = with_claim(limit, *declared);
  return claimed ? *claimed : limit;  // check_job refuses a claim that does not fit
}

const JobInstrument::Range* JobInstrument::range(std::string_view quantity) const {
  for (auto entry = ranges.rbegin(); entry != ranges.rend(); ++entry)
    if (entry->quantity == quantity) return &*entry;
  return nullptr;
}

const JobSample* Job::sample(std::string_view device) const {
  for (const auto& entry : samples)
    if (entry.device == device) return &entry;
  return nullptr;
}

const JobInstrument* Job::instrument(std::string_view device) const {
  for (const auto& entry : instruments)
    if (entry.device == device) return &entry;
  return nullptr;
}

Result<Job> Job::load(Inputs& inputs, const std::string& name_or_path) {
  auto document = inputs.document("job", name_or_path);
  if (!document) return tl::unexpected(document.error());
  Job job;
  job.given = true;
  Problems problems;
  {
    yaml::MapReader map((*document)->root(), problems);
    job.id = map.text("job");
    job.printed = Json::object();
    job.printed.set("id", job.id);
    for (const std::string_view part :
         {"report", "laboratory", "customer", "order", "product", "environment", "operators",
          "method", "deviations", "external_results", "sampling", "authorised_by", "notes"})
      if (const auto node = map.optional(part)) job.printed.set(part, as_json(node));
    if (const auto declaration = map.optional("declaration")) {
      job.printed.set("declaration", as_json(declaration));
      yaml::MapReader declared(declaration, problems);
      job.capabilities = declared.texts_or_empty("capabilities");
      if (const auto claims = declared.optional("claims");
          claims && claims.kind() == yaml::Kind::list)
        read_claims(claims, job, problems);
    }
    job.consent = map.texts_or_empty("consent");
    if (!job.consent.empty()) {
      Json list = Json::array();
      for (const auto& what : job.consent) list.push(what);
      job.printed.set("consent", std::move(list));
    }
    job.simulated = map.boolean_or("simulated", false);
    for (const auto& node : map.list_or_empty("samples")) {
      yaml::MapReader sample(node, problems);
      JobSample entry;
      entry.node = node;
      entry.device = sample.text("device");
      entry.serial = sample.text_or("serial", "");
      entry.model = sample.text_or("model", "");
      entry.label = sample.text_or("label", "");
      entry.received = date(sample, "received", problems, false);
      job.samples.push_back(std::move(entry));
    }
    for (const auto& node : map.list_or_empty("instruments"))
      job.instruments.push_back(read_instrument(node, problems));
    if (const auto rule = map.optional("decision_rule")) {
      job.decision_rule = read_rule(rule, problems);
      if (job.decision_rule && job.decision_rule->rule == DecisionRule::inherent)
        rule.problem(problems,
                     "an inherent rule belongs to a standard and its limit: name the "
                     "rule for all other limits");
    }
    constexpr std::array<std::string_view, 2> coverages = {"95.45 %", "95 %"};
    job.coverage = static_cast<CoverageProbability>(map.choice_or("coverage", coverages, 0));
    for (const auto& node : map.list_or_empty("budget"))
      job.budgets.push_back(read_laboratory_budget(node, true, problems));
    for (const auto& node : map.list_or_empty("attestations")) {
      yaml::MapReader entry(node, problems);
      JobAttestation attestation;
      attestation.node = node;
      attestation.requirement = entry.text("requirement");
      attestation.statement = entry.text("statement");
      attestation.person = entry.text("person");
      attestation.date = date(entry, "date", problems, true);
      attestation.expires = date(entry, "expires", problems, false);
      attestation.conforms = entry.boolean_or("conforms", true);
      if (const auto file = entry.optional("file")) {
        attestation.file = file.text();
        if (auto text = inputs.text("attachment", attestation.file, name_or_path); !text)
          file.problem(problems, text.error().message);
      } else {
        entry.problem("an attestation names its file: a report, a certificate, a signed statement");
      }
      job.attestations.push_back(std::move(attestation));
    }
  }
  if (!problems.empty()) return tl::unexpected(problems.as_error());
  return job;
}

}  // namespace carebench
