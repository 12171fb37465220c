// The evidence writer: everything that came in from outside and everything that was asked, in one
// order (design section 7). One file, one writer; a packet's id is its run-wide `seq`.
//
// Interfaces of every section, in this order: 0 "run"; one "lane NAME" per lane (operations,
// outcomes, time-outs, prompts, as JSON); then per channel "channel NAME" (octets as they came and
// went) and "events NAME" (lost link, as JSON). A resumed run appends a section with the same
// interfaces.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "probes/capture/pcapng.h"
#include "probes/link.h"
#include "standards/vocab/digest.h"
#include "standards/vocab/json.h"

namespace carebench {

struct EvidenceLayout {
  std::vector<std::string> lanes;
  struct Channel {
    std::string name, address;
    OctetKind octets = OctetKind::serial;
  };
  std::vector<Channel> channels;

  static constexpr std::uint32_t run = 0;
  std::uint32_t lane(std::size_t i) const { return static_cast<std::uint32_t>(1 + i); }
  std::uint32_t octets(std::size_t channel) const {
    return static_cast<std::uint32_t>(1 + lanes.size() + 2 * channel);
  }
  std::uint32_t events(std::size_t channel) const { return octets(channel) + 1; }
};
pcapng::LinkType link_type(OctetKind octets);

class Recorder {
 public:
  struct Resume {
    std::uint64_t keep_bytes = 0;  // the file is cut to its last whole block
    std::uint64_t next_seq = 1;
  };
  // Creates `path` (which must not exist) or continues it, locked against other processes
  // (Errc::busy names the one that writes it). `unix_base_ns`: the wall clock at stamp
  // 0.
  static Result<std::unique_ptr<Recorder>> open(const std::string& path,
                                                const EvidenceLayout& layout,
                                                std::int64_t unix_base_ns, const Resume* resume);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Appends one packet and gives its seq. Thread-safe. Costs no system call; after an I/O error
  // nothing more is written and status() holds the error.
  std::uint64_t octets(std::uint32_t interface_id, Stamp stamp, pcapng::Direction direction,
                       ByteView octets);
  std::uint64_t event(std::uint32_t interface_id, Stamp stamp, const Json& json);

  // Seals what was written so far (SHA-256 over every octet before the seal) and returns when it is
  // on the disk. Errc::io when it is not: the step is then not acknowledged.
  Result<void> acknowledge();
  Result<void> status() const;
  const EvidenceLayout& layout() const { return layout_; }
  std::uint64_t last_seq() const;

 private:
  Recorder(int fd, std::string path, EvidenceLayout layout, std::int64_t base, std::uint64_t seq);
  std::uint64_t append(std::uint32_t interface_id, Stamp stamp, pcapng::Direction direction,
                       ByteView header, ByteView body);
  Result<void> sync(bool seal);
  void sync_every_second(std::stop_token stop);

  int fd_;
  std::string path_;
  EvidenceLayout layout_;
  std::int64_t unix_base_ns_;
  Bytes json_header_, data_header_;

  mutable std::mutex mutex_;  // guards what follows; held for copying only
  Bytes buffer_;
  std::uint64_t next_seq_;
  Stamp last_stamp_;
  bool failed_ = false;
  Error failure_;

  std::mutex io_mutex_;  // one writer at a time; taken before mutex_
  Bytes writing_;
  Sha256 digest_;
  bool unsynced_ = false;
  std::condition_variable_any wake_;
  std::jthread syncer_;  // last: stops before the rest goes
};

}  // namespace carebench
