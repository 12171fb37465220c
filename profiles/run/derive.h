// run.json is a function of inputs and evidence, and of nothing else (design law 2): this is it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probes/evidence.h"
#include "profiles/run/runner.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// What a run is made of, put together from a run directory.
struct Derivation {
  RunRecord record;
  std::shared_ptr<const Evidence> evidence;
};

// Other editions to judge by (`carebench judge`); empty: as the run was.
struct OtherEdition {
  std::vector<std::string> limits;  // "shipped", files, folders of them
  std::string catalogue;
};

// Reads DIR/evidence.pcapng and DIR/inputs and derives the record. Errc::tampered names the file
// that was changed; a file that was cut off is no error.
Result<Derivation> derive(const std::string& run_dir, const OtherEdition& other = {});

// The same from an open evidence and its inputs, with a listener.
Result<RunRecord> derive_record(std::shared_ptr<const Evidence> evidence, Inputs& inputs,
                                Listener& listener);

// The devices of a run as its start record names them.
Result<std::vector<RunDevice>> run_devices(const Profile& profile, const Json& listed);

inline constexpr const char* evidence_name = "evidence.pcapng";
inline constexpr const char* record_name = "run.json";

}  // namespace carebench
