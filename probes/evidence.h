// The evidence as read back: one pass over the file checks every block and seal and notes where
// each attempt of each step stands, so that a replayed lane can start there.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/link.h"
#include "probes/recorder.h"

namespace carebench {

// The records that frame a run, on interface "run" and on the lanes:
//   run   {"start": {…}} {"open": name, "channel": n, "facts"|"failed"} {"clock": {…}} {"stop":
//   why}
//         {"end": {…}} {"seal": sha256}
//   lane  {"step": id, "sample": s, "attempt": n, "begin": true, "channels": [..]} … its requests
//   and
//         outcomes … {"step_end": id, "state": "complete|error|interrupted"}
//         {"continue": id, …} where a resumed run goes on inside an attempt
struct StretchOfAttempt {
  std::uint64_t offset = 0;  // of the first block after the record that begins or continues it
  std::uint64_t end = 0;     // offset behind its last block (of the file or of the section)
  std::uint64_t seq = 0;     // of that first record
  Stamp from;
  bool continued = false;
};

struct AttemptEvidence {
  std::string step, sample;
  int attempt = 1;
  std::size_t lane = 0;
  std::vector<StretchOfAttempt> stretches;
  bool ended = false;  // its step_end is there: it was acknowledged
};

struct SegmentEvidence {
  Json start, end, stop;  // null when not recorded
  std::uint64_t first_seq = 0, last_seq = 0;
  Stamp from, to;
};

struct OpenEvidence {
  std::optional<Facts> facts;
  std::optional<Error> failed;
};

class Evidence {
 public:
  // Maps the file and reads it once. Errc::io when it cannot be read, bad_input when it is no
  // evidence, tampered when a seal does not fit; a torn end is no error (torn_bytes says it).
  static Result<std::shared_ptr<const Evidence>> read(const std::string& path);
  ~Evidence();

  ByteView file() const { return file_; }
  const EvidenceLayout& layout() const { return layout_; }
  std::int64_t unix_base_ns() const { return unix_base_ns_; }
  const std::vector<SegmentEvidence>& segments() const { return segments_; }
  const std::vector<AttemptEvidence>& attempts() const { return attempts_; }
  const AttemptEvidence* find(std::string_view step, std::string_view sample, int attempt) const;
  // The last opening of each channel; a channel never opened has neither facts nor failure.
  const std::vector<OpenEvidence>& opens() const { return opens_; }
  // The openings of the segment that packet `seq` stands in.
  const std::vector<OpenEvidence>& opens_at(std::uint64_t seq) const;
  std::uint64_t whole_bytes() const { return whole_bytes_; }
  std::uint64_t torn_bytes() const { return file_.size() - whole_bytes_; }
  std::uint64_t packets() const { return packets_; }
  std::uint64_t last_seq() const { return last_seq_; }
  Stamp last_stamp() const { return last_stamp_; }
  // Nothing after the last seal but what a killed run leaves; true for a run that ended.
  bool sealed_to_the_end() const { return sealed_; }
  const std::string& sha256() const { return sha256_; }
  const std::vector<Json>& clock_readings() const { return clocks_; }

 private:
  friend class EvidenceReader;
  Evidence() = default;
  ByteView file_;
  EvidenceLayout layout_;
  std::int64_t unix_base_ns_ = 0;
  std::vector<SegmentEvidence> segments_;
  std::vector<AttemptEvidence> attempts_;
  std::vector<OpenEvidence> opens_;
  std::vector<std::vector<OpenEvidence>> opens_of_segments_;
  std::vector<Json> clocks_;
  std::uint64_t whole_bytes_ = 0, packets_ = 0, last_seq_ = 0;
  Stamp last_stamp_;
  bool sealed_ = false;
  std::string sha256_;
};

Json error_json(const Error& error);
Error error_from(const Json& json);

}  // namespace carebench
