// A command of the program: one file below cli/commands. It parses nothing itself: args.cpp turns
// its ArgSpecs into CLI11 options and hands the values over.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/error.h"

namespace carebench {

struct ArgSpec {
  enum class Kind { flag, value, list, positional, positional_list } kind = Kind::flag;
  std::string_view name;        // "-o,--output" or, positional, "profile"
  std::string_view value_name;  // "DIR"
  std::string_view help;
  bool required = false;
};

class Arguments {
 public:
  bool flag(std::string_view name) const { return flags_.contains(name); }
  const std::string& value(std::string_view name) const;  // "" when not given
  const std::vector<std::string>& list(std::string_view name) const;

 private:
  friend class ArgumentReader;
  std::map<std::string, bool, std::less<>> flags_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Command {
  std::string_view name, summary;
  std::span<const ArgSpec> args;
  std::string_view footer;  // examples, shown by --help
  // The exit code. Errors have been printed.
  int (*run)(const Arguments& arguments);
};

std::span<const Command* const> commands_table();  // generated, sorted

// Parses and runs; the program's exit code.
int run_command_line(int argc, char** argv);

std::string_view program_version();
std::string_view program_build();

// Prints "carebench: error: …" with position and excerpt on stderr; gives its exit code.
int report_error(const Error& error);

}  // namespace carebench
