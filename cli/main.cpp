#include <csignal>

#include "cli/command.h"

int main(int argc, char** argv) {
  // A file that may not grow is an error to tell (exit 74), after the safe actions; not a death.
  std::signal(SIGXFSZ, SIG_IGN);
  return carebench::run_command_line(argc, argv);
}
