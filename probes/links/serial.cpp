#include "probes/links/serial.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <vector>

#include "probes/links/serial_port.h"
#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

using Kind = Outcome::Kind;
using Performed = Link::Performed;

constexpr std::size_t read_at_once = 16384;
constexpr std::size_t tty_read_limit = 4095;  // n_tty hands over no more with one read
constexpr Duration retry_every = milliseconds(20);

bool hung_up(int error) {
  return error == EIO || error == ENXIO || error == ENODEV || error == EBADF;
}

bool is_hung_up(int fd) {
  pollfd asked{fd, 0, 0};
  return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

// Standard uncertainty of a stamp: the host's wake-up (50 us, unmeasured here), and the time an
// adapter may hold octets back, uniformly distributed.
Duration stamp_uncertainty(const SerialPort& port) {
  const double host_ms = 0.05;
  const bool usb = port.device().usb.is_object();
  const Json& timer = port.details()["latency_timer_ms"];
  const double held_ms = usb ? std::max(1.0, timer["now"].number(1)) : 0;
  return from_seconds(1e-3 * std::hypot(host_ms, held_ms / std::sqrt(12.0)));
}

class SerialLink final : public Link {
 public:
  SerialLink(std::string path, const SerialSettings& settings, SerialPort port, Facts facts)
      : path_(std::move(path)),
        settings_(settings),
        port_(std::move(port)),
        facts_(std::move(facts)),
        identity_(port_.device().usb),
        fd_(port_.fd()) {}
  ~SerialLink() override { close(); }

  const Facts& facts() const override { return facts_; }
  int wait_fd() const override { return fd_.load(std::memory_order_relaxed); }

  void close() noexcept override {
    fd_ = -1;
    port_.close();
  }

  void pump(Stamp now, Ingest& ingest) override {
    const int fd = wait_fd();
    if (fd < 0) return;
    std::size_t filled = 0;
    int error = EAGAIN;
    while (filled < buffer_.size()) {
      const ssize_t n = ::read(fd, buffer_.data() + filled, buffer_.size() - filled);
      if (n > 0) {
        filled += static_cast<std::size_t>(n);
        if (static_cast<std::size_t>(n) < tty_read_limit) break;
        continue;
      }
      if (n < 0 && errno == EINTR) continue;
      error = n == 0 ? EIO : errno;
      break;
    }
    if (filled > 0) ingest.frame(now, ByteView(buffer_.data(), filled));
    if (error == EAGAIN) return;
    fd_ = -1;
    ingest.lost(now, hung_up(error) ? cat("hung up: ", port_.device().node, " has gone away")
                                    : cat("cannot be read: ", system_text(error)));
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
        return set_line(std::get<SetLine>(op), timeout, stop);
      case OpKind::flush:
        return Performed{};
      default:
        return cannot(op);
    }
  }

 private:
  Result<Performed> connect(Duration timeout, const std::stop_token& stop) {
    if (wait_fd() >= 0 && !is_hung_up(wait_fd())) return Performed{Kind::done, "was connected"};
    port_.close();
    const Countdown countdown(timeout);
    for (;;) {
      auto port = SerialPort::open(path_, settings_);
      if (port) {
        port_ = std::move(*port);
        fd_ = port_.fd();
        break;
      }
      // A device that has just come back may not have its permissions yet.
      const bool may_come =
          port.error().code == Errc::not_found || port.error().code == Errc::not_permitted;
      if (!may_come) return tl::unexpected(port.error());
      if (countdown.over()) {
        if (port.error().code == Errc::not_permitted) return tl::unexpected(port.error());
        return Performed{Kind::timed_out, port.error().message};
      }
      if (sleep_for(std::min(retry_every, countdown.left()), stop) == Waited::stopped) {
        return stopped(cat("waiting for ", path_));
      }
    }
    if (port_.device().usb.dump() == identity_.dump()) return Performed{};
    return Performed{Kind::done,
                     cat("another device is on the port now: ", port_.device().title())};
  }

  Result<Performed> write(ByteView octets, Duration timeout, const std::stop_token& stop) {
    const int fd = port_.fd();
    if (fd < 0) return Performed{Kind::refused, "the line is closed: connect first"};
    const Countdown countdown(timeout);
    std::size_t sent = 0;
    const auto unfinished = [&](std::size_t left) {
      return Performed{Kind::timed_out,
                       cat(left, " of ", octets.size(), " octets had not left after ",
                           to_string(timeout), ": does flow control hold the line?")};
    };
    while (sent < octets.size()) {
      const ssize_t n = ::write(fd, octets.data() + sent, octets.size() - sent);
      if (n > 0) {
        sent += static_cast<std::size_t>(n);
        continue;
      }
      if (n < 0 && errno != EAGAIN && errno != EINTR) return write_failed(errno);
      const Waited waited = wait_for(fd, POLLOUT, countdown, stop);
      if (waited == Waited::stopped) return stopped(cat("writing to ", path_));
      if (waited == Waited::timed_out) return unfinished(octets.size() - sent);
    }
    // tcdrain() alone would wait for ever where flow control holds the line.
    while (const int left = unsent_octets(fd).value_or(0)) {
      const Duration character = from_seconds(settings_.mode.bits_per_character() / settings_.baud);
      const Duration pause =
          std::clamp(Duration{character.ns * left}, microseconds(200), milliseconds(5));
      if (sleep_for(pause, stop) == Waited::stopped) return stopped(cat("writing to ", path_));
      if (countdown.over()) return unfinished(static_cast<std::size_t>(left));
    }
    while (!drain(fd)) {
      if (errno != EINTR) return write_failed(errno);
      if (stop.stop_requested()) return stopped(cat("writing to ", path_));
    }
    return Performed{};
  }

  Performed write_failed(int error) const {
    if (hung_up(error)) {
      return {Kind::lost, cat("hung up: ", port_.device().node, " has gone away")};
    }
    return {Kind::refused, cat("cannot be written: ", system_text(error))};
  }

  Result<Performed> set_line(const SetLine& op, Duration timeout, const std::stop_token& stop) {
    if (port_.fd() < 0) return Performed{Kind::refused, "the line is closed: connect first"};
    SerialSettings settings = settings_;
    if (op.baud) settings.baud = *op.baud;
    if (op.mode) {
      const auto mode = SerialMode::parse(*op.mode);
      if (!mode) {
        return fail(Errc::bad_input, Blame::profile,
                    cat("\"", printable(*op.mode), "\" is no line mode: write it as 8N1"));
      }
      settings.mode = *mode;
    }
    if (settings.baud < 1) {
      return fail(Errc::bad_input, Blame::profile, cat(settings.baud, " is no baud rate"));
    }
    settings.dtr = op.dtr.value_or(settings.dtr);
    settings.rts = op.rts.value_or(settings.rts);
    settings.dtr_asked |= op.dtr.has_value();
    settings.rts_asked |= op.rts.has_value();
    if (std::string problem = port_.change(settings); !problem.empty()) {
      port_.change(settings_);
      return Performed{Kind::refused, std::move(problem)};
    }
    settings_ = settings;
    if (op.break_for) {
      if (*op.break_for > timeout) {
        return fail(Errc::bad_input, Blame::profile,
                    cat("a break of ", to_string(*op.break_for),
                        " is longer than the operation's time-out"));
      }
      if (!set_break(port_.fd(), true)) {
        return Performed{Kind::refused, cat("no break: ", system_text(errno))};
      }
      const Waited waited = sleep_for(*op.break_for, stop);
      set_break(port_.fd(), false);
      if (waited == Waited::stopped) return stopped("holding a break");
    }
    return Performed{Kind::done,
                     cat(port_.details()["baud"].integer(), " baud ", settings_.mode.text())};
  }

  const std::string path_;
  SerialSettings settings_;
  SerialPort port_;
  const Facts facts_;
  const Json identity_;  // USB identity at the first open
  std::atomic<int> fd_;  // what the reader polls: -1 while closed and after a hang-up
  std::array<std::uint8_t, read_at_once> buffer_;
};

}  // namespace

