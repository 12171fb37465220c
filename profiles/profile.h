// A test profile: which devices, which steps in which order, judged against which limits, and what
// makes the devices safe. Read and checked as a whole before anything is touched.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/protocol.h"
#include "profiles/check.h"
#include "profiles/context.h"
#include "profiles/laboratory_budget.h"
#include "profiles/run/inputs.h"
#include "standards/catalogue.h"
#include "standards/limit.h"

namespace carebench {

enum class DeviceRole { under_test, reference, stimulus };
std::string_view to_string(DeviceRole role);

struct DeviceSpec {
  std::string name;
  DeviceRole role = DeviceRole::under_test;
  std::vector<std::string> links;  // address schemes it may be given; "operator": typed readings
  std::shared_ptr<const Protocol> protocol;  // or null
  int samples = 1;
  bool optional = false;  // an instrument that a run may do without
  GattManners gatt;
  Origin at;
};

// What makes a device safe; runs on every way out (design law 11).
struct SafeAction {
  enum class Kind { disconnect, send, write_register, prompt } kind = Kind::disconnect;
  std::string device;
  std::string message, register_name;
  FieldInputs fields;
  double value = 0;
  Text2 prompt;
  Origin at;
};

struct JudgeLine {
  std::string value;           // an output's name, with or without its quantity
  std::optional<Limit> limit;  // none: the check's built-in expectation
  Origin at;
};

struct StepSpec {
  std::string id;
  Text2 title;
  const Check* check = nullptr;
  std::string requirement;                                          // or ""
  std::map<std::string, std::vector<std::string>, std::less<>> on;  // role -> device names
  bool all = false;                                                 // one step over all samples
  std::string when;  // capability the vendor must declare for it to apply, or ""
  std::vector<std::string> needs;
  std::optional<Duration> timeout;
  int attempts = 1;
  enum class Attempts { all, any, last } attempts_judged = Attempts::all;
  Params with;
  std::vector<JudgeLine> judge;
  std::vector<LaboratoryBudget> budgets;
  Origin at;

  const Output* output(std::string_view value) const;  // of a judge line's value
};

struct Profile {
  std::string id, version, sha256;
  Text2 title;
  std::string catalogue, category;  // "miit-2024", "3.2"; "" for none
  std::optional<Catalogue> requirements;
  std::vector<DeviceSpec> devices;
  std::vector<SafeAction> safe;
  std::vector<StepSpec> steps;
  std::string file;  // as named by the user
  std::shared_ptr<const yaml::Document> document;

  const DeviceSpec* device(std::string_view name) const;
  // Reads it and everything it names through `inputs`. All problems at once, with positions.
  static Result<Profile> load(Inputs& inputs, const std::string& name_or_path);
};

}  // namespace carebench
