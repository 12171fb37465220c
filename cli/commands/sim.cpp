#include <cstdio>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "probes/sim/pty.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "device", "DEVICE", "a shipped virtual device, or a file", true},
    {Kind::value, "--on", "ENDPOINT", "pty: a pseudo-terminal", true},
    {Kind::value, "--fault", "F", "break it in this way"},
    {Kind::value, "--serial", "TEXT", "its serial number"},
    {Kind::value, "--seed", "N", "another seed for its noise"},
    {Kind::value, "--link", "PATH", "make PATH a link to the pseudo-terminal"},
    {Kind::value, "--observe", "FILE", "write the device's final state there"},
};

int sim_command(const Arguments& arguments) {
  Interrupt interrupt;
  if (arguments.value("on") != "pty")
    return report_error({Errc::usage,
                         Blame::profile,
                         cat("--on ", arguments.value("on"), ": this build serves pty"),
                         {},
                         {}});
  sim::PtyOptions options;
  options.faults = arguments.value("fault");
  options.serial = arguments.value("serial");
  options.link_path = arguments.value("link");
  options.observe = arguments.value("observe");
  if (const auto& text = arguments.value("seed"); !text.empty()) {
    const auto seed = parse_int(text);
    if (!seed || *seed < 0)
      return report_error({Errc::usage,
                           Blame::profile,
                           cat("--seed ", text, ": a seed is a whole number from 0"),
                           {},
                           {}});
    options.seed = static_cast<std::uint64_t>(*seed);
  }
  auto served = sim::serve_on_pty(arguments.value("device"), options, interrupt.token(),
                                  [](const std::string& path) {
                                    std::printf("serial:%s\n", path.c_str());
                                    std::fflush(stdout);
                                  });
  return served ? 0 : report_error(served.error());
}

}  // namespace

extern const Command sim;
const Command sim{"sim", "stand a virtual device up on a real endpoint", args,
                  "Prints the address to use, then serves until it is stopped.\nExample:\n"
                  "  carebench sim r60abd1-monitor --on pty --link /tmp/monitor",
                  sim_command};

}  // namespace carebench::commands
