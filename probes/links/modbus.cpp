// `modbus:` opens the octets a Modbus conversation runs over: a serial port (RTU) or a TCP
// connection. The octets stay raw on the link and in the evidence; requests and answers are
// ModbusClient's, above the recorder. details.modbus = {"framing": "rtu" | "tcp", "unit": n} says
// how to talk.
#include <algorithm>
#include <array>

#include "probes/links/serial.h"
#include "probes/links/tcp.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

constexpr std::string_view tcp_prefix = "tcp://";
constexpr std::uint16_t tcp_port = 502;

tl::unexpected<Error> usage(const Address& address, std::string message) {
  return fail(Errc::usage, Blame::bench,
              cat("address \"", printable(address.text), "\": ", message));
}

Result<int> unit_of(const Address& address, bool tcp) {
  const auto option = address.options.find("unit");
  if (option == address.options.end()) return 1;
  const auto unit = parse_int(option->second);
  const bool fits = unit && ((*unit >= 0 && *unit <= 247) || (tcp && *unit == 255));
  if (fits) return static_cast<int>(*unit);
  return usage(address,
               cat("unit=", printable(option->second), " is none: 1 to 247, 0 to broadcast",
                   tcp ? ", 255 for the device itself" : ""));
}

// Serial Line V1.02, 2.5.1.1: a parity bit by default, else a second stop bit.
SerialSettings default_line() {
  SerialSettings settings;
  settings.baud = 19200;
  settings.mode = {8, 'E', 1};
  return settings;
}

Result<std::unique_ptr<Link>> open(const Address& address, Clock&) {
  const bool tcp = address.target.starts_with(tcp_prefix);
  const auto unit = unit_of(address, tcp);
  if (!unit) return tl::unexpected(unit.error());
  Json modbus;
  modbus.set("framing", tcp ? "tcp" : "rtu");
  modbus.set("unit", *unit);
  Json extra;
  extra.set("modbus", std::move(modbus));

  if (!tcp) {
    auto settings = SerialSettings::from(address, default_line());
    if (!settings) return tl::unexpected(settings.error());
    return open_serial(address, address.target, *settings, extra);
  }
  for (const auto& [key, value] : address.options) {
    if (key != "unit") return usage(address, cat(key, "= is for serial lines, not for tcp"));
  }
  const auto target =
      TcpTarget::parse(std::string_view(address.target).substr(tcp_prefix.size()), tcp_port);
  if (!target) {
    return usage(address, "write the target as tcp://HOST or tcp://HOST:502, IPv6 in brackets");
  }
  return open_tcp(address, *target, extra);
}

// Nothing shows that Modbus is spoken on a port: `serial` lists the ports.
Result<std::vector<Sighting>> scan() { return std::vector<Sighting>(); }

constexpr std::array<std::string_view, 6> options = {"unit", "baud", "mode", "flow", "dtr", "rts"};

}  // namespace

extern const LinkDriver modbus;
const LinkDriver modbus{
    "modbus",
    "a Modbus device: RTU on a serial port, or Modbus/TCP",
    "modbus:/dev/ttyUSB0?unit=1&baud=19200&mode=8E1 or modbus:tcp://HOST:502?unit=1",
    options,
    &scan,
    &open,
};

}  // namespace carebench::links
