#include "probes/recorder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t write_at = 256 * 1024;

Error io_error(const std::string& what, const std::string& path, int error) {
  const char* advice = error == ENOSPC || error == EDQUOT
                           ? "; free some space, then continue with run --resume"
                           : "; the evidence written so far stays readable";
  return {Errc::io, Blame::bench, cat(what, " ", path, ": ", std::strerror(error), advice), {}, {}};
}

int write_all(int fd, ByteView octets) {
  while (!octets.empty()) {
    const ssize_t n = ::write(fd, octets.data(), octets.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    octets = octets.subspan(static_cast<std::size_t>(n));
  }
  return 0;
}

// The digest of a continued file covers what the earlier sections hold.
int digest_existing(int fd, std::uint64_t size, Sha256& digest) {
  Bytes chunk(1 << 20);
  for (std::uint64_t at = 0; at < size;) {
    const ssize_t n = ::pread(fd, chunk.data(), std::min<std::uint64_t>(chunk.size(), size - at),
                              static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    digest.update({chunk.data(), static_cast<std::size_t>(n)});
    at += static_cast<std::uint64_t>(n);
  }
  return 0;
}

}  // namespace

pcapng::LinkType link_type(OctetKind octets) {
  switch (octets) {
    case OctetKind::serial:
      return pcapng::LinkType::rtac_serial;
    case OctetKind::hci:
      return pcapng::LinkType::bluetooth_monitor;
    case OctetKind::stream:
      break;
  }
  return pcapng::LinkType::wireshark_upper_pdu;
}

Result<std::unique_ptr<Recorder>> Recorder::open(const std::string& path,
                                                 const EvidenceLayout& layout,
                                                 std::int64_t unix_base_ns, const Resume* resume) {
  const int flags = O_RDWR | O_CLOEXEC | O_APPEND | (resume ? 0 : O_CREAT | O_EXCL);
  const int fd = ::open(path.c_str(), flags, 0644);
  if (fd < 0) return tl::unexpected(io_error("cannot open", path, errno));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(fd, F_SETLK, &lock) != 0) {
    struct flock holder = lock;
    (void)::fcntl(fd, F_GETLK, &holder);
    ::close(fd);
    return fail(Errc::busy, Blame::bench,
                cat(path, " is being written by process ", holder.l_pid,
                    ": wait until that run has ended, or stop it"));
  }
  std::unique_ptr<Recorder> recorder(
      new Recorder(fd, path, layout, unix_base_ns, resume ? resume->next_seq : 1));
  if (resume) {
    if (::ftruncate(fd, static_cast<off_t>(resume->keep_bytes)) != 0)
      return tl::unexpected(io_error("cannot cut the torn end of", path, errno));
    if (const int error = digest_existing(fd, resume->keep_bytes, recorder->digest_))
      return tl::unexpected(io_error("cannot read", path, error));
  }
  Bytes& head = recorder->buffer_;
  pcapng::append_section_header(head, "carebench");
  pcapng::append_interface(head, pcapng::LinkType::wireshark_upper_pdu, "run", {});
  for (const auto& lane : layout.lanes)
    pcapng::append_interface(head, pcapng::LinkType::wireshark_upper_pdu, cat("lane ", lane), {});
  for (const auto& channel : layout.channels) {
    pcapng::append_interface(head, link_type(channel.octets), cat("channel ", channel.name),
                             channel.address);
    pcapng::append_interface(head, pcapng::LinkType::wireshark_upper_pdu,
                             cat("events ", channel.name), {});
  }
  recorder->syncer_ =
      std::jthread([r = recorder.get()](std::stop_token stop) { r->sync_every_second(stop); });
  return recorder;
}

Recorder::Recorder(int fd, std::string path, EvidenceLayout layout, std::int64_t base,
                   std::uint64_t seq)
    : fd_(fd),
      path_(std::move(path)),
      layout_(std::move(layout)),
      unix_base_ns_(base),
      json_header_(pcapng::upper_pdu_header("json")),
      data_header_(pcapng::upper_pdu_header("data")),
      next_seq_(seq) {}

