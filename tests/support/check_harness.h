// Runs one check against virtual devices in virtual time, without profile and runner: what a check
// measures, and what it refuses, can be tested before and apart from them. Everything still passes
// a real bench, lane and recorder (on a temporary file).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "profiles/context.h"

namespace carebench::test {

struct HarnessDevice {
  std::string address;   // "sim:r60abd1-monitor?fault=bad_checksum"; "operator": typed readings
  std::string protocol;  // "r60abd1", or "" for none
  std::string role = "test";
  std::string name = "dut";
  std::string serial = {};  // of the sample, as the job would say
  std::string label = {};
};

struct CheckRun {
  std::string check;  // "identifier/present"
  std::string with;   // YAML of the step's `with:`
  std::vector<HarnessDevice> devices;
  std::string answers;  // YAML of an answers file, or ""
  std::vector<std::string> consent;
  std::map<std::string, std::string, std::less<>> files;  // what input_file() finds
  Duration timeout = seconds(1200);
};

struct CheckResult {
  std::optional<Error> error;  // of the parameters, the lint hook, the opening or the check
  std::vector<Measurement> measurements;
  std::vector<Figure> figures;
  std::vector<std::string> notes;
  Stamp ended;

  const Measurement* find(std::string_view output) const;
  // What was measured under that name; nothing when it was not, or is of another kind.
  std::optional<double> number(std::string_view output) const;
  std::optional<bool> truth(std::string_view output) const;
  std::optional<std::string> text(std::string_view output) const;
  std::string summary() const;  // all of it in one line, for messages of failing tests
};

CheckResult run_check(const CheckRun& run);
// What parameters and lint hook say about the step; "" when they are content.
std::string lint_check(const CheckRun& run);

}  // namespace carebench::test
