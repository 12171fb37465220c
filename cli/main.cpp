#include "cli/command.h"

int main(int argc, char** argv) { return carebench::run_command_line(argc, argv); }
