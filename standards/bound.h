// Bounds that are no single number: they depend on another value, the index. Either bands, each
// with a straight line ("below 100 mg/dL +-15 mg/dL, else 15 %", "the larger of 3 mmHg and 2 % of
// the reading"), or a printed table ("ISO 81060-2 Table 1, by |bias|"). Pure; the index comes from
// whoever has it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "standards/vocab/quantity.h"
#include "standards/vocab/yaml.h"

namespace carebench {

// A stretch of numbers; an end that is missing is open to infinity. In YAML: `from` (>=), `above`
// (>), `to` (<=), `below` (<).
struct Span {
  std::optional<double> low, high;
  bool low_open = false, high_open = false;  // the end itself lies outside
  bool contains(double x) const;
  std::string text(std::string_view name, std::string_view unit = {}) const;  // "35.3 <= x < 37"
};

struct Bound {
  // offset + slope * |index|, and never less than `floor`.
  struct Band {
    Span span;
    double offset = 0, slope = 0;
    std::optional<double> floor;
  };
  // values[i] stands at from + i * step; an index between two takes the next-higher one.
  struct Table {
    double from = 0, step = 1;
    std::vector<double> values;
    bool beyond_fails = false;  // above the last index nothing conforms; else there is no bound
  };

  // "reference", "device" (the pair's own values), "declared" (the manufacturer's value), or a
  // statistic of the same series: "abs_bias" (|bias|).
  std::string by;
  Unit by_unit, unit;       // of the index and of the bound
  std::vector<Band> bands;  // one or more, gapless and rising, or none where there is a table
  double resolution = 0;    // > 0: bands are printed to this step, and the index is rounded to it
  std::optional<Table> table;

  struct Value {
    double value = 0;
    // Of a table: what stands at the nearest index; the reader sees both.
    std::optional<double> nearest;
  };
  // Nothing where the index lies outside all bands, or beyond the table. `index` is in by_unit.
  std::optional<Value> at(double index) const;
  // The index lies above a table that says: nothing conforms there.
  bool fails_at(double index) const;
  bool by_pair() const { return by == "reference" || by == "device"; }
  std::string text() const;  // "0.3 (reference < 35.3), 0.2 (…)", "table by abs_bias"
};

// {by: reference, index_unit: mm[Hg], offset: …, slope: …, floor: …}, one band everywhere; or
// {by: …, bands: [{below: 100, offset: 15}, {from: 100, slope: 0.15}], resolution: …}; or
// {by: …, from: 0, step: 0.1, rule: next_higher, beyond: fail, values: […]}.
// index_unit is the bound's own unit where it is not given; that is `unit`, or, where there is
// none, the map's own key "unit". Gaps, overlaps, falling edges are problems.
Bound read_bound(const yaml::Node& node, std::optional<Unit> unit, Problems& problems);
// from / above, to / below of a map that holds other keys too.
Span read_span(yaml::MapReader& map);

}  // namespace carebench
