// A TCP connection as a link: a stream of octets, cut anywhere. Used by modbus:tcp://…; knows
// nothing of Modbus. The reader and perform() may run side by side; around Connect and Disconnect
// the lane stops polling. TCP_NODELAY is set; a peer that vanished without a word is found out by
// keep-alive within about 25 s, and by unacknowledged data within 10 s.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "probes/link_driver.h"

namespace carebench::links {

struct TcpTarget {
  std::string host;  // name, IPv4 or IPv6 (without brackets)
  std::uint16_t port = 0;

  // "HOST", "HOST:502", "[2001:db8::1]:502"; nothing when malformed.
  static std::optional<TcpTarget> parse(std::string_view text, std::uint16_t default_port);
  std::string text() const;
};

// Connects within 5 s per address the name has. A peer on this very machine is a program:
// simulated. not_found: unknown name, no route, refused, or no answer, told apart in the text.
Result<std::unique_ptr<Link>> open_tcp(const Address& address, const TcpTarget& target,
                                       const Json& extra);

}  // namespace carebench::links
