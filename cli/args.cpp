// The only file that includes CLI11 (four seconds to compile).
#include <CLI/CLI.hpp>
#include <cstdio>
#include <deque>

#include "cli/command.h"
#include "standards/vocab/text.h"

namespace carebench {

namespace {

const std::string no_text;
const std::vector<std::string> no_list;

std::string long_name(std::string_view name) {
  const auto dashes = name.find("--");
  return std::string(dashes == std::string_view::npos ? name : name.substr(dashes + 2));
}

// CLI11 names no near miss; a misspelt option deserves one.
std::string near_miss(const Command* command, int argc, char** argv) {
  std::vector<std::string> known{"--help"};
  if (command)
    for (const auto& spec : command->args) known.push_back("--" + long_name(spec.name));
  for (int i = 1; i < argc; ++i) {
    const std::string word(argv[i]);
    const auto name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || std::find(known.begin(), known.end(), name) != known.end())
      continue;
    if (auto hint = suggestion(name, known); !hint.empty()) return hint;
  }
  return {};
}

}  // namespace

const std::string& Arguments::value(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() || it->second.empty() ? no_text : it->second.front();
}

const std::vector<std::string>& Arguments::list(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? no_list : it->second;
}

// Builds one CLI11 option an ArgSpec; the deques keep their addresses while it parses.
class ArgumentReader {
 public:
  void declare(CLI::App& app, const Command& command) {
    for (const auto& spec : command.args) {
      const auto name = long_name(spec.name);
      if (spec.kind == ArgSpec::Kind::flag) {
        flags_.emplace_back(name, false);
        app.add_flag(std::string(spec.name), flags_.back().second, std::string(spec.help));
        continue;
      }
      values_.emplace_back(name, std::vector<std::string>{});
      auto& target = values_.back().second;
      const bool positional =
          spec.kind == ArgSpec::Kind::positional || spec.kind == ArgSpec::Kind::positional_list;
      auto* option = app.add_option(std::string(spec.name), target, std::string(spec.help));
      if (!spec.value_name.empty()) option->type_name(std::string(spec.value_name));
      if (spec.kind == ArgSpec::Kind::value || spec.kind == ArgSpec::Kind::positional)
        option->expected(1);
      // One value a use, so that neither an option nor a positional swallows the one after it.
      if (spec.kind == ArgSpec::Kind::list) option->expected(1)->take_all();
      if (spec.kind != ArgSpec::Kind::positional_list) option->allow_extra_args(false);
      if (positional && spec.kind == ArgSpec::Kind::positional_list) option->expected(1, 1 << 16);
      if (spec.required) option->required();
    }
  }

  Arguments take() {
    Arguments arguments;
    for (auto& [name, set] : flags_)
      if (set) arguments.flags_[name] = true;
    for (auto& [name, list] : values_) arguments.values_[name] = list;
    return arguments;
  }

 private:
  std::deque<std::pair<std::string, bool>> flags_;
  std::deque<std::pair<std::string, std::vector<std::string>>> values_;
};

int run_command_line(int argc, char** argv) {
  CLI::App app{"carebench: a test bench for smart health and eldercare devices", "carebench"};
  app.require_subcommand(1);
  app.set_version_flag("--version", cat("carebench ", program_version()));
  app.get_formatter()->column_width(32);
  const Command* chosen = nullptr;
  ArgumentReader reader;
  // Options are declared for the command that is asked for only: declaring all costs start-up time.
  const std::string_view asked = argc > 1 ? argv[1] : "";
  std::vector<std::string> names;
  for (const Command* command : commands_table()) {
    names.emplace_back(command->name);
    auto* sub = app.add_subcommand(std::string(command->name), std::string(command->summary));
    if (command->name != asked) continue;
    chosen = command;
    sub->footer(std::string(command->footer));
    reader.declare(*sub, *command);
  }
  if (!asked.empty() && asked[0] != '-' && !chosen) {
    std::fprintf(stderr,
                 "carebench: there is no command \"%s\"%s\nRun carebench --help for the list.\n",
                 printable(asked).c_str(), suggestion(asked, names).c_str());
    return exit_status::usage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "carebench: %s%s\nRun carebench%s%s --help for more.\n", error.what(),
                 near_miss(chosen, argc, argv).c_str(), chosen ? " " : "",
                 chosen ? std::string(chosen->name).c_str() : "");
    return exit_status::usage;
  }
  return chosen->run(reader.take());
}

}  // namespace carebench
