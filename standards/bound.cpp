#include "standards/bound.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_bands = 64, most_values = 1000;
// An index this near to a step of a table stands on it: 4.2 computed from readings is 4.2.
constexpr double same_step = 1e-9;

std::string shown(const Bound::Band& band) {
  std::string out;
  if (band.slope == 0 || band.offset != 0) out = cat(band.offset);
  if (band.slope != 0) out += cat(out.empty() ? "" : " + ", band.slope, " * x");
  if (band.floor) out = cat("max(", *band.floor, ", ", out, ")");
  return out;
}

void read_values(yaml::MapReader& map, Bound& bound, Problems& problems) {
  Bound::Table table;
  table.from = map.number("from");
  table.step = map.number("step");
  static constexpr std::string_view rules[] = {"next_higher"};
  static constexpr std::string_view beyonds[] = {"fail", "no_limit"};
  map.choice("rule", rules);
  table.beyond_fails = map.choice("beyond", beyonds) == 0;
  if (!(table.step > 0)) map.problem("the step of a table is above zero");
  for (const yaml::Node& value : map.list("values"))
    table.values.push_back(yaml::to_number(value, problems));
  if (table.values.size() < 2 || table.values.size() > most_values)
    map.problem(cat("a table has 2 to ", most_values, " values"));
  bound.table = std::move(table);
}

Bound::Band read_band(yaml::MapReader& map, Problems& problems) {
  Bound::Band band;
  band.span = read_span(map);
  if (!map.has("offset") && !map.has("slope"))
    map.problem("a band says how wide it is: \"offset\", \"slope\" or both");
  band.offset = map.number_or("offset", 0);
  band.slope = map.number_or("slope", 0);
  if (map.has("floor")) band.floor = map.number("floor");
  if (band.floor && band.slope == 0)
    map.optional("floor").problem(problems, "a floor under a level band says nothing: drop it");
  return band;
}

// Where one band ends the next one begins: `to: 3` before `above: 3`, `below: 3` before `from: 3`;
// with a resolution r, `to: 3` before `from: 3 + r`.
void check_joint(const Bound& bound, const Span& before, const Span& after, const yaml::Node& node,
                 Problems& problems) {
  if (!before.high || !after.low)
    return node.problem(problems, "only the first band is open below, only the last one above");
  const double step = bound.resolution;
  const bool closed = !before.high_open && !after.low_open;
  const double gap = *after.low - *before.high;
  if (gap < 0 || (gap == 0 && closed))
    return node.problem(problems,
                        cat("the band overlaps the one before, which ends at ", *before.high));
  const bool on_grid = step > 0 && closed && std::abs(gap - step) < step / 1000;
  const bool meets = gap == 0 && before.high_open != after.low_open;
  if (!on_grid && !meets)
    node.problem(problems, cat("there is a gap between ", *before.high,
                               " and this band: where one band has \"to\" the next has "
                               "\"above\", where one has \"below\" the next has \"from\""));
}

}  // namespace

bool Span::contains(double x) const {
  if (low && (low_open ? !(x > *low) : !(x >= *low))) return false;
  if (high && (high_open ? !(x < *high) : !(x <= *high))) return false;
  return !std::isnan(x);
}

std::string Span::text(std::string_view name, std::string_view unit) const {
  std::string out;
  if (low && high)
    out = cat(*low, low_open ? " < " : " <= ", name, high_open ? " < " : " <= ", *high);
  else if (low)
    out = cat(name, low_open ? " > " : " >= ", *low);
  else if (high)
    out = cat(name, high_open ? " < " : " <= ", *high);
  else
    return cat("any ", name);
  return unit.empty() ? out : cat(out, " ", unit);
}

