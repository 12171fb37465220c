#include <cstdio>

#include "cli/command.h"
#include "standards/vocab/text.h"

namespace carebench {

std::string_view program_version() { return CAREBENCH_VERSION; }

std::string_view program_build() { return "g++ " __VERSION__; }

int report_error(const Error& error) {
  std::fprintf(stderr, "carebench: %s\n", error.text().c_str());
  return exit_code(error.code);
}

}  // namespace carebench
