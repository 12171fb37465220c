#include <cstdio>

#include "cli/command.h"
#include "probes/hci/rebuild.h"
#include "profiles/run/derive.h"
#include "profiles/run/session.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "directory", "DIR", "run directory", true},
    {Kind::value, "-f,--format", "FORMAT", "hci"},
    {Kind::value, "-o,--output", "FILE", "file to write (default DIR/export.hci.pcapng)"},
};

int export_command(const Arguments& arguments) {
  const auto& directory = arguments.value("directory");
  if (const auto& format = arguments.value("format"); !format.empty() && format != "hci")
    return report_error({Errc::usage,
                         Blame::bench,
                         cat("there is no export format \"", printable(format), "\"; known is hci"),
                         {},
                         {}});
  const auto evidence = Evidence::read(cat(directory, "/", evidence_name));
  if (!evidence) return report_error(evidence.error());
  Bytes octets;
  const auto exported = hci::export_hci(**evidence, octets);
  if (!exported) return report_error(exported.error());
  const auto& wanted = arguments.value("output");
  const std::string path = wanted.empty() ? cat(directory, "/export.hci.pcapng") : wanted;
  if (auto written = write_whole(path, as_text(octets)); !written)
    return report_error(written.error());
  std::printf("%s: %llu packets, %s\n", path.c_str(),
              static_cast<unsigned long long>(exported->packets),
              exported->captured ? "as captured by the kernel"
                                 : "rebuilt from GATT values: no packet was captured");
  return 0;
}

}  // namespace

extern const Command export_;
const Command export_{
    "export", "write a run's evidence in another tool's shape", args,
    "hci: a pcapng file for Wireshark and btmon. What a tap (hci:hci0) captured is\n"
    "copied; without one, packets are rebuilt from the values, and the file says so.\n"
    "Rebuilt packets are never evidence.",
    export_command};

}  // namespace carebench::commands
