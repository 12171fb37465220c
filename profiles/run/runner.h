// Runs a profile's steps in a world and gives their records. The same code serves a live run and
// its derivation; what it does follows from profile, job, selection and the world's answers alone.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "profiles/job.h"
#include "profiles/profile.h"
#include "profiles/run/world.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// What the engine tells while it works; it never prints itself. Called from several lanes.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void step_started(const StepSpec&, const std::string& /*sample*/) {}
  virtual void progress(const StepSpec&, const std::string& /*sample*/, double /*share*/) {}
  virtual void step_finished(const StepRecord&) {}
  virtual void told(const std::string& /*message*/) {}
};

// Which devices a run has: one entry per sample, instrument or stimulus, in the order of the
// profile.
struct RunDevice {
  std::string name;  // "dut", "dut#2"
  const DeviceSpec* spec = nullptr;
  std::size_t sample = 0;  // 0-based
  std::string address;     // "" when it is a role of the operator
  bool is_operator = false;
  bool given = false;     // -d names it
  ChannelId channel = 0;  // valid when given and no operator
};

struct RunSetup {
  const Profile* profile = nullptr;
  const Job* job = nullptr;
  std::vector<RunDevice> devices;
  std::set<std::string, std::less<>> only;  // step ids; empty: all
  Inputs* inputs = nullptr;
  std::int64_t unix_base_ns = 0;  // the wall clock at stamp 0, as the evidence has it
};

struct RunOutcome {
  std::vector<StepRecord> steps;
  std::vector<PromptRecord> prompts;
  std::vector<std::string> notes;  // safe actions
  std::vector<Error> errors;       // of the run as a whole: I/O, a safe action that failed
  bool interrupted = false;
};

// Names of the lanes: "all", then one per sample of the device under test.
std::vector<std::string> lane_names(const Profile& profile);

RunOutcome run_steps(const RunSetup& setup, World& world, Listener& listener);

// What stands in the way of a step before it is begun; what it would do, for `plan`.
struct StepInstance {
  const StepSpec* step = nullptr;
  std::string sample;  // name of the device under test it serves; "" for none
  std::size_t lane = 0;
  std::size_t sample_index = 0;
};
std::vector<StepInstance> step_instances(const Profile& profile);

}  // namespace carebench
