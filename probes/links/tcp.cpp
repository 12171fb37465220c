#include "probes/links/tcp.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

using Kind = Outcome::Kind;
using Performed = Link::Performed;

constexpr Duration connect_timeout = seconds(5);

struct Addresses {
  addrinfo* list = nullptr;
  ~Addresses() {
    if (list != nullptr) ::freeaddrinfo(list);
  }
};

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

std::string numeric(const sockaddr* address, socklen_t length) {
  std::array<char, NI_MAXHOST> host;
  std::array<char, NI_MAXSERV> port;
  if (::getnameinfo(address, length, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "unknown";
  }
  return TcpTarget{host.data(), static_cast<std::uint16_t>(parse_int(port.data()).value_or(0))}
      .text();
}

bool is_loopback(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  }
  if (address.ss_family != AF_INET6) return false;
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
         (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127);
}

// 0 when connected, else the errno.
int connect_to(int fd, const addrinfo& entry, const Countdown& countdown,
               const std::stop_token& stop, bool& stop_seen) {
  if (::connect(fd, entry.ai_addr, entry.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  switch (wait_for(fd, POLLOUT, countdown, stop)) {
    case Waited::timed_out:
      return ETIMEDOUT;
    case Waited::stopped:
      stop_seen = true;
      return EINTR;
    case Waited::ready:
      break;
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

std::string advice(int error, const TcpTarget& target) {
  switch (error) {
    case ECONNREFUSED:
      return cat("connection refused: nothing listens on port ", target.port,
                 ", start the device's server or correct the port");
    case ETIMEDOUT:
      return "no answer: is the device on, and is a firewall between?";
    case ENETUNREACH:
    case EHOSTUNREACH:
      return cat(system_text(error), ": check cable, address and route");
    default:
      return system_text(error);
  }
}

struct Connected {
  int fd;
  Json details;
  bool loopback;
};

Result<Connected> connect_any(const TcpTarget& target, Duration timeout,
                              const std::stop_token& stop) {
  const std::string where = cat("tcp ", printable(target.text()), ": ");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  Addresses found;
  const int unknown =
      ::getaddrinfo(target.host.c_str(), std::to_string(target.port).c_str(), &hints, &found.list);
  if (unknown != 0) {
    return fail(Errc::not_found, Blame::bench,
                cat(where, lower(::gai_strerror(unknown)),
                    ": correct the name, or give the address"
                    " in numbers"));
  }
  int error = ENOENT;
  for (const addrinfo* entry = found.list; entry != nullptr; entry = entry->ai_next) {
    const int fd = ::socket(entry->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      error = errno;
      continue;
    }
    bool stop_seen = false;
    error = connect_to(fd, *entry, Countdown(timeout), stop, stop_seen);
    if (error == 0) {
      set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
      set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
      set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 10);
      set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
      set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
      set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 10'000);
      sockaddr_storage local{};
      socklen_t size = sizeof local;
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &size);
      Connected connected{fd, Json::object(), is_loopback(local)};
      connected.details.set("host", target.host);
      connected.details.set("port", target.port);
      connected.details.set("peer", numeric(entry->ai_addr, entry->ai_addrlen));
      if (connected.loopback) connected.details.set("loopback", true);
      return connected;
    }
    ::close(fd);
    if (stop_seen) return stopped(cat("connecting to ", target.text()));
  }
  return fail(Errc::not_found, Blame::bench, cat(where, advice(error, target)));
}

class TcpLink final : public Link {
 public:
  TcpLink(TcpTarget target, int fd, Facts facts)
      : target_(std::move(target)), facts_(std::move(facts)), socket_(fd), fd_(fd) {}
  ~TcpLink() override { close(); }

  const Facts& facts() const override { return facts_; }
  int wait_fd() const override { return fd_.load(std::memory_order_relaxed); }

  void close() noexcept override {
    fd_ = -1;
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  void pump(Stamp now, Ingest& ingest) override {
    const int fd = wait_fd();
    if (fd < 0) return;
    ssize_t n = 0;
    do {
      n = ::recv(fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n > 0) {
      ingest.frame(now, ByteView(buffer_.data(), static_cast<std::size_t>(n)));
      return;
    }
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    fd_ = -1;
    ingest.lost(now, n == 0 ? cat("closed by ", target_.text())
                            : cat("connection to ", target_.text(), ": ", system_text(errno)));
  }

  Result<Performed> perform(const Op& op, Duration timeout, std::stop_token stop) override {
    switch (kind_of(op)) {
      case OpKind::connect:
        return connect(timeout, stop);
      case OpKind::disconnect:
        close();
        return Performed{};
      case OpKind::write:
        return write(std::get<Write>(op).octets, timeout, stop);
      case OpKind::set_line:
        return Performed{Kind::refused, "a tcp connection has no line settings"};
      case OpKind::flush:
        return Performed{};
      default:
        return cannot(op);
    }
  }

 private:
  Result<Performed> connect(Duration timeout, const std::stop_token& stop) {
    if (wait_fd() >= 0) return Performed{Kind::done, "was connected"};
    close();
    auto connected = connect_any(target_, timeout, stop);
    if (!connected) {
      if (connected.error().code != Errc::not_found) return tl::unexpected(connected.error());
      return Performed{Kind::timed_out, connected.error().message};
    }
    socket_ = connected->fd;
    fd_ = socket_;
    return Performed{};
  }

  Result<Performed> write(ByteView octets, Duration timeout, const std::stop_token& stop) {
    if (socket_ < 0) return Performed{Kind::refused, "not connected: connect first"};
    if (wait_fd() < 0) return Performed{Kind::lost, cat("closed by ", target_.text())};
    const Countdown countdown(timeout);
    std::size_t sent = 0;
    while (sent < octets.size()) {
      const ssize_t n =
          ::send(socket_, octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n > 0) {
        sent += static_cast<std::size_t>(n);
        continue;
      }
      if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        return Performed{Kind::lost,
                         cat("connection to ", target_.text(), ": ", system_text(errno))};
      }
      const Waited waited = wait_for(socket_, POLLOUT, countdown, stop);
      if (waited == Waited::stopped) return stopped(cat("writing to ", target_.text()));
      if (waited == Waited::timed_out) {
        return Performed{Kind::timed_out,
                         cat(octets.size() - sent, " of ", octets.size(),
                             " octets were not taken within ", to_string(timeout))};
      }
    }
    return Performed{};
  }

  const TcpTarget target_;
  const Facts facts_;
  int socket_;
  std::atomic<int> fd_;  // what the reader polls: -1 while closed and once the peer has gone
  std::array<std::uint8_t, 16384> buffer_;
};

}  // namespace

std::optional<TcpTarget> TcpTarget::parse(std::string_view text, std::uint16_t default_port) {
  TcpTarget target;
  target.port = default_port;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return {};
    target.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const auto colon = text.find(':');
    target.host = text.substr(0, colon);
    if (colon != std::string_view::npos) rest = text.substr(colon);
  }
  if (target.host.empty() || target.host.find_first_of("/ ") != std::string::npos) return {};
  if (rest.empty()) return target;
  const auto port = rest.front() == ':' ? parse_int(rest.substr(1)) : std::nullopt;
  if (!port || *port < 1 || *port > 65535) return {};
  target.port = static_cast<std::uint16_t>(*port);
  return target;
}

std::string TcpTarget::text() const {
  return host.find(':') == std::string::npos ? cat(host, ":", port) : cat("[", host, "]:", port);
}

Result<std::unique_ptr<Link>> open_tcp(const Address& address, const TcpTarget& target,
                                       const Json& extra) {
  auto connected = connect_any(target, connect_timeout, {});
  if (!connected) return tl::unexpected(connected.error());
  Facts facts;
  facts.transport = "tcp";
  facts.address = address.text;
  facts.simulated = connected->loopback;
  facts.supports = {OpKind::connect, OpKind::disconnect, OpKind::write, OpKind::flush};
  facts.stamp_source = "user space after poll";
  facts.stamp_uncertainty = microseconds(50);
  facts.details = std::move(connected->details);
  for (const auto& [key, value] : extra.members()) facts.details.set(key, value);
  return std::make_unique<TcpLink>(target, connected->fd, std::move(facts));
}

}  // namespace carebench::links
