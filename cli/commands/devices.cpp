#include <cstdio>

#include "cli/command.h"
#include "cli/console.h"
#include "probes/link_driver.h"
#include "standards/vocab/json.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::flag, "--json", "", "print JSON"},
    {Kind::flag, "--sim", "", "list the shipped virtual devices too"},
};

int devices_command(const Arguments& arguments) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"ADDRESS", "WHAT", "ACCESS"}};
  int code = 0;
  for (const auto* driver : link_drivers()) {
    if (driver->scheme == "sim" && !arguments.flag("sim")) continue;
    auto found = driver->scan();
    if (!found) {
      code = report_error(found.error());
      continue;
    }
    for (const auto& sighting : *found) {
      rows.push_back({sighting.address, printable(sighting.what),
                      sighting.accessible ? "ok" : sighting.why_not});
      list.push(Json::object()
                    .set("address", sighting.address)
                    .set("what", sighting.what)
                    .set("accessible", sighting.accessible)
                    .set("why_not", sighting.why_not)
                    .set("details", sighting.details));
    }
  }
  if (arguments.flag("json"))
    std::printf("%s\n", list.dump(2).c_str());
  else if (rows.size() == 1)
    std::printf("no device is attached that carebench could reach (virtual ones: --sim)\n");
  else
    std::printf("%s", table(rows).c_str());
  return code;
}

}  // namespace

extern const Command devices;
const Command devices{"devices", "what is attached, and what is seen but not accessible, and why",
                      args, "", devices_command};

}  // namespace carebench::commands
