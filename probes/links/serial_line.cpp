#include "probes/links/serial_line.h"

// <termios.h> knows named baud rates only and clashes with the kernel's header.
#include <asm/termbits.h>
#include <sys/ioctl.h>

#include <array>
#include <cerrno>

#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

constexpr std::array<std::string_view, 3> flow_names = {"none", "rtscts", "xonxoff"};

tl::unexpected<Error> usage(const Address& address, std::string message) {
  return fail(Errc::usage, Blame::bench,
              cat("address \"", printable(address.text), "\": ", message));
}

tcflag_t size_flag(int data_bits) {
  switch (data_bits) {
    case 5:
      return CS5;
    case 6:
      return CS6;
    case 7:
      return CS7;
    default:
      return CS8;
  }
}

tcflag_t mode_flags(const SerialMode& mode) {
  tcflag_t flags = size_flag(mode.data_bits);
  if (mode.parity != 'N') flags |= PARENB;
  if (mode.parity == 'O' || mode.parity == 'M') flags |= PARODD;
  if (mode.parity == 'M' || mode.parity == 'S') flags |= CMSPAR;
  if (mode.stop_bits > 1) flags |= CSTOPB;
  return flags;
}

SerialMode mode_from(tcflag_t flags) {
  SerialMode mode;
  const tcflag_t size = flags & CSIZE;
  mode.data_bits = size == CS5 ? 5 : size == CS6 ? 6 : size == CS7 ? 7 : 8;
  if ((flags & PARENB) != 0) {
    const bool odd = (flags & PARODD) != 0;
    const bool stick = (flags & CMSPAR) != 0;
    mode.parity = stick ? (odd ? 'M' : 'S') : (odd ? 'O' : 'E');
  }
  if ((flags & CSTOPB) != 0) mode.stop_bits = mode.data_bits == 5 ? 1.5 : 2;
  return mode;
}

Result<void> read_switch(const Address& address, std::string_view key, bool& value, bool& asked) {
  const auto found = address.options.find(key);
  if (found == address.options.end()) return {};
  if (found->second != "on" && found->second != "off") {
    return usage(address, cat(key, "=", printable(found->second), " is neither on nor off"));
  }
  value = found->second == "on";
  asked = true;
  return {};
}

bool modem_line(int fd, int line, bool on) {
  return ::ioctl(fd, on ? TIOCMBIS : TIOCMBIC, &line) == 0;
}

}  // namespace

std::optional<SerialMode> SerialMode::parse(std::string_view text) {
  if (text.size() < 3 || text[0] < '5' || text[0] > '8') return {};
  SerialMode mode;
  mode.data_bits = text[0] - '0';
  mode.parity = text[1] >= 'a' ? static_cast<char>(text[1] - 'a' + 'A') : text[1];
  if (std::string_view("NEOMS").find(mode.parity) == std::string_view::npos) return {};
  const std::string_view stop = text.substr(2);
  mode.stop_bits = stop == "1" ? 1 : stop == "1.5" ? 1.5 : stop == "2" ? 2 : 0;
  if (mode.stop_bits == 0) return {};
  if (mode.stop_bits == 1.5 && mode.data_bits != 5) return {};
  if (mode.stop_bits == 2 && mode.data_bits == 5) return {};
  return mode;
}

std::string SerialMode::text() const {
  return cat(data_bits, parity, stop_bits == 1.5 ? "1.5" : stop_bits == 2 ? "2" : "1");
}

double SerialMode::bits_per_character() const {
  return 1 + data_bits + (parity == 'N' ? 0 : 1) + stop_bits;
}

std::string_view to_string(SerialFlow flow) { return flow_names[static_cast<std::size_t>(flow)]; }

