#include "probes/dbus/endpoint.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::dbus {
namespace {

constexpr int answer_time_ms = 10'000;
constexpr std::size_t joined_octets = 64 * 1024;  // of one system call
constexpr std::size_t most_fds = 16;
constexpr std::string_view bus = "org.freedesktop.DBus";

tl::unexpected<Error> gone(std::string_view why) {
  return fail(Errc::lost, Blame::bench, cat("the D-Bus message bus has gone away: ", why));
}

// The socket that one address names; nothing when it is of another kind.
std::optional<sockaddr_un> socket_address(std::string_view address, socklen_t& length) {
  if (!address.starts_with("unix:")) return std::nullopt;
  for (const std::string_view pair : split(address.substr(5), ',')) {
    const bool abstract = pair.starts_with("abstract=");
    if (!abstract && !pair.starts_with("path=")) continue;
    const std::string_view name = pair.substr(pair.find('=') + 1);
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    const std::size_t at = abstract ? 1 : 0;
    if (name.empty() || name.size() + at >= sizeof out.sun_path) return std::nullopt;
    std::memcpy(out.sun_path + at, name.data(), name.size());
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + at + name.size());
    return out;
  }
  return std::nullopt;
}

Message to_bus(std::string_view method, Values arguments) {
  Message message;
  message.path = "/org/freedesktop/DBus";
  message.interface = message.destination = bus;
  message.member = method;
  message.body = std::move(arguments);
  return message;
}

bool ready(int fd, short events) {
  pollfd wanted{fd, events, 0};
  return ::poll(&wanted, 1, answer_time_ms) > 0;
}

}  // namespace

Endpoint::~Endpoint() {
  if (socket_.get() >= 0) (void)flush();
}

Result<std::unique_ptr<Endpoint>> Endpoint::open(const std::string& address) {
  std::unique_ptr<Endpoint> endpoint(new Endpoint);
  if (auto connected = endpoint->connect(address); !connected)
    return tl::unexpected(connected.error());
  if (auto known = endpoint->authenticate(); !known) return tl::unexpected(known.error());
  if (auto hello = endpoint->ask("Hello", {}); !hello) return tl::unexpected(hello.error());
  return endpoint;
}

Result<void> Endpoint::own(std::string_view name) {
  constexpr std::int64_t do_not_queue = 4, primary_owner = 1;
  const auto owned = ask("RequestName", {text(name), integer('u', do_not_queue)});
  if (!owned) return tl::unexpected(owned.error());
  if (owned->type == Message::Type::error)
    return fail(Errc::not_permitted, Blame::bench,
                cat("the message bus does not let us be ", name, " (", printable(owned->error),
                    "): use a bus of your own, as dbus-run-session starts one"));
  if (owned->body.empty() || owned->body[0].integer() != primary_owner)
    return fail(Errc::busy, Blame::bench,
                cat("there is a ", name, " on this bus already: stop it, or use another bus"));
  return {};
}

Result<void> Endpoint::connect(const std::string& address) {
  for (const std::string_view one : split(address, ';')) {
    socklen_t length = 0;
    const auto where = socket_address(one, length);
    if (!where) continue;
    socket_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket_.get() < 0) return gone(links::system_text(errno));
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&*where), length) != 0)
      return fail(Errc::not_found, Blame::bench,
                  cat("no message bus at ", printable(one), ": ", links::system_text(errno),
                      "; start one, as dbus-run-session does"));
    ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
    return {};
  }
  return fail(Errc::usage, Blame::bench,
              cat("\"", printable(address),
                  "\" is no address of a message bus on this machine: "
                  "unix:path=/run/…"));
}

