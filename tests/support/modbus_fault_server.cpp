#include "tests/support/modbus_fault_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "probes/modbus/framing.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, modbus_fault_count> names = {"none",
                                                                    "late",
                                                                    "late_now_and_then",
                                                                    "late_and_twice",
                                                                    "duplicated",
                                                                    "duplicated_apart",
                                                                    "shortened",
                                                                    "rest_late",
                                                                    "dripped",
                                                                    "wrong_unit",
                                                                    "wrong_unit_first",
                                                                    "wrong_function",
                                                                    "wrong_count",
                                                                    "bad_crc",
                                                                    "flipped_value",
                                                                    "exception",
                                                                    "silence",
                                                                    "garbage_first",
                                                                    "glitch_first",
                                                                    "previous_first"};

void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

Bytes joined(const Bytes& a, const Bytes& b) {
  Bytes both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

bool readable(int fd, int ms) {
  pollfd wanted{fd, POLLIN, 0};
  return ::poll(&wanted, 1, ms) > 0;
}

}  // namespace

std::string_view to_string(ModbusFault fault) { return names[static_cast<std::size_t>(fault)]; }

ModbusFaultServer::ModbusFaultServer(ModbusFraming framing, ModbusFault fault, std::uint8_t unit,
                                     int timeout_ms)
    : framing_(framing), fault_(fault), unit_(unit), late_ms_(timeout_ms + timeout_ms / 2) {
  if (tcp()) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&any), size);
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size);
    port_ = ntohs(any.sin_port);
  } else {
    pty_ = std::make_unique<Pty>();
    fd_ = pty_->master();
  }
  thread_ = std::thread([this] { serve(); });
}

ModbusFaultServer::~ModbusFaultServer() {
  stop_ = true;
  thread_.join();
  if (tcp() && fd_ >= 0) ::close(fd_);
  if (listener_ >= 0) ::close(listener_);
}

std::string ModbusFaultServer::address() const {
  const int unit = unit_;
  return tcp() ? cat("modbus:tcp://127.0.0.1:", port_, "?unit=", unit)
               : cat("modbus:", pty_->path(), "?baud=115200&unit=", unit);
}

void ModbusFaultServer::send(ByteView octets) const {
  const ssize_t sent = tcp() ? ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL)
                             : ::write(fd_, octets.data(), octets.size());
  if (sent < 0) return;  // the client has gone
}

void ModbusFaultServer::serve() {
  while (fd_ < 0 && !stop_) {
    if (!readable(listener_, 10)) continue;
    fd_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  const std::size_t whole = tcp() ? 12 : 8;
  Bytes pending;
  while (!stop_) {
    if (!readable(fd_, 10)) continue;
    std::array<std::uint8_t, 512> buffer;
    const ssize_t n = ::read(fd_, buffer.data(), buffer.size());
    if (n <= 0) {
      pause_ms(1);
      continue;
    }
    pending.insert(pending.end(), buffer.begin(), buffer.begin() + n);
    while (pending.size() >= whole) {
      answer(ByteView(pending).first(whole));
      pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(whole));
    }
  }
}

Bytes ModbusFaultServer::right_answer(ByteView request, std::uint8_t unit, std::uint8_t function,
                                      int extra) const {
  const ByteView pdu = request.subspan(tcp() ? 7 : 1);
  const int address = pdu[1] << 8 | pdu[2];
  const int count = (pdu[3] << 8 | pdu[4]) + extra;
  Bytes body{unit, function};
  if ((function & 0x80) != 0) {
    body.push_back(2);
  } else {
    body.push_back(static_cast<std::uint8_t>(2 * count));
    for (int i = 0; i < count; ++i) {
      const int value = (address ^ 0xA5A5) + i;
      body.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFF));
      body.push_back(static_cast<std::uint8_t>(value & 0xFF));
    }
  }
  if (!tcp()) {
    const std::uint16_t crc = modbus_crc(body);
    body.push_back(static_cast<std::uint8_t>(crc & 0xFF));
    body.push_back(static_cast<std::uint8_t>(crc >> 8));
    return body;
  }
  return joined({request[0], request[1], 0, 0, 0, static_cast<std::uint8_t>(body.size())}, body);
}

void ModbusFaultServer::answer(ByteView request) {
  const auto other = static_cast<std::uint8_t>(unit_ + 1);
  const Bytes right = right_answer(request, unit_, 3, 0);
  Bytes wrong = right;
  const Bytes previous = previous_;
  previous_ = right;
  ++served_;
  switch (fault_) {
    case ModbusFault::none:
      return send(right);
    case ModbusFault::late:
      pause_ms(late_ms_);
      return send(right);
    case ModbusFault::late_now_and_then:
      if (served_ % 3 == 0) pause_ms(late_ms_);
      return send(right);
    case ModbusFault::late_and_twice:
      pause_ms(late_ms_);
      return send(joined(right, right));
    case ModbusFault::duplicated:
      return send(joined(right, right));
    case ModbusFault::duplicated_apart:
      send(right);
      pause_ms(1);
      return send(right);
    case ModbusFault::shortened:
      return send(ByteView(right).first(right.size() - 3));
    case ModbusFault::rest_late:
      send(ByteView(right).first(right.size() - 3));
      pause_ms(late_ms_);
      return send(ByteView(right).last(3));
    case ModbusFault::dripped:
      for (const std::uint8_t octet : right) {
        send({&octet, 1});
        pause_ms(5);
      }
      return;
    case ModbusFault::wrong_unit:
      return send(right_answer(request, other, 3, 0));
    case ModbusFault::wrong_unit_first:
      send(right_answer(request, other, 3, 0));
      return send(right);
    case ModbusFault::wrong_function:
      return send(right_answer(request, unit_, 4, 0));
    case ModbusFault::wrong_count:
      return send(right_answer(request, unit_, 3, 1));
    case ModbusFault::bad_crc:
      if (tcp()) {
        wrong[5] = static_cast<std::uint8_t>(wrong[5] + 1);
      } else {
        wrong.back() = static_cast<std::uint8_t>(wrong.back() ^ 0x10);
      }
      return send(wrong);
    case ModbusFault::flipped_value: {
      std::uint8_t& octet = tcp() ? wrong[3] : wrong[4];
      octet = static_cast<std::uint8_t>(octet ^ 1);
      return send(wrong);
    }
    case ModbusFault::exception:
      return send(right_answer(request, unit_, 0x83, 0));
    case ModbusFault::silence:
      return;
    case ModbusFault::garbage_first: {
      const auto seed = static_cast<std::uint8_t>(served_ * 37);
      return send(joined({seed, 0x13, 0x37, 0x42, unit_, 3, seed}, right));
    }
    case ModbusFault::glitch_first:
      return send(joined(tcp() ? previous : Bytes{0}, right));
    case ModbusFault::previous_first:
      return send(joined(previous, right));
  }
}

}  // namespace carebench
