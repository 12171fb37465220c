#include "probes/links/serial_port.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <utility>

#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

constexpr double baud_tolerance = 0.025;  // an 8N1 receiver slips at about twice that

tl::unexpected<Error> absent(const std::string& where, std::string_view how) {
  const std::vector<std::string> nodes = serial_nodes();
  return fail(Errc::not_found, Blame::bench,
              cat(where, how, "; ",
                  nodes.empty() ? std::string("no serial port is attached")
                                : cat("attached are ", join(nodes, ", ")),
                  ": plug the device in, or correct the address"));
}

tl::unexpected<Error> busy(const std::string& where, const SerialDevice& device, int our_fd) {
  const std::vector<std::string> holders = holders_of(device, our_fd);
  return fail(Errc::busy, Blame::bench,
              cat(where, "in use by ",
                  holders.empty() ? std::string("a process of another user, or unseen")
                                  : join(holders, ", "),
                  ": end it, then try again"));
}

tl::unexpected<Error> no_tty(const std::string& where) {
  return fail(Errc::usage, Blame::bench,
              cat(where, "not a serial port: give the node of one, as in serial:/dev/ttyUSB0"));
}

tl::unexpected<Error> open_error(const std::string& where, const SerialDevice& device, int error) {
  switch (error) {
    case ENOENT:
      return absent(where, "no such device");
    case ENXIO:
    case ENODEV:
    case EIO:
      return absent(where, "the node has no device behind it");
    case EBUSY:
      return busy(where, device, -1);
    case EACCES:
    case EPERM:
      return fail(Errc::not_permitted, Blame::bench,
                  cat(where, "permission denied: ",
                      device.group.empty() || device.group == "root"
                          ? std::string("ask for access to this node")
                          : cat("add yourself to the group ", device.group, " (sudo usermod -aG ",
                                device.group, " $USER) and log in again")));
    default:
      return fail(Errc::not_ready, Blame::bench, cat(where, system_text(error)));
  }
}

}  // namespace

std::string mismatch(const SerialSettings& asked, const SerialReadBack& made,
                     bool pseudo_terminal) {
  if (std::abs(made.baud - asked.baud) > baud_tolerance * asked.baud) {
    return cat(asked.baud, " baud asked for, the driver makes ", made.baud);
  }
  const bool same_stop = made.mode.stop_bits == asked.mode.stop_bits;
  if (!pseudo_terminal && (!(made.mode == asked.mode) || !same_stop)) {
    return cat("mode ", asked.mode.text(), " asked for, the driver makes ", made.mode.text());
  }
  return {};
}

SerialPort::SerialPort(SerialPort&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      device_(std::move(other.device_)),
      details_(std::move(other.details_)) {}

SerialPort& SerialPort::operator=(SerialPort&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    device_ = std::move(other.device_);
    details_ = std::move(other.details_);
  }
  return *this;
}

void SerialPort::close() noexcept {
  if (fd_ < 0) return;
  discard_output(fd_);  // else close() waits up to 30 s for a stalled line
  if (!device_.pseudo_terminal) give_up_exclusive(fd_);
  ::close(fd_);
  fd_ = -1;
}

Result<SerialPort> SerialPort::open(const std::string& path, const SerialSettings& settings) {
  SerialPort port;
  port.device_ = SerialDevice::at(path);
  const std::string where = cat("serial port ", printable(path), ": ");
  if (!port.device_.exists) return absent(where, "no such device");
  if (!port.device_.character_device || port.device_.other_subsystem) return no_tty(where);
  port.fd_ = ::open(port.device_.node.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (port.fd_ < 0) return open_error(where, port.device_, errno);
  if (!read_back(port.fd_)) {
    return errno == EIO ? absent(where, "the node has no device behind it") : no_tty(where);
  }
  if (auto locked = port.lock(where); !locked) return tl::unexpected(locked.error());
  if (auto set = port.set_up(where, settings); !set) return tl::unexpected(set.error());
  return port;
}

Result<void> SerialPort::lock(const std::string& where) {
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) return busy(where, device_, fd_);
  if (device_.pseudo_terminal) return {};
  if (!holders_of(device_, fd_).empty()) return busy(where, device_, fd_);
  if (!take_exclusive(fd_)) {
    return fail(Errc::not_ready, Blame::bench,
                cat(where, "cannot be had exclusively: ", system_text(errno)));
  }
  return {};
}

Result<void> SerialPort::set_up(const std::string& where, const SerialSettings& settings) {
  details_ = Json::object();
  details_.set("device", device_.node);
  details_.set_if("driver", device_.driver);
  details_.set_if("usb", device_.usb);
  if (std::string problem = change(settings); !problem.empty()) {
    return fail(Errc::unsupported, Blame::bench,
                cat(where, problem, ": choose settings that the adapter can make"));
  }
  if (device_.pseudo_terminal) details_.set("pseudo_terminal", true);
  speed_up_adapter();
  return {};
}

std::string SerialPort::change(const SerialSettings& settings) {
  if (!apply(fd_, settings)) return cat("the driver refuses the settings: ", system_text(errno));
  const auto made = read_back(fd_);
  if (!made) return "the settings cannot be read back";
  if (std::string problem = mismatch(settings, *made, device_.pseudo_terminal); !problem.empty()) {
    return problem;
  }
  const bool dtr = set_dtr(fd_, settings.dtr);
  const bool rts = settings.flow == SerialFlow::rtscts || set_rts(fd_, settings.rts);
  if (!device_.pseudo_terminal) {
    if (settings.dtr_asked && !dtr) return "the driver cannot set dtr";
    if (settings.rts_asked && !rts) return "the driver cannot set rts";
  }
  details_.set("baud", made->baud);
  details_.set("baud_asked", settings.baud);
  details_.set("mode", settings.mode.text());
  details_.set("mode_read_back", made->mode.text());
  details_.set("bits_per_character", settings.mode.bits_per_character());
  details_.set("flow", to_string(settings.flow));
  details_.set("dtr", dtr ? Json(settings.dtr) : Json());
  const bool rts_is_ours = rts && settings.flow != SerialFlow::rtscts;
  details_.set("rts", rts_is_ours ? Json(settings.rts) : Json());
  return {};
}

// FTDI chips hold back a part-filled packet for 16 ms by default.
void SerialPort::speed_up_adapter() {
  const auto found = latency_timer(device_);
  if (!found) return;
  if (*found > 1) set_latency_timer(device_, 1);
  Json timer;
  timer.set("found", *found);
  timer.set("now", latency_timer(device_).value_or(*found));
  details_.set("latency_timer_ms", std::move(timer));
}

}  // namespace carebench::links