Result<std::string> Endpoint::line(const std::string& sent) {
  if (::send(socket_.get(), sent.data(), sent.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(sent.size()))
    return gone("it takes nothing");
  std::string answer;
  while (!answer.ends_with("\r\n")) {
    char c = 0;
    if (!ready(socket_.get(), POLLIN) || ::recv(socket_.get(), &c, 1, 0) != 1 ||
        answer.size() > 512)
      return gone("it does not answer");
    answer += c;
  }
  return answer;
}

// EXTERNAL: the kernel tells the bus who we are.
Result<void> Endpoint::authenticate() {
  const std::string uid = std::to_string(::getuid());
  const auto known =
      line(std::string(1, '\0').append(cat("AUTH EXTERNAL ", to_hex(as_bytes(uid)), "\r\n")));
  if (!known) return tl::unexpected(known.error());
  if (!known->starts_with("OK"))
    return fail(Errc::not_permitted, Blame::bench, "the message bus refuses this user");
  const auto agreed = line("NEGOTIATE_UNIX_FD\r\n");
  if (!agreed) return tl::unexpected(agreed.error());
  if (!agreed->starts_with("AGREE_UNIX_FD"))
    return fail(Errc::unsupported, Blame::bench, "the message bus passes no descriptors");
  constexpr std::string_view begin = "BEGIN\r\n";
  if (::send(socket_.get(), begin.data(), begin.size(), MSG_NOSIGNAL) < 0)
    return gone(links::system_text(errno));
  return {};
}

Result<Message> Endpoint::ask(std::string_view method, Values arguments) {
  std::optional<Message> answer;
  call(to_bus(method, std::move(arguments)), [&](const Message& came) { answer = came; });
  while (true) {
    if (auto turned = turn(); !turned) return tl::unexpected(turned.error());
    if (answer) break;
    if (!ready(socket_.get(), POLLIN)) return gone("it does not answer");
  }
  return std::move(*answer);
}

void Endpoint::watch(std::string rule) {
  Message message = to_bus("AddMatch", {text(rule)});
  message.no_reply = true;
  send(std::move(message));
}

void Endpoint::send(Message message) {
  if (message.reply_to && message.no_reply) return;
  if (message.serial == 0) message.serial = next_serial_++;
  std::vector<int> fds;
  Bytes octets = encode(message, fds);
  // One system call for many messages; those that carry descriptors go alone.
  if (fds.empty() && !out_.empty() && out_.back().fds.empty() &&
      out_.back().octets.size() + octets.size() <= joined_octets) {
    Bytes& last = out_.back().octets;
    last.insert(last.end(), octets.begin(), octets.end());
    return;
  }
  Outgoing& outgoing = out_.emplace_back();
  outgoing.octets = std::move(octets);
  for (const int fd : fds) outgoing.fds.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

std::uint32_t Endpoint::call(Message message, Handler handler) {
  message.serial = next_serial_++;
  const std::uint32_t serial = message.serial;
  handlers_.emplace(serial, std::move(handler));
  send(std::move(message));
  return serial;
}

Result<void> Endpoint::flush() {
  while (!out_.empty()) {
    Outgoing& first = out_.front();
    iovec piece{first.octets.data() + written_, first.octets.size() - written_};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_fds)> control{};
    if (!first.fds.empty() && written_ == 0) {
      message.msg_control = control.data();
      message.msg_controllen = CMSG_SPACE(sizeof(int) * first.fds.size());
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(sizeof(int) * first.fds.size());
      for (std::size_t i = 0; i < first.fds.size(); ++i) {
        const int fd = first.fds[i].get();
        std::memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
      }
    }
    const ssize_t n = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
    if (n < 0) return gone(links::system_text(errno));
    written_ += static_cast<std::size_t>(n);
    if (written_ < first.octets.size()) continue;
    out_.pop_front();
    written_ = 0;
  }
  return {};
}

Result<bool> Endpoint::fill() {
  std::array<std::uint8_t, 64 * 1024> buffer;
  iovec piece{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_fds)> control;
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t n = ::recvmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return false;
  if (n <= 0) return gone(n == 0 ? "closed" : links::system_text(errno));
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
      fds_in_.emplace_back(fd);
    }
  }
  in_.insert(in_.end(), buffer.begin(), buffer.begin() + n);
  return true;
}

void Endpoint::take_messages() {
  std::size_t at = 0;
  while (in_.size() - at >= fixed_header) {
    const ByteView rest = ByteView(in_).subspan(at);
    const std::size_t size = message_size(rest);
    if (size == 0) {  // nothing that follows can be told apart any more
      socket_ = Descriptor();
      break;
    }
    if (rest.size() < size) break;
    Message message;
    if (decode(rest.first(size), fds_in_, message)) {
      const bool answers = message.reply_to != 0;
      auto handler =
          answers ? handlers_.extract(message.reply_to) : decltype(handlers_)::node_type();
      if (!handler.empty()) handler.mapped()(message);
      if (!answers) messages_.push_back(std::move(message));
    }
    fds_in_.clear();  // calls of bluetoothd's clients carry none
    at += size;
  }
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
}

Result<void> Endpoint::turn() {
  if (auto flushed = flush(); !flushed) return flushed;
  const auto came = fill();
  if (!came) return tl::unexpected(came.error());
  if (*came) take_messages();
  if (socket_.get() < 0) return gone("it sent what is no message");
  return {};
}

bool Endpoint::next(Message& message) {
  if (messages_.empty()) return false;
  message = std::move(messages_.front());
  messages_.pop_front();
  return true;
}

}  // namespace carebench::dbus
