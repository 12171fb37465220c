// One open serial port: found, locked for us alone, set up, and read back. What is told apart on
// the way, each with what to do:
//   not_found      no such node, or a node without a device behind it; names the ports there are
//   busy           locked (flock, TIOCEXCL) or open elsewhere; names the process where readable
//   not_permitted  names the group to join
//   usage          not a terminal at all
//   unsupported    the driver cannot make the baud rate (2.5 % off or more), the mode, DTR or RTS
// The flock keeps out all well-behaved programs and ourselves, TIOCEXCL the others but root's. On a
// pseudo-terminal neither TIOCEXCL (it would outlive a killed run) nor the search for other
// holders applies, and parity and size, which ptys do not have, are not held against the driver.
#pragma once

#include <string>

#include "probes/links/serial_device.h"
#include "probes/links/serial_line.h"

namespace carebench::links {

class SerialPort {
 public:
  SerialPort() = default;
  SerialPort(SerialPort&& other) noexcept;
  SerialPort& operator=(SerialPort&& other) noexcept;
  ~SerialPort() { close(); }

  static Result<SerialPort> open(const std::string& path, const SerialSettings& settings);
  void close() noexcept;  // drops output that has not left yet

  int fd() const { return fd_; }
  const SerialDevice& device() const { return device_; }
  // Device, line and adapter as found: baud (read back), baud_asked, mode, mode_read_back, flow,
  // bits_per_character, dtr, rts, device, driver, usb, latency_timer_ms {found, now},
  // pseudo_terminal.
  const Json& details() const { return details_; }

  // Changes the line while it is open; what went wrong, or "".
  std::string change(const SerialSettings& settings);

 private:
  Result<void> lock(const std::string& where);
  Result<void> set_up(const std::string& where, const SerialSettings& settings);
  void speed_up_adapter();

  int fd_ = -1;
  SerialDevice device_;
  Json details_;
};

// Why a driver's answer does not do, or "".
std::string mismatch(const SerialSettings& asked, const SerialReadBack& made, bool pseudo_terminal);

}  // namespace carebench::links
