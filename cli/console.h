// What a person reads on the terminal: progress while steps run, and tables.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "profiles/run/runner.h"

namespace carebench {

// Columns padded by display width (Chinese takes two cells); the last column is not padded.
std::string table(const std::vector<std::vector<std::string>>& rows);

// Prints a line when a step ends; on a terminal a progress line while it runs.
class ConsoleListener final : public Listener {
 public:
  ConsoleListener(bool terminal, bool quiet) : terminal_(terminal), quiet_(quiet) {}
  void step_started(const StepSpec& step, const std::string& sample) override;
  void progress(const StepSpec& step, const std::string& sample, double share) override;
  void step_finished(const StepRecord& record) override;

 private:
  void line(const std::string& text);
  bool terminal_, quiet_;
  std::mutex mutex_;
  std::string last_;
};

// The verdict table of a run, its counts and what stands in the way of signing it.
std::string verdict_table(const RunRecord& record);
std::string counts(const Tally& tally);

}  // namespace carebench
