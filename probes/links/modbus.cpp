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

// An address as read: what the line or the connection needs.
struct Plan {
  Json extra;  // for the facts
  std::optional<SerialSettings> line;
  std::optional<TcpTarget> target;
};

Result<Plan> plan(const Address& address) {
  const bool tcp = address.target.starts_with(tcp_prefix);
  const auto unit = unit_of(address, tcp);
  if (!unit) return tl::unexpected(unit.error());
  Plan out;
  out.extra.set("modbus", Json::object().set("framing", tcp ? "tcp" : "rtu").set("unit", *unit));
  if (!tcp) {
    auto settings = SerialSettings::from(address, default_line());
    if (!settings) return tl::unexpected(settings.error());
    out.line = *settings;
    return out;
  }
  for (const auto& [key, value] : address.options)
    if (key != "unit") return usage(address, cat(key, "= is for serial lines, not for tcp"));
  out.target =
      TcpTarget::parse(std::string_view(address.target).substr(tcp_prefix.size()), tcp_port);
  if (!out.target)
    return usage(address, "write the target as tcp://HOST or tcp://HOST:502, IPv6 in brackets");
  return out;
}

Result<void> check(const Address& address) {
  const auto planned = plan(address);
  if (!planned) return tl::unexpected(planned.error());
  return {};
}

Result<std::unique_ptr<Link>> open(const Address& address, Clock&) {
  const auto planned = plan(address);
  if (!planned) return tl::unexpected(planned.error());
  if (planned->target) return open_tcp(address, *planned->target, planned->extra);
  return open_serial(address, address.target, *planned->line, planned->extra);
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
    &check,
    [](const Address& address) {
      return address.target.starts_with("tcp://") ? OctetKind::stream : OctetKind::serial;
    },
};

}  // namespace carebench::links
