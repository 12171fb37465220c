#include "profiles/laboratory_budget.h"

#include "profiles/job.h"
#include "profiles/profile.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

// "{unit}" is the unit of the step's quantity.
std::optional<Unit> unit_of(const Output& output, const StepSpec& step) {
  if (output.unit == "{unit}") return step.with.unit("unit");
  return Unit::parse(output.unit);
}

std::string measured_name(const Output& output, const StepSpec& step) {
  constexpr std::string_view placeholder = "{quantity}";
  std::string name(output.name);
  if (const auto at = name.find(placeholder); at != name.npos)
    name.replace(at, placeholder.size(), step.with.text("quantity"));
  return name;
}

}  // namespace

LaboratoryBudget read_laboratory_budget(const yaml::Node& node, bool in_job, Problems& problems) {
  yaml::MapReader map(node, problems);
  LaboratoryBudget budget;
  budget.node = node;
  if (in_job) budget.step = map.text("step");
  budget.value = map.text("value");
  const auto components = map.list("components");
  if (components.empty() && map.has("components"))
    map.optional("components").problem(problems, "no component: leave the entry out");
  budget.components = read_budget(components, problems);
  return budget;
}

void check_budget(const LaboratoryBudget& budget, const StepSpec& step, Problems& problems) {
  const Output* output = step.output(budget.value);
  const auto at = budget.node.find("value");
  if (!output) {
    std::vector<std::string_view> names;
    for (const auto& entry : step.check->outputs) names.push_back(entry.name);
    return at.problem(problems, cat("the check has no output \"", printable(budget.value), "\"",
                                    suggestion(budget.value, names)));
  }
  const auto unit = unit_of(*output, step);
  if (output->kind != OutputKind::number || !unit)
    return at.problem(problems, "this output is no number and has no uncertainty");
  Budget components = budget.components;
  if (!in_unit(components, *unit))
    budget.node.find("components")
        .problem(problems, cat("a component in a unit that does not convert to ", unit->code(),
                               ", the unit of ", budget.value, ", wants its `sensitivity`"));
}

std::map<std::string, Budget, std::less<>> laboratory_budgets(const StepSpec& step,
                                                              const Job& job) {
  std::map<std::string, Budget, std::less<>> all;
  const auto add = [&](const LaboratoryBudget& budget) {
    const Output* output = step.output(budget.value);
    Budget components = budget.components;
    in_unit(components, *unit_of(*output, step));
    Budget& of = all[measured_name(*output, step)];
    of.insert(of.end(), components.begin(), components.end());
  };
  for (const auto& budget : step.budgets) add(budget);
  for (const auto& budget : job.budgets)
    if (budget.step == step.id) add(budget);
  return all;
}

}  // namespace carebench