Result<std::unique_ptr<Link>> open_serial(const Address& address, const std::string& path,
                                          const SerialSettings& settings, const Json& extra) {
  auto port = SerialPort::open(path, settings);
  if (!port) return tl::unexpected(port.error());
  Facts facts;
  facts.transport = "serial";
  facts.address = address.text;
  facts.simulated = port->device().pseudo_terminal;
  facts.supports = {OpKind::connect, OpKind::disconnect, OpKind::write, OpKind::set_line,
                    OpKind::flush};
  facts.stamp_source = "user space after poll";
  facts.stamp_uncertainty = stamp_uncertainty(*port);
  facts.details = port->details();
  for (const auto& [key, value] : extra.members()) facts.details.set(key, value);
  return std::make_unique<SerialLink>(path, settings, std::move(*port), std::move(facts));
}

Result<std::vector<Sighting>> scan_serial() {
  std::vector<Sighting> sightings;
  for (const std::string& node : serial_nodes()) {
    const SerialDevice device = SerialDevice::at(node);
    Sighting sighting;
    sighting.address = cat("serial:", node);
    sighting.what = device.title();
    sighting.details.set_if("driver", device.driver);
    sighting.details.set_if("usb", device.usb);
    const std::vector<std::string> holders = holders_of(device);
    if (::access(node.c_str(), R_OK | W_OK) != 0) {
      sighting.why_not = cat(
          system_text(errno),
          device.group.empty() ? std::string() : cat(": add yourself to the group ", device.group));
    } else if (!holders.empty()) {
      sighting.why_not = cat("in use by ", join(holders, ", "), ": end it");
    } else {
      sighting.accessible = true;
    }
    sightings.push_back(std::move(sighting));
  }
  return sightings;
}

namespace {

Result<void> check(const Address& address) {
  auto settings = SerialSettings::from(address, {});
  if (!settings) return tl::unexpected(settings.error());
  return {};
}

Result<std::unique_ptr<Link>> open(const Address& address, Clock&) {
  auto settings = SerialSettings::from(address, {});
  if (!settings) return tl::unexpected(settings.error());
  return open_serial(address, address.target, *settings, {});
}

constexpr std::array<std::string_view, 5> options = {"baud", "mode", "flow", "dtr", "rts"};

}  // namespace

extern const LinkDriver serial;
const LinkDriver serial{
    "serial",
    "a serial port or USB-serial adapter, octets as they come",
    "serial:/dev/ttyUSB0?baud=115200&mode=8N1&flow=none&dtr=on&rts=on",
    options,
    &scan_serial,
    &open,
    &check,
    [](const Address&) { return OctetKind::serial; },
};

}  // namespace carebench::links
