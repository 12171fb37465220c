#include <cstdio>

#include "cli/command.h"
#include "probes/decode_family.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "family", "FAMILY", "what the octets are, as serial.r60abd1", true},
    {Kind::positional, "hex", "HEX", "the octets", true},
    {Kind::flag, "--json", "", "print JSON on one line"},
};

// Words, folded at 100 columns.
std::string folded(const std::vector<std::string>& words) {
  std::string out;
  std::size_t column = 0;
  for (const std::string& word : words) {
    if (column + word.size() + 1 > 100) column = 0;
    out += column ? " " : out.empty() ? "  " : "\n  ";
    out += word;
    column += column ? word.size() + 1 : word.size() + 2;
  }
  return out;
}

std::string all_families() {
  std::string out = "Families:\n";
  for (const auto* family : decode_families())
    out += cat(folded(members_of(*family)), "\n      ", family->summary, "\n");
  return out;
}

int refused(const Error& error, bool json) {
  if (json)
    std::printf("%s\n", Json::object().set("error", error.message).dump().c_str());
  else
    (void)report_error(error);
  return exit_code(error.code);
}

int decode_command(const Arguments& arguments) {
  const bool json = arguments.flag("json");
  const auto octets = from_hex(arguments.value("hex"));
  if (!octets)
    return refused({Errc::bad_input,
                    Blame::profile,
                    "not hexadecimal: give pairs of hex digits, as 53598102…",
                    {},
                    {}},
                   json);
  auto decoded = decode(arguments.value("family"), *octets);
  if (!decoded && decoded.error().code == Errc::usage && !json)
    std::fprintf(stderr, "%s", all_families().c_str());
  if (!decoded) return refused(decoded.error(), json);
  std::printf("%s\n", decoded->dump(json ? 0 : 2).c_str());
  return 0;
}

}  // namespace

extern const Command decode;
const Command decode{"decode", "say what octets mean", args,
                     "Example:\n  carebench decode serial.r60abd1 53598102000116465443\n"
                     "  carebench decode ble.2A37 1e5532002100\n"
                     "  carebench decode ble.2A52.write 0101   (octets that the device was sent)",
                     decode_command};

}  // namespace carebench::commands
