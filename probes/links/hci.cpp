// `hci:hci0` listens to the kernel's HCI monitor channel, the one btmon shows: every HCI packet of
// the adapter with the kernel's own time stamp, beside whatever drives the adapter. It sends
// nothing. A tap is an instrument: a profile binds it to a step, and steps that have none say what
// could not be seen.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "probes/link_driver.h"
#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

// Linux, include/net/bluetooth/bluetooth.h, hci_sock.h and hci_mon.h; no header of the C library
// has them.
constexpr int protocol_hci = 1;
constexpr std::uint16_t no_device = 0xFFFF, monitor_channel = 2;
struct MonitorAddress {
  sa_family_t family;
  std::uint16_t device, channel;
};
struct MonitorHeader {
  std::uint16_t opcode, adapter, length;  // little-endian, as the machine
};
constexpr std::size_t most_packet = sizeof(MonitorHeader) + 65536;
constexpr std::uint16_t every_adapter = 0xFFFF;

Nanoseconds wall_clock() {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return static_cast<Nanoseconds>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

class HciLink final : public Link {
 public:
  HciLink(Facts facts, int fd, std::uint16_t adapter, Clock& clock)
      : facts_(std::move(facts)), fd_(fd), adapter_(adapter), clock_(clock), packet_(most_packet) {}
  ~HciLink() override { close(); }

  const Facts& facts() const override { return facts_; }
  int wait_fd() const override { return fd_; }

  // The kernel stamps by the wall clock. Both clocks are read side by side here, so a step of the
  // wall clock moves no stamp but those of packets that were waiting while it happened.
  void pump(Stamp now, Ingest& ingest) override {
    while (fd_ >= 0) {
      iovec piece{packet_.data(), packet_.size()};
      alignas(cmsghdr) std::array<char, 256> control;
      msghdr message{};
      message.msg_iov = &piece;
      message.msg_iovlen = 1;
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      const ssize_t size = ::recvmsg(fd_, &message, MSG_DONTWAIT);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
      if (size <= 0) {
        const std::string why = size < 0 ? system_text(errno) : "closed by the kernel";
        close();
        return ingest.lost(now, cat("the HCI monitor channel: ", why));
      }
      hand_in(message, static_cast<std::size_t>(size), now, ingest);
    }
  }

  Result<Performed> perform(const Op& op, Duration, std::stop_token) override {
    switch (kind_of(op)) {
      case OpKind::connect:
        return fd_ >= 0 ? Performed{} : Performed{Outcome::Kind::lost, "the channel is closed"};
      case OpKind::disconnect:
      case OpKind::flush:
        return Performed{};
      default:
        return cannot(op);
    }
  }

  void close() noexcept override {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  void hand_in(const msghdr& message, std::size_t size, Stamp now, Ingest& ingest) {
    MonitorHeader header;
    if (size < sizeof header) return;
    std::memcpy(&header, packet_.data(), sizeof header);
    if (adapter_ != every_adapter && header.adapter != adapter_) return;
    // As the evidence keeps it: adapter and opcode, big-endian, in the last four octets of the
    // header.
    std::uint8_t* start = packet_.data() + sizeof header - 4;
    start[0] = static_cast<std::uint8_t>(header.adapter >> 8);
    start[1] = static_cast<std::uint8_t>(header.adapter);
    start[2] = static_cast<std::uint8_t>(header.opcode >> 8);
    start[3] = static_cast<std::uint8_t>(header.opcode);
    ingest.frame(stamp_of(message, now), ByteView(start, size - sizeof header + 4));
  }

  Stamp stamp_of(const msghdr& message, Stamp now) const {
    for (const cmsghdr* c = CMSG_FIRSTHDR(&message); c;
         c = CMSG_NXTHDR(const_cast<msghdr*>(&message), const_cast<cmsghdr*>(c))) {
      if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec at{};
      std::memcpy(&at, CMSG_DATA(c), sizeof at);
      const Nanoseconds stamped = static_cast<Nanoseconds>(at.tv_sec) * 1'000'000'000 + at.tv_nsec;
      const Nanoseconds age = wall_clock() - stamped;
      const Stamp mapped{clock_.now().ns - age};
      // Not after the reader woke up, and no older than the clock can be wrong about.
      if (age >= 0 && age < 10'000'000'000 && mapped <= now) return mapped;
    }
    return now;
  }

  const Facts facts_;
  int fd_;
  const std::uint16_t adapter_;
  Clock& clock_;
  Bytes packet_;
};

tl::unexpected<Error> usage(const Address& address, std::string_view message) {
  return fail(Errc::usage, Blame::bench,
              cat("address \"", printable(address.text), "\": ", message));
}

Result<std::uint16_t> adapter_of(const Address& address) {
  if (address.target == "all") return every_adapter;
  const auto number =
      address.target.starts_with("hci") ? parse_int(address.target.substr(3)) : std::nullopt;
  if (!number || *number < 0 || *number > 255)
    return usage(address, "name the adapter to listen to, as hci:hci0, or hci:all");
  return static_cast<std::uint16_t>(*number);
}

Result<int> open_monitor() {
  const int fd = ::socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol_hci);
  if (fd < 0) {
    if (errno == EPERM || errno == EACCES)
      return fail(Errc::not_permitted, Blame::bench,
                  "the HCI monitor channel needs CAP_NET_RAW: start as root, or give it to the "
                  "program with setcap cap_net_raw+ep");
    if (errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT)
      return fail(Errc::not_found, Blame::bench,
                  "this kernel has no Bluetooth: load the module bluetooth");
    return fail(Errc::io, Blame::bench, cat("the HCI monitor channel: ", system_text(errno)));
  }
  MonitorAddress address{AF_BLUETOOTH, no_device, monitor_channel};
  const int on = 1;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    ::close(fd);
    if (error == EPERM || error == EACCES)
      return fail(Errc::not_permitted, Blame::bench,
                  "the HCI monitor channel needs CAP_NET_RAW: start as root, or give it to the "
                  "program with setcap cap_net_raw+ep");
    return fail(Errc::io, Blame::bench, cat("the HCI monitor channel: ", system_text(error)));
  }
  ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  const int room = 8 * 1024 * 1024;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  return fd;
}

Result<void> check(const Address& address) {
  if (const auto adapter = adapter_of(address); !adapter) return tl::unexpected(adapter.error());
  return {};
}

Result<std::unique_ptr<Link>> open(const Address& address, Clock& clock) {
  const auto adapter = adapter_of(address);
  if (!adapter) return tl::unexpected(adapter.error());
  const auto fd = open_monitor();
  if (!fd) return tl::unexpected(fd.error());
  Facts facts;
  facts.transport = "hci";
  facts.address = address.text;
  facts.supports = {OpKind::connect, OpKind::disconnect, OpKind::flush};
  std::error_code none;
  const auto device =
      std::filesystem::canonical(cat("/sys/class/bluetooth/", address.target), none);
  facts.simulated = device.string().find("/virtual/") != std::string::npos;
  facts.stamp_source = "kernel, SO_TIMESTAMPNS on the HCI monitor channel";
  // Between the two readings of the clocks, and the microseconds of the kernel's own stamp.
  facts.stamp_uncertainty = microseconds(2);
  return std::make_unique<HciLink>(std::move(facts), *fd, *adapter, clock);
}

Result<std::vector<Sighting>> scan() {
  Sighting sighting;
  sighting.address = "hci:all";
  sighting.what = "the kernel's HCI monitor channel";
  const auto fd = open_monitor();
  if (fd) ::close(*fd);
  if (!fd && fd.error().code == Errc::not_found) return std::vector<Sighting>{};
  sighting.accessible = fd.has_value();
  if (!fd) sighting.why_not = fd.error().message;
  return std::vector<Sighting>{std::move(sighting)};
}

}  // namespace

extern const LinkDriver hci;
const LinkDriver hci{
    "hci",
    "the kernel's record of what passes a Bluetooth adapter; listens only",
    "hci:hci0 or hci:all",
    {},
    &scan,
    &open,
    &check,
    [](const Address&) { return OctetKind::hci; },
};

}  // namespace carebench::links
