// What a profile's author may write: the checks, and of one its roles, parameters and values.
#include <cstdio>

#include "cli/command.h"
#include "cli/console.h"
#include "profiles/check.h"
#include "standards/vocab/json.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "id", "ID", "of one check: what it takes and what it gives"},
    {Kind::flag, "--json", "", "print JSON"},
};

std::string_view name_of(ParamKind kind) {
  constexpr std::string_view names[] = {"text",    "number", "whole number", "duration",
                                        "boolean", "unit",   "texts",        "durations",
                                        "numbers", "file",   "tree"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(OutputKind kind) {
  constexpr std::string_view names[] = {"number", "truth", "text"};
  return names[static_cast<std::size_t>(kind)];
}

// As it would stand in a profile; "": nothing.
std::string default_of(const ParamSpec& param) {
  return param.required ? "required" : std::string(param.fallback);
}

// What is judged when a profile names no limit for the value.
std::string expectation_of(const Output& output) {
  if (!output.expected) return "";
  return *output.expected ? "true" : "false";
}

Json json_of(const Check& check) {
  Json json = Json::object();
  json.set("id", check.id)
      .set("revision", check.revision)
      .set("summary", check.summary)
      .set("hazard", to_string(check.hazard));
  Json roles = Json::array(), params = Json::array(), outputs = Json::array();
  for (const RoleSpec& role : check.roles)
    roles.push(Json::object()
                   .set("role", role.name)
                   .set("required", role.required)
                   .set("summary", role.summary));
  for (const ParamSpec& param : check.params) {
    Json one = Json::object().set("name", param.name).set("kind", name_of(param.kind));
    one.set("required", param.required).set_if("default", std::string(param.fallback));
    params.push(one.set("summary", param.summary));
  }
  for (const Output& output : check.outputs) {
    Json one = Json::object().set("value", output.name).set("kind", name_of(output.kind));
    one.set_if("unit", std::string(output.unit));
    if (output.expected) one.set("expected", *output.expected);
    outputs.push(one.set("summary", output.statistic));
  }
  return json.set("roles", roles).set("parameters", params).set("values", outputs);
}

std::string description(const Check& check) {
  std::vector<std::vector<std::string>> roles{{"ROLE", "", ""}},
      params{{"PARAMETER", "KIND", "DEFAULT", ""}}, outputs{{"VALUE", "UNIT", "EXPECTED", ""}};
  for (const RoleSpec& role : check.roles)
    roles.push_back({std::string(role.name), role.required ? "required" : "optional",
                     std::string(role.summary)});
  for (const ParamSpec& param : check.params)
    params.push_back({std::string(param.name), std::string(name_of(param.kind)), default_of(param),
                      std::string(param.summary)});
  for (const Output& output : check.outputs)
    outputs.push_back(
        {std::string(output.name),
         output.unit.empty() ? std::string(name_of(output.kind)) : std::string(output.unit),
         expectation_of(output), std::string(output.statistic)});
  std::string text = cat(check.id, ": ", check.summary, "\n");
  if (check.hazard != Hazard::none)
    text += cat("hazard: ", to_string(check.hazard), "; the profile needs safe actions\n");
  text += cat("\n", table(roles));
  if (params.size() > 1) text += cat("\n", table(params));
  return text += cat("\n", table(outputs));
}

int checks_command(const Arguments& arguments) {
  const std::string& id = arguments.value("id");
  if (!id.empty()) {
    const Check* check = find_check(id);
    if (!check)
      return report_error({Errc::usage,
                           Blame::profile,
                           cat("there is no check \"", printable(id), '"',
                               suggestion(id, check_ids()), "; carebench checks lists them"),
                           {},
                           {}});
    std::printf(
        "%s",
        (arguments.flag("json") ? json_of(*check).dump(2) + "\n" : description(*check)).c_str());
    return 0;
  }
  Json all = Json::array();
  std::vector<std::vector<std::string>> rows{{"CHECK", ""}};
  for (const Check* check : checks_table()) {
    all.push(json_of(*check));
    rows.push_back({std::string(check->id), std::string(check->summary)});
  }
  std::printf("%s", (arguments.flag("json") ? all.dump(2) + "\n" : table(rows)).c_str());
  return 0;
}

}  // namespace

extern const Command checks;
const Command checks{"checks", "the checks that a profile may use, their parameters and values",
                     args,
                     "Examples:\n  carebench checks\n  carebench checks security/pairing\n"
                     "  carebench checks latency/interval --json",
                     checks_command};

}  // namespace carebench::commands
