#include <cstdio>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "probes/sim/bluez/host.h"
#include "probes/sim/pty.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "device", "DEVICE", "a shipped virtual device, or a file", true},
    {Kind::value, "--on", "ENDPOINT",
     "pty: a pseudo-terminal; dbus: behind a bluetoothd of its own", true},
    {Kind::value, "--fault", "F", "break it in this way"},
    {Kind::value, "--serial", "TEXT", "its serial number"},
    {Kind::value, "--seed", "N", "another seed for its noise"},
    {Kind::value, "--link", "PATH", "make PATH a link to the pseudo-terminal"},
    {Kind::value, "--observe", "FILE", "write the device's final state there"},
};

int misused(std::string message) {
  return report_error({Errc::usage, Blame::profile, std::move(message), {}, {}});
}

int on_pty(const Arguments& arguments, std::optional<std::uint64_t> seed, std::stop_token stop) {
  sim::PtyOptions options;
  options.faults = arguments.value("fault");
  options.serial = arguments.value("serial");
  options.link_path = arguments.value("link");
  options.observe = arguments.value("observe");
  options.seed = seed;
  const auto served = sim::serve_on_pty(arguments.value("device"), options, std::move(stop),
                                        [](const std::string& path) {
                                          std::printf("serial:%s\n", path.c_str());
                                          std::fflush(stdout);
                                        });
  return served ? 0 : report_error(served.error());
}

int on_dbus(const Arguments& arguments, std::stop_token stop) {
  if (!arguments.value("link").empty()) return misused("--link goes with --on pty");
  const sim::DbusOptions options{arguments.value("fault"), arguments.value("seed"),
                                 arguments.value("serial"), arguments.value("observe")};
  const auto served = sim::serve_on_dbus(arguments.value("device"), options, std::move(stop),
                                         [](const std::string& bus, const std::string& address) {
                                           std::printf("DBUS_SYSTEM_BUS_ADDRESS=%s\n%s\n",
                                                       bus.c_str(), address.c_str());
                                           std::fflush(stdout);
                                         });
  return served ? 0 : report_error(served.error());
}

int sim_command(const Arguments& arguments) {
  Interrupt interrupt;
  std::optional<std::uint64_t> seed;
  if (const auto& text = arguments.value("seed"); !text.empty()) {
    const auto number = parse_int(text);
    if (!number || *number < 0)
      return misused(cat("--seed ", text, ": a seed is a whole number from 0"));
    seed = static_cast<std::uint64_t>(*number);
  }
  const auto& endpoint = arguments.value("on");
  if (endpoint == "pty") return on_pty(arguments, seed, interrupt.token());
  if (endpoint == "dbus") return on_dbus(arguments, interrupt.token());
  return misused(cat("--on ", endpoint, ": this build serves pty and dbus"));
}

}  // namespace

extern const Command sim;
const Command sim{"sim", "stand a virtual device up on a real endpoint", args,
                  "Prints the address to use, then serves until it is stopped.\nExamples:\n"
                  "  carebench sim r60abd1-monitor --on pty --link /tmp/monitor\n"
                  "  carebench sim heart-rate-band --on dbus   (on the bus of "
                  "DBUS_SYSTEM_BUS_ADDRESS, else on one of its own)",
                  sim_command};

}  // namespace carebench::commands
