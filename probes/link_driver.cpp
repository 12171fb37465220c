#include "probes/link_driver.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

tl::unexpected<Error> usage(std::string message) {
  return fail(Errc::usage, Blame::bench, std::move(message));
}

std::string known_schemes() {
  std::vector<std::string> names;
  for (const LinkDriver* driver : link_drivers()) names.push_back(cat(driver->scheme, ":"));
  return join(names, ", ");
}

}  // namespace

const LinkDriver* link_driver(std::string_view scheme) {
  for (const LinkDriver* driver : link_drivers()) {
    if (driver->scheme == scheme) return driver;
  }
  return nullptr;
}

Result<Address> Address::parse(std::string_view text) {
  Address address;
  address.text = text;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    return usage(cat("address \"", printable(text), "\" has no scheme: write one of ",
                     known_schemes(), " before the device, as in \"serial:/dev/ttyUSB0\""));
  }
  address.scheme = text.substr(0, colon);
  const LinkDriver* driver = link_driver(address.scheme);
  if (driver == nullptr) {
    std::vector<std::string_view> schemes;
    for (const LinkDriver* known : link_drivers()) schemes.push_back(known->scheme);
    return usage(cat("address \"", printable(text), "\": unknown scheme \"",
                     printable(address.scheme), "\"", suggestion(address.scheme, schemes),
                     "; known are ", known_schemes()));
  }
  const auto question = text.find('?', colon);
  address.target =
      text.substr(colon + 1, question == std::string_view::npos ? question : question - colon - 1);
  const std::string where = cat("address \"", printable(text), "\": ");
  if (address.target.empty() || address.target.find('\0') != std::string::npos) {
    return usage(
        cat(where, "no device after \"", address.scheme, ":\"; write it as ", driver->form));
  }
  if (question == std::string_view::npos) return address;

  for (const std::string_view option : split(text.substr(question + 1), '&')) {
    const auto equals = option.find('=');
    const std::string_view key = option.substr(0, equals);
    if (equals == std::string_view::npos || key.empty() || equals + 1 == option.size()) {
      return usage(cat(where, "option \"", printable(option), "\" is not of the form key=value"));
    }
    if (std::find(driver->options.begin(), driver->options.end(), key) == driver->options.end()) {
      return usage(cat(where, "unknown option \"", printable(key), "\"",
                       suggestion(key, driver->options), "; write the address as ", driver->form));
    }
    if (!address.options.emplace(key, option.substr(equals + 1)).second) {
      return usage(cat(where, "option \"", key, "\" is given twice"));
    }
  }
  return address;
}

Result<std::unique_ptr<Link>> open_link(const Address& address, Clock& clock) {
  const LinkDriver* driver = link_driver(address.scheme);
  if (driver == nullptr) {
    return usage(
        cat("unknown scheme \"", printable(address.scheme), "\"; known are ", known_schemes()));
  }
  return driver->open(address, clock);
}

}  // namespace carebench
