#include "probes/evidence.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "standards/vocab/text.h"

namespace carebench {

Json error_json(const Error& error) {
  return Json::object()
      .set("code", to_string(error.code))
      .set("blame", to_string(error.blame))
      .set("message", error.message);
}

Error error_from(const Json& json) {
  return {errc_from(json["code"].string()),
          blame_from(json["blame"].string()),
          json["message"].string(),
          {},
          {}};
}

// Builds an Evidence in one pass.
class EvidenceReader {
 public:
  explicit EvidenceReader(std::string path) : path_(std::move(path)), evidence_(new Evidence) {}

  Result<std::shared_ptr<const Evidence>> read() {
    if (auto mapped = map(); !mapped) return tl::unexpected(mapped.error());
    pcapng::Reader reader(evidence_->file_);
    pcapng::Block block;
    while (reader.next(block)) {
      if (auto taken = take(reader, block); !taken) return tl::unexpected(taken.error());
    }
    if (!reader.error().empty() && !zeros_from(reader.position())) return changed(reader.error());
    evidence_->whole_bytes_ = reader.position();
    digest_to(reader.position());
    if (evidence_->segments_.empty() || evidence_->segments_[0].start.is_null())
      return fail(Errc::bad_input, Blame::bench,
                  cat(path_, ": no evidence of a run: it holds no start record"));
    evidence_->sha256_ = digest_of_file();
    close_stretches(evidence_->whole_bytes_);
    return std::shared_ptr<const Evidence>(std::move(evidence_));
  }

 private:
  Result<void> map() {
    const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (fd < 0 || ::fstat(fd, &info) != 0) {
      const int error = errno;
      if (fd >= 0) ::close(fd);
      return fail(Errc::io, Blame::bench, cat("cannot read ", path_, ": ", std::strerror(error)));
    }
    void* at = MAP_FAILED;
    const auto size = static_cast<std::size_t>(info.st_size);
    if (S_ISREG(info.st_mode) && size > 0)
      at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    ::close(fd);
    if (at == MAP_FAILED)
      return fail(Errc::bad_input, Blame::bench, cat(path_, ": empty, or no regular file"));
    (void)::madvise(at, size, MADV_SEQUENTIAL);
    evidence_->file_ = {static_cast<const std::uint8_t*>(at), size};
    return {};
  }

  tl::unexpected<Error> changed(const std::string& what) const {
    return fail(Errc::tampered, Blame::bench, cat(path_, " was changed: ", what));
  }

  // A power cut may leave a file longer than its data: behind some octet of the last block it reads
  // as zeros.
  bool zeros_from(std::uint64_t offset) const {
    const ByteView rest = evidence_->file_.subspan(offset);
    const auto last =
        std::find_if(rest.rbegin(), rest.rend(), [](auto octet) { return octet != 0; });
    const auto used = static_cast<std::uint64_t>(rest.rend() - last);
    std::uint32_t claimed = 0;
    if (rest.size() >= 8) std::memcpy(&claimed, rest.data() + 4, sizeof claimed);
    return used < std::max<std::uint64_t>(claimed, 8) && used < rest.size();
  }

  void digest_to(std::uint64_t offset) {
    digest_.update(evidence_->file_.subspan(digested_, offset - digested_));
    digested_ = offset;
  }
  // A torn end belongs to the file's own hash, not to any seal.
  std::string digest_of_file() {
    digest_.update(evidence_->file_.subspan(digested_));
    return digest_.hex();
  }

  Result<void> take(const pcapng::Reader& reader, const pcapng::Block& block) {
    switch (block.kind) {
      case pcapng::Block::Kind::section:
        close_stretches(block.offset);
        evidence_->segments_.emplace_back();
        evidence_->opens_of_segments_.emplace_back(evidence_->opens_.size());
        return {};
      case pcapng::Block::Kind::packet:
        return take_packet(reader, block);
      case pcapng::Block::Kind::interface:
        if (evidence_->segments_.size() == 1) return take_interface(reader.interfaces().back());
        return {};
      default:
        return changed(cat("a foreign block at offset ", block.offset));
    }
  }

  Result<void> take_interface(const pcapng::Interface& entry) {
    auto& layout = evidence_->layout_;
    const std::string_view name = entry.name;
    if (name.starts_with("lane ")) {
      layout.lanes.emplace_back(name.substr(5));
    } else if (name.starts_with("channel ")) {
      OctetKind octets = OctetKind::stream;
      for (const OctetKind one : {OctetKind::serial, OctetKind::hci})
        if (entry.type == link_type(one)) octets = one;
      layout.channels.push_back({std::string(name.substr(8)), {}, octets});
      evidence_->opens_.emplace_back();
      evidence_->opens_of_segments_.back().emplace_back();
    }
    return {};
  }