std::optional<Bound::Value> Bound::at(double index) const {
  if (!std::isfinite(index)) return std::nullopt;
  if (table) {
    const double steps = (index - table->from) / table->step;
    if (steps < -same_step) return std::nullopt;
    const double up = std::max(std::ceil(steps - same_step), 0.0);
    if (up >= static_cast<double>(table->values.size())) return std::nullopt;
    const auto value = [&](double at) { return table->values[static_cast<std::size_t>(at)]; };
    return Value{value(up), value(std::max(std::floor(steps + 0.5), 0.0))};
  }
  // Rounded as the bands are printed; a tie goes to even, as GB/T 8170 has it.
  const double x = resolution > 0 ? std::nearbyint(index / resolution) * resolution : index;
  for (const Band& band : bands) {
    Span span = band.span;
    if (resolution > 0) {
      // The rounded index is a multiple of the step but for its last binary digit.
      const double slack = resolution / 1000;
      if (span.low) *span.low += span.low_open ? slack : -slack;
      if (span.high) *span.high += span.high_open ? -slack : slack;
    }
    if (!span.contains(x)) continue;
    const double line = band.offset + band.slope * std::abs(index);
    return Value{band.floor ? std::max(line, *band.floor) : line, std::nullopt};
  }
  return std::nullopt;
}

bool Bound::fails_at(double index) const {
  if (!table || !table->beyond_fails) return false;
  const double last = table->from + table->step * static_cast<double>(table->values.size() - 1);
  return index > last && !at(index);
}

std::string Bound::text() const {
  const auto number_unit = [](std::string text, Unit of) {
    return of == Unit() ? text : cat(text, " ", of.code());
  };
  if (table)
    return number_unit(
        cat("table by ", by, ", ", table->values.front(), " to ", table->values.back()), unit);
  std::vector<std::string> parts;
  for (const Band& band : bands) {
    const bool everywhere = !band.span.low && !band.span.high;
    std::string part = shown(band);
    if (!everywhere) part += cat(" (", band.span.text("x"), ")");
    parts.push_back(std::move(part));
  }
  return cat(number_unit(join(parts, ", "), unit), ", x = ", number_unit(by, by_unit));
}

Span read_span(yaml::MapReader& map) {
  Span span;
  const auto end = [&map](std::string_view closed, std::string_view open, bool& is_open) {
    std::optional<double> at;
    if (map.has(closed)) at = map.number(closed);
    if (map.has(open)) {
      if (at) map.problem(cat("either \"", closed, "\" or \"", open, "\", not both"));
      at = map.number(open);
      is_open = true;
    }
    return at;
  };
  span.low = end("from", "above", span.low_open);
  span.high = end("to", "below", span.high_open);
  if (span.low && span.high) {
    const bool point = *span.low == *span.high && !span.low_open && !span.high_open;
    if (*span.low >= *span.high && !point)
      map.problem(cat("nothing lies between ", *span.low, " and ", *span.high));
  }
  return span;
}

Bound read_bound(const yaml::Node& node, std::optional<Unit> unit, Problems& problems) {
  static constexpr std::string_view indices[] = {"reference", "device", "declared", "abs_bias"};
  Bound bound;
  yaml::MapReader map(node, problems);
  if (!unit) map.required("unit");
  bound.unit = unit ? *unit : map.unit_or("unit", Unit());
  bound.by = indices[map.choice("by", indices)];
  bound.by_unit = map.unit_or("index_unit", bound.unit);
  if (map.has("values")) {
    read_values(map, bound, problems);
    return bound;
  }
  bound.resolution = map.number_or("resolution", 0);
  if (bound.resolution < 0) map.optional("resolution").problem(problems, "a step is above zero");
  if (!map.has("bands")) {
    bound.bands.push_back(read_band(map, problems));
    return bound;
  }
  for (const yaml::Node& item : map.list("bands")) {
    yaml::MapReader entry(item, problems);
    Bound::Band band = read_band(entry, problems);
    if (!bound.bands.empty())
      check_joint(bound, bound.bands.back().span, band.span, item, problems);
    bound.bands.push_back(std::move(band));
  }
  if (bound.bands.empty() || bound.bands.size() > most_bands)
    map.problem(cat("a bound has 1 to ", most_bands, " bands"));
  return bound;
}

}  // namespace carebench