Recorder::~Recorder() {
  syncer_.request_stop();
  wake_.notify_all();
  if (syncer_.joinable()) syncer_.join();
  (void)sync(false);
  ::close(fd_);
}

std::uint64_t Recorder::append(std::uint32_t interface_id, Stamp stamp, pcapng::Direction direction,
                               ByteView header, ByteView body) {
  bool full = false;
  std::uint64_t seq = 0;
  {
    const std::lock_guard lock(mutex_);
    seq = next_seq_++;
    if (failed_) return seq;
    pcapng::append_packet(buffer_, interface_id, unix_base_ns_ + stamp.ns, seq, direction, header,
                          body);
    last_stamp_ = stamp;
    full = buffer_.size() >= write_at;
  }
  if (full) wake_.notify_one();
  return seq;
}

std::uint64_t Recorder::octets(std::uint32_t interface_id, Stamp stamp, pcapng::Direction direction,
                               ByteView octets) {
  const std::size_t channel = (interface_id - layout_.octets(0)) / 2;
  const auto what = layout_.channels[channel].octets;
  if (what != OctetKind::serial)
    return append(interface_id, stamp, direction,
                  what == OctetKind::stream ? ByteView(data_header_) : ByteView(), octets);
  std::uint8_t header[12];
  pcapng::rtac_header(header, unix_base_ns_ + stamp.ns, direction);
  return append(interface_id, stamp, direction, header, octets);
}

std::uint64_t Recorder::event(std::uint32_t interface_id, Stamp stamp, const Json& json) {
  return append(interface_id, stamp, pcapng::Direction::unknown, json_header_,
                as_bytes(json.dump()));
}

Result<void> Recorder::sync(bool seal) {
  const std::lock_guard io(io_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (failed_) return tl::unexpected(failure_);
    writing_.clear();
    std::swap(writing_, buffer_);
    if (seal) {
      // The hash runs under the lock so that the seal is the very next block: it covers every octet
      // before it, and its own stamp and seq follow from the packet before it.
      digest_.update(writing_);
      const std::size_t sealed = writing_.size();
      const Json json = Json::object().set("seal", digest_.hex());
      pcapng::append_packet(writing_, EvidenceLayout::run, unix_base_ns_ + last_stamp_.ns,
                            next_seq_++, pcapng::Direction::unknown, json_header_,
                            as_bytes(json.dump()));
      digest_.update(ByteView(writing_).subspan(sealed));
    }
  }
  if (!seal) digest_.update(writing_);
  unsynced_ |= !writing_.empty();
  int error = write_all(fd_, writing_);
  if (error == 0 && unsynced_) {
    error = ::fdatasync(fd_) == 0 ? 0 : errno;
    if (error == EINVAL || error == EROFS) error = 0;  // a pipe or a special file has no disk
  }
  if (error != 0) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    failure_ = io_error("cannot write the evidence to", path_, error);
    return tl::unexpected(failure_);
  }
  unsynced_ = false;
  return {};
}

Result<void> Recorder::acknowledge() { return sync(true); }

Result<void> Recorder::status() const {
  const std::lock_guard lock(mutex_);
  if (failed_) return tl::unexpected(failure_);
  return {};
}

std::uint64_t Recorder::last_seq() const {
  const std::lock_guard lock(mutex_);
  return next_seq_ - 1;
}

void Recorder::sync_every_second(std::stop_token stop) {
  std::mutex idle;
  while (!stop.stop_requested()) {
    std::unique_lock lock(idle);
    wake_.wait_for(lock, stop, std::chrono::seconds(1), [this] {
      const std::lock_guard guard(mutex_);
      return buffer_.size() >= write_at;
    });
    lock.unlock();
    (void)sync(false);  // the error is kept; status() and acknowledge() tell it
  }
}

}  // namespace carebench
