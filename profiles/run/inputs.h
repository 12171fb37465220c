// What a run stands on besides the evidence: profile, job, answers, protocols, limits, catalogue,
// reference files. Live, they come from the user's disk or ship with the program and are kept as
// read; in a derivation they come from the run directory's inputs/ and from nowhere else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/run_record.h"
#include "standards/vocab/yaml.h"

namespace carebench {

class Inputs {
 public:
  struct Entry {
    InputFile file;    // path below the run directory, origin, role, sha256
    std::string name;  // as it was asked for
    std::string text;
  };

  // Live: relative paths are looked up beside the file that names them.
  Inputs() = default;
  // Derivation: `listed` as the evidence names them; each is read from `run_dir` and its hash
  // checked (Errc::tampered names the file).
  static Result<Inputs> from_run(const std::string& run_dir, const Json& listed);
  // A derivation under another edition: every entry of this role is replaced by the shipped file of
  // the same name in place of "shipped", or by the file at `path` that has the same base name.
  Result<void> replace(std::string_view role, const std::string& path);

  // `role`: profile, job, answers, protocol, limits, own_limits, catalogue, device, reference,
  // attachment.
  // `name`: a path (has '/' or a suffix), or the name of a shipped file of that role ("r60abd1").
  // `beside`: the file whose folder relative paths start from.
  Result<std::string> text(std::string_view role, std::string_view name,
                           std::string_view beside = {});
  Result<std::shared_ptr<const yaml::Document>> document(std::string_view role,
                                                         std::string_view name,
                                                         std::string_view beside = {});
  // A file that nobody asks for by name: the laboratory's own limits. Also into a derivation.
  Result<void> add(std::string_view role, const std::string& path);
  // A text that the program wrote itself, as if a file `name` held it.
  void put(std::string_view role, std::string_view name, std::string text);
  // The day of the test ("2026-11-21"), which decides between editions of a limit; "" = no day.
  const std::string& test_date() const { return test_date_; }
  void set_test_date(std::string date) { test_date_ = std::move(date); }
  const std::vector<Entry>& entries() const { return entries_; }
  // [{"path", "origin", "role", "name", "sha256"}] for the start record.
  Json listing() const;
  // Writes every entry below `run_dir`.
  Result<void> store(const std::string& run_dir) const;

 private:
  Result<Entry*> find(std::string_view role, std::string_view name, std::string_view beside);
  std::vector<Entry> entries_;
  std::vector<std::shared_ptr<const yaml::Document>> documents_;  // parallel to entries_
  std::string test_date_;
  bool closed_ = false;
};

// Today's date where the bench stands, "2026-11-21": what counts as the day of a test.
std::string local_date();
// The day of a recorded run, from its start record.
std::string test_date_of(const Json& start);

// The shipped names of a role, for suggestions: "r60abd1", "nmea0183", …
std::vector<std::string> shipped_names(std::string_view role);

}  // namespace carebench