Result<SerialSettings> SerialSettings::from(const Address& address,
                                            const SerialSettings& defaults) {
  SerialSettings settings = defaults;
  const auto option = [&](std::string_view key) -> const std::string* {
    const auto found = address.options.find(key);
    return found == address.options.end() ? nullptr : &found->second;
  };
  if (const std::string* baud = option("baud")) {
    const auto value = parse_int(*baud);
    if (!value || *value < 1 || *value > 20'000'000) {
      return usage(address, cat("baud=", printable(*baud), " is no rate from 1 to 20000000"));
    }
    settings.baud = static_cast<int>(*value);
  }
  if (const std::string* mode = option("mode")) {
    const auto value = SerialMode::parse(*mode);
    if (!value) {
      return usage(address,
                   cat("mode=", printable(*mode),
                       " is none: data bits 5 to 8, parity N, E, O, M or S, stop bits 1 or "
                       "2 (1.5 instead of 2 with 5 data bits), as in 8N1"));
    }
    settings.mode = *value;
  }
  if (const std::string* flow = option("flow")) {
    std::size_t i = 0;
    while (i < flow_names.size() && flow_names[i] != *flow) ++i;
    if (i == flow_names.size()) {
      return usage(address, cat("flow=", printable(*flow), " is none of none, rtscts, xonxoff",
                                suggestion(*flow, std::span(flow_names))));
    }
    settings.flow = static_cast<SerialFlow>(i);
  }
  if (auto ok = read_switch(address, "dtr", settings.dtr, settings.dtr_asked); !ok) {
    return tl::unexpected(ok.error());
  }
  if (auto ok = read_switch(address, "rts", settings.rts, settings.rts_asked); !ok) {
    return tl::unexpected(ok.error());
  }
  if (settings.rts_asked && settings.flow == SerialFlow::rtscts) {
    return usage(address, "rts= and flow=rtscts exclude each other: the driver works rts");
  }
  return settings;
}

bool apply(int fd, const SerialSettings& settings) {
  termios2 tio{};
  if (::ioctl(fd, TCGETS2, &tio) != 0) return false;
  tio.c_iflag = settings.flow == SerialFlow::xonxoff ? tcflag_t{IXON | IXOFF} : tcflag_t{0};
  tio.c_oflag = 0;
  tio.c_lflag = 0;
  tio.c_cflag = CREAD | CLOCAL | mode_flags(settings.mode) | BOTHER | (BOTHER << IBSHIFT);
  if (settings.flow == SerialFlow::rtscts) tio.c_cflag |= CRTSCTS;
  tio.c_ispeed = static_cast<speed_t>(settings.baud);
  tio.c_ospeed = static_cast<speed_t>(settings.baud);
  // One octet at least: with 0, a read that finds nothing looks like a hang-up.
  tio.c_cc[VMIN] = 1;
  tio.c_cc[VTIME] = 0;
  tio.c_cc[VSTART] = 0x11;
  tio.c_cc[VSTOP] = 0x13;
  return ::ioctl(fd, TCSETS2, &tio) == 0;
}

std::optional<SerialReadBack> read_back(int fd) {
  termios2 tio{};
  if (::ioctl(fd, TCGETS2, &tio) != 0) return {};
  return SerialReadBack{static_cast<int>(tio.c_ospeed), mode_from(tio.c_cflag)};
}

bool set_dtr(int fd, bool on) { return modem_line(fd, TIOCM_DTR, on); }

bool set_rts(int fd, bool on) { return modem_line(fd, TIOCM_RTS, on); }

bool set_break(int fd, bool on) { return ::ioctl(fd, on ? TIOCSBRK : TIOCCBRK) == 0; }

std::optional<int> unsent_octets(int fd) {
  int octets = 0;
  if (::ioctl(fd, TIOCOUTQ, &octets) != 0) return {};
  return octets;
}

bool drain(int fd) { return ::ioctl(fd, TCSBRK, 1) == 0; }

void discard_output(int fd) { ::ioctl(fd, TCFLSH, TCOFLUSH); }

bool take_exclusive(int fd) { return ::ioctl(fd, TIOCEXCL) == 0; }

void give_up_exclusive(int fd) { ::ioctl(fd, TIOCNXCL); }

}  // namespace carebench::links
