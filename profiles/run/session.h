// One run, from files and addresses to a run directory: opens the bench, runs the steps, writes the
// evidence, derives run.json from it. `run --resume` goes on with an earlier one.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "probes/operator.h"
#include "profiles/run/derive.h"

namespace carebench {

struct SessionOptions {
  std::string profile;       // shipped name or path
  std::string profile_text;  // of a profile that the program wrote itself, in place of that file
  std::string job;           // "" for none
  std::string answers;       // "" for none; kept among the inputs
  std::vector<std::pair<std::string, std::string>> devices;  // NAME, ADDRESS; repeated per sample
  std::vector<std::string> only;
  std::vector<std::string> limits;  // the laboratory's own limits: files, folders of them
  std::string directory;
  bool resume = false;
  bool terminal = false;  // an operator sits at a terminal
  std::string version, build;
};

// Names and addresses against the profile: usage errors say which device is missing or surplus,
// which link it may not have, that simulated and real devices do not mix.
Result<std::vector<RunDevice>> bind_devices(const Profile& profile, const SessionOptions& options);

// Samples and instruments of the job must be devices of the profile, attested requirements of its
// scope.
Result<void> check_job(const Profile& profile, const Job& job);

// Nothing is written before all inputs are read and found good. The record is on the disk as
// DIR/run.json when this returns one.
Result<RunRecord> run_session(const SessionOptions& options, Listener& listener,
                              std::stop_token stop);

// Writes a file so that it is there whole or not at all (temporary name, fdatasync, rename).
Result<void> write_whole(const std::string& path, std::string_view text);

}  // namespace carebench
