#include "tests/support/pty.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace carebench {

Pty::Pty() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  std::array<char, 128> name;
  if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
      ::ptsname_r(master_, name.data(), name.size()) != 0) {
    throw std::runtime_error("no pseudo-terminal to be had");
  }
  path_ = name.data();
  slave_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  ::tcgetattr(slave_, &settings);
  ::cfmakeraw(&settings);
  ::tcsetattr(slave_, TCSANOW, &settings);
}

Pty::~Pty() { hang_up(); }

void Pty::hang_up() {
  if (slave_ >= 0) ::close(slave_);
  if (master_ >= 0) ::close(master_);
  master_ = slave_ = -1;
}

void Pty::send(ByteView octets) const {
  while (!octets.empty()) {
    const ssize_t n = ::write(master_, octets.data(), octets.size());
    if (n <= 0) return;
    octets = octets.subspan(static_cast<std::size_t>(n));
  }
}

Bytes Pty::receive(std::size_t least, int timeout_ms) const {
  Bytes octets;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  while (octets.size() < least) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd wanted{master_, POLLIN, 0};
    if (left.count() < 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) break;
    std::array<std::uint8_t, 4096> buffer;
    const ssize_t n = ::read(master_, buffer.data(), buffer.size());
    if (n <= 0) break;
    octets.insert(octets.end(), buffer.begin(), buffer.begin() + n);
  }
  return octets;
}

}  // namespace carebench