  Result<void> take_packet(const pcapng::Reader& reader, const pcapng::Block& block) {
    if (block.packet_id != evidence_->last_seq_ + 1)
      return changed(cat("packet ", block.packet_id, " follows packet ", evidence_->last_seq_,
                         " at offset ", block.offset));
    if (block.interface_id >= reader.interfaces().size())
      return changed(cat("packet ", block.packet_id, " names an interface that is not there"));
    evidence_->last_seq_ = block.packet_id;
    ++evidence_->packets_;
    auto& segment = evidence_->segments_.back();
    if (segment.first_seq == 0) segment.first_seq = block.packet_id;
    segment.last_seq = block.packet_id;
    const auto lanes = evidence_->layout_.lanes.size();
    Json json;
    if (block.interface_id <= lanes) {
      const auto text = as_text(pcapng::payload(pcapng::LinkType::wireshark_upper_pdu, block.data));
      // Only what frames steps and runs is of interest here; the rest is for the lanes.
      if (block.interface_id == 0 || text.starts_with("{\"step") || text.starts_with("{\"cont")) {
        auto parsed = parse_json(text, path_);
        if (!parsed) return changed(cat("packet ", block.packet_id, " holds no JSON"));
        json = std::move(*parsed);
      }
    }
    if (block.interface_id == 0 && json.has("start")) {
      segment.start = json["start"];
      if (evidence_->segments_.size() == 1)
        evidence_->unix_base_ns_ = segment.start["unix_base_ns"].integer();
    }
    const Stamp stamp{block.unix_ns - evidence_->unix_base_ns_};
    if (block.packet_id == segment.first_seq) segment.from = stamp;
    segment.to = evidence_->last_stamp_ = stamp;
    evidence_->sealed_ = false;
    if (block.interface_id == 0) {
      auto taken = take_run_record(json, block);
      previous_unix_ns_ = block.unix_ns;
      return taken;
    }
    previous_unix_ns_ = block.unix_ns;
    if (block.interface_id <= lanes && !json.is_null())
      take_lane_record(json, block, block.interface_id - 1, stamp);
    return {};
  }

  Result<void> take_run_record(const Json& json, const pcapng::Block& block) {
    auto& segment = evidence_->segments_.back();
    if (json.has("seal")) {
      digest_to(block.offset);
      if (json["seal"].string() != digest_.hex())
        return changed(cat("the seal at offset ", block.offset,
                           " does not fit what stands between "
                           "offset ",
                           last_seal_, " and it"));
      if (!same_as_written(block)) return changed(cat("the seal at offset ", block.offset));
      digest_to(block.offset + block.size);
      last_seal_ = block.offset;
      evidence_->sealed_ = true;
    } else if (json.has("open")) {
      const auto channel = static_cast<std::size_t>(json["channel"].integer(-1));
      if (channel >= evidence_->opens_.size()) return changed("an opening of an unknown channel");
      auto& open = evidence_->opens_[channel];
      open = {};
      if (json.has("facts")) open.facts = facts_from(json["facts"]);
      if (json.has("failed")) open.failed = error_from(json["failed"]);
      evidence_->opens_of_segments_.back()[channel] = open;
    } else if (json.has("stop")) {
      segment.stop = json["stop"];
    } else if (json.has("end")) {
      segment.end = json["end"];
    } else if (json.has("clock")) {
      evidence_->clocks_.push_back(json["clock"]);
    }
    return {};
  }

  // A seal follows from what stands before it, so that a change of the seal itself shows too.
  bool same_as_written(const pcapng::Block& block) const {
    const auto json = Json::object().set("seal", digest_.hex()).dump();
    Bytes again;
    pcapng::append_packet(again, 0, previous_unix_ns_, block.packet_id, pcapng::Direction::unknown,
                          pcapng::upper_pdu_header("json"), as_bytes(json));
    const ByteView there = evidence_->file_.subspan(block.offset, block.size);
    return again.size() == there.size() && std::equal(again.begin(), again.end(), there.begin());
  }

  void take_lane_record(const Json& json, const pcapng::Block& block, std::size_t lane,
                        Stamp stamp) {
    auto& attempts = evidence_->attempts_;
    const StretchOfAttempt stretch{block.offset + block.size, 0, block.packet_id, stamp,
                                   json.has("continue")};
    if (json.has("step")) {
      attempts.push_back({json["step"].string(),
                          json["sample"].string(),
                          static_cast<int>(json["attempt"].integer(1)),
                          lane,
                          {stretch},
                          false});
    } else {
      for (auto it = attempts.rbegin(); it != attempts.rend(); ++it) {
        if (it->lane != lane) continue;
        if (json.has("continue")) {
          it->stretches.push_back(stretch);
        } else {
          it->ended = true;
          it->stretches.back().end = block.offset + block.size;
        }
        return;
      }
    }
  }

  void close_stretches(std::uint64_t end) {
    for (auto& attempt : evidence_->attempts_)
      if (!attempt.stretches.empty() && attempt.stretches.back().end == 0)
        attempt.stretches.back().end = end;
  }

  std::string path_;
  std::shared_ptr<Evidence> evidence_;
  Sha256 digest_;
  std::uint64_t digested_ = 0, last_seal_ = 0;
  std::int64_t previous_unix_ns_ = 0;  // of the packet before the one at hand; a seal carries it
};

Result<std::shared_ptr<const Evidence>> Evidence::read(const std::string& path) {
  return EvidenceReader(path).read();
}

Evidence::~Evidence() {
  if (!file_.empty()) ::munmap(const_cast<std::uint8_t*>(file_.data()), file_.size());
}

const std::vector<OpenEvidence>& Evidence::opens_at(std::uint64_t seq) const {
  for (std::size_t i = 0; i < segments_.size(); ++i)
    if (seq >= segments_[i].first_seq && seq <= segments_[i].last_seq) return opens_of_segments_[i];
  return opens_;
}

const AttemptEvidence* Evidence::find(std::string_view step, std::string_view sample,
                                      int attempt) const {
  for (const auto& entry : attempts_)
    if (entry.step == step && entry.sample == sample && entry.attempt == attempt) return &entry;
  return nullptr;
}

}  // namespace carebench
