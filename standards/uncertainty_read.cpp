// The components that a laboratory writes into a profile, a job or beside an instrument.
#include <algorithm>
#include <array>
#include <cmath>

#include "standards/stats/moments.h"
#include "standards/uncertainty.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_components = 50, most_readings = 10'000;
constexpr double largest = 1e12;
constexpr std::array<std::string_view, 5> ways = {"half_width", "expanded", "standard",
                                                  "standard_deviation", "readings"};

double positive(yaml::MapReader& map, std::string_view key, Problems& problems) {
  const double value = map.number(key);
  if (value > 0 && value <= largest) return value;
  if (map.has(key))
    map.optional(key).problem(problems, cat(key, " must be above 0 and at most ", largest));
  return 1;
}

UncertaintyComponent from_readings(yaml::MapReader& map, Text2 name, Unit unit, std::string source,
                                   Problems& problems) {
  const std::vector<yaml::Node> nodes = map.list("readings");
  stats::Moments moments;
  if (nodes.size() > most_readings)
    map.problem(cat("more than ", most_readings, " readings: give standard_deviation and n"));
  else
    for (const yaml::Node& node : nodes)
      moments.add(std::clamp(yaml::to_number(node, problems), -largest, largest));
  if (moments.n() < 2) {
    map.problem("a standard deviation wants two readings at least");
    return repeated(std::move(name), 1, 2, unit, std::move(source));
  }
  return repeated(std::move(name), moments.sd(), moments.n(), unit, std::move(source));
}

UncertaintyComponent read_value(yaml::MapReader& map, std::string_view way, Text2 name, Unit unit,
                                std::string source, Problems& problems) {
  if (way == "readings") return from_readings(map, name, unit, std::move(source), problems);
  const double given = positive(map, way, problems);
  if (way == "expanded")
    return expanded(std::move(name), given, positive(map, "k", problems), unit, std::move(source));
  if (way == "standard") return standard(std::move(name), given, unit, std::move(source));
  if (way == "standard_deviation")
    return repeated(std::move(name), given, map.integer("n", 2, 1'000'000'000), unit,
                    std::move(source));
  constexpr std::array<std::string_view, 3> shapes = {"rectangular", "triangular", "u_shaped"};
  const auto shape = distribution_from(shapes[map.choice_or("distribution", shapes, 0)]);
  return half_width(std::move(name), given, unit, *shape, std::move(source));
}

UncertaintyComponent read_component(const yaml::Node& node, Problems& problems) {
  yaml::MapReader map(node, problems);
  Text2 name = map.text2("name");
  const Unit unit = map.unit_or("unit", Unit());
  std::string source = map.text("source");
  std::vector<std::string_view> given;
  for (const std::string_view way : ways)
    if (map.has(way)) given.push_back(way);
  UncertaintyComponent out;
  if (given.size() != 1)
    map.problem(cat("a component gives one of: ", join({ways.begin(), ways.end()}, ", "),
                    given.empty() ? "" : "; not several"));
  else
    out = read_value(map, given[0], std::move(name), unit, std::move(source), problems);
  for (const std::string_view way : given) map.optional(way);
  if (map.has("dof")) {
    const double dof = map.number("dof");
    if (out.type == 'A')
      map.optional("dof").problem(problems, "it follows from the number of readings: leave it out");
    else if (dof < 1)
      map.optional("dof").problem(problems, "degrees of freedom are 1 at least");
    else
      out.dof = dof;
  }
  out.sensitivity = std::nan("");
  if (map.has("sensitivity")) out.sensitivity = map.number("sensitivity");
  return out;
}

}  // namespace

Budget read_budget(const std::vector<yaml::Node>& components, Problems& problems) {
  Budget budget;
  if (components.size() > most_components) {
    components.front().problem(problems, cat("more than ", most_components, " components"));
    return budget;
  }
  for (const yaml::Node& node : components) budget.push_back(read_component(node, problems));
  return budget;
}

bool in_unit(Budget& budget, Unit unit) {
  for (UncertaintyComponent& one : budget) {
    if (!std::isnan(one.sensitivity)) continue;
    const std::optional<double> factor = one.unit.convert_difference(1, unit);
    if (!factor) return false;
    one.sensitivity = *factor;
  }
  return true;
}

}  // namespace carebench
