// The job: who tests what for whom, with which instruments, under which decision rule. What the
// vendor declares and the laboratory decides stands here and never in the profile.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "profiles/context.h"
#include "profiles/laboratory_budget.h"
#include "profiles/run/inputs.h"
#include "standards/calibration.h"
#include "standards/limit.h"

namespace carebench {

struct JobSample {
  std::string device;  // "dut", "dut#2"
  std::string serial, model, label, received;
  yaml::Node node;
};

struct JobInstrument {
  std::string device;  // name in the profile
  std::string name, serial, certificate, laboratory, calibrated, due;
  using Range = CalibratedRange;
  std::vector<Range> ranges;
  Calibration calibration() const { return {certificate, calibrated, due}; }
  const Range* range(std::string_view quantity) const;  // the last one given; or nullptr
  yaml::Node node;
};

struct JobAttestation {
  std::string requirement, statement, file, person, date, expires;
  bool conforms = true;
  yaml::Node node;
};

struct Job {
  std::string id;
  Json printed;  // laboratory, customer, order, product, environment, operators: as given
  std::vector<std::string> capabilities;  // declared by the vendor
  std::vector<std::string> consent;       // destructive tests the customer consented to in writing
  std::vector<JobSample> samples;
  std::vector<JobInstrument> instruments;
  std::vector<JobAttestation> attestations;
  std::vector<Claim> claims;  // what the manufacturer declares for limits
  std::optional<AgreedRule> decision_rule;
  CoverageProbability coverage = CoverageProbability::p9545;  // that k stands for
  std::vector<LaboratoryBudget> budgets;                      // of steps of the profile
  bool given = false;                                         // false: there is no job file
  bool simulated = false;                                     // the job says so itself

  const JobSample* sample(std::string_view device) const;
  const Claim* claim(std::string_view limit) const;
  // The limit as it judges in this job: with the manufacturer's claim on it, where there is one.
  Limit effective(const Limit& limit) const;
  const JobInstrument* instrument(std::string_view device) const;
  static Result<Job> load(Inputs& inputs, const std::string& name_or_path);
};

}  // namespace carebench
