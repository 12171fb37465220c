// `serial:` a tty as a link. Octets are handed in as they come, without framing.
//
// Threads: perform() runs on the step's thread while the reader polls wait_fd() and calls pump().
// Write and SetLine are safe beside that; around Connect and Disconnect the lane stops polling (the
// descriptor is closed and may be another one afterwards). wait_fd() is to be polled
// level-triggered: pump() may leave octets for the next call.
//
// A hang-up (unplugged, other side of a pty closed) is handed in once as lost; from then on
// wait_fd() is -1 until Connect, which waits up to its time-out for the device to come back, has
// opened it again.
#pragma once

#include <memory>
#include <string>

#include "probes/link_driver.h"
#include "probes/links/serial_line.h"

namespace carebench::links {

// `extra` is added to the facts' details. The errors are SerialPort's.
Result<std::unique_ptr<Link>> open_serial(const Address& address, const std::string& path,
                                          const SerialSettings& settings, const Json& extra);

// Every serial port of the machine, accessible or not, and why not.
Result<std::vector<Sighting>> scan_serial();

}  // namespace carebench::links
