// One transport a file below probes/links; a driver is a const struct that CMake lists
// (probes/links/drivers.txt names the ones that are drivers).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/link.h"

namespace carebench {

// "serial:/dev/ttyUSB0?baud=9600&mode=8N1", "modbus:tcp://10.0.0.5:502?unit=1", "sim:NAME?fault=F"
struct Address {
  std::string scheme;  // "serial"
  std::string target;  // "/dev/ttyUSB0", "tcp://10.0.0.5:502", "NAME"
  std::map<std::string, std::string, std::less<>> options;
  std::string text;  // as typed
  // usage error with a suggestion for an unknown scheme or malformed text.
  static Result<Address> parse(std::string_view text);
};

// A device that is attached, or seen but not accessible, and why.
struct Sighting {
  std::string address;  // what to type after -d NAME=
  std::string what;     // "FT232R USB UART, serial A50285BI"
  bool accessible = false;
  std::string why_not;  // what to do: "permission denied: add yourself to group dialout"
  Json details;
};

struct LinkDriver {
  std::string_view scheme;                    // "serial"
  std::string_view summary;                   // for help
  std::string_view form;                      // "serial:/dev/ttyUSB0?baud=115200&mode=8N1"
  std::span<const std::string_view> options;  // keys allowed after '?'
  Result<std::vector<Sighting>> (*scan)();
  // Errors are told apart: not_found, busy, not_permitted, bad options (usage), each with what to
  // do.
  Result<std::unique_ptr<Link>> (*open)(const Address& address, Clock& clock);
  // Whether target and options read right (usage errors, or bad_input of a file it names); opens
  // nothing.
  Result<void> (*check)(const Address& address);
  // What the octets of such a device are.
  OctetKind (*octets)(const Address& address);
};

std::span<const LinkDriver* const> link_drivers();  // generated
const LinkDriver* link_driver(std::string_view scheme);
Result<std::unique_ptr<Link>> open_link(const Address& address, Clock& clock);

}  // namespace carebench
