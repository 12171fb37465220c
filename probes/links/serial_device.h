// What the kernel tells about a serial device besides its octets: USB identity and driver from
// sysfs, the FTDI latency timer, and who holds it, from /proc. Opens no device.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "standards/vocab/json.h"

namespace carebench::links {

struct SerialDevice {
  std::string node;  // with symbolic links followed: "/dev/ttyUSB0"
  bool exists = false;
  bool character_device = false;
  bool pseudo_terminal = false;  // the slave side of a pty: a program, not a device
  bool other_subsystem = false;  // a character device that is surely no tty: not even opened
  std::string group;             // owner group of the node, "dialout"
  std::string driver;            // "ftdi_sio", "cdc_acm", "serial8250"; "" when not known
  // {vid, pid, serial, manufacturer, product, interface}: hex and text as in sysfs; {} when no USB
  Json usb;

  static SerialDevice at(const std::string& path);
  std::string name() const;   // "ttyUSB0"
  std::string title() const;  // "FT232R USB UART, serial A50285BI"; the driver when no USB
};

// Milliseconds the FTDI chip waits before it hands in a part-filled packet; nothing on others.
std::optional<int> latency_timer(const SerialDevice& device);
bool set_latency_timer(const SerialDevice& device, int ms);

// Processes that have the node open, as far as /proc may be read: "pid 812 (minicom)". `except_fd`
// of this process is left out.
std::vector<std::string> holders_of(const SerialDevice& device, int except_fd = -1);

// Nodes of the serial ports the kernel has: USB, ACM, UARTs that are really there. No ptys.
std::vector<std::string> serial_nodes();

}  // namespace carebench::links
