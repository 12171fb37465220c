#include "probes/sim/wave.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "probes/sim/random.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::array<std::string_view, 8> kinds = {"constant", "sine",  "ramp",   "square",
                                                   "steps",    "table", "wander", "noise"};

Nanoseconds positive(yaml::MapReader& map, std::string_view key, Problems& problems) {
  const Nanoseconds ns = map.duration(key).ns;
  if (ns > 0) return ns;
  if (const yaml::Node node = map.optional(key))
    node.problem(problems, cat('"', key, "\" must be longer than 0 s"));
  return 1;
}

Nanoseconds floor_division(Nanoseconds a, Nanoseconds b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

Wave Wave::read(const yaml::Node& node, Problems& problems) {
  Wave wave;
  if (!node) return wave;
  if (node.kind() == yaml::Kind::list) {
    for (const yaml::Node& item : node.items()) wave.parts_.push_back(read_part(item, problems));
    if (wave.parts_.empty()) node.problem(problems, "a sum of waves must not be empty");
  } else {
    wave.parts_.push_back(read_part(node, problems));
  }
  return wave;
}

Wave::Part Wave::read_part(const yaml::Node& node, Problems& problems) {
  Part part;
  if (node.kind() == yaml::Kind::scalar) {
    part.base = yaml::to_number(node, problems);
    return part;
  }
  const auto entries = node.entries();
  const auto found = entries.size() == 1
                         ? std::find(kinds.begin() + 1, kinds.end(), entries[0].first.text())
                         : kinds.end();
  if (found == kinds.end()) {
    const std::string word = entries.size() == 1 ? entries[0].first.text() : "";
    node.problem(problems, cat("a wave is a number, a list of waves, or one of sine, ramp, square, "
                               "steps, table, wander, noise",
                               suggestion(word, kinds)));
    return part;
  }
  part.kind = static_cast<Kind>(found - kinds.begin());
  yaml::MapReader map(entries[0].second, problems);
  switch (part.kind) {
    case Kind::constant:
      break;
    case Kind::sine:
      part.base = map.number("mean");
      part.swing = map.number("amplitude");
      part.period = positive(map, "period", problems);
      part.phase = map.number_or("phase", 0);
      break;
    case Kind::ramp:
      part.base = map.number("from");
      part.swing = map.number("to") - part.base;
      part.period = positive(map, "over", problems);
      break;
    case Kind::square:
      part.base = map.number("low");
      part.swing = map.number("high") - part.base;
      part.period = positive(map, "period", problems);
      part.phase = map.number_or("duty", 0.5);
      break;
    case Kind::steps:
    case Kind::table:
      return read_points(map, part.kind, problems);
    case Kind::wander:
    case Kind::noise:
      part.swing = map.number("sd");
      part.period = positive(map, "step", problems);
      break;
  }
  return part;
}

Wave::Part Wave::read_points(yaml::MapReader& map, Kind kind, Problems& problems) {
  Part part;
  part.kind = kind;
  if (kind == Kind::steps) {
    for (const yaml::Node& level : map.list("levels"))
      part.points.emplace_back(0, yaml::to_number(level, problems));
    part.period = positive(map, "hold", problems);
  } else {
    for (const yaml::Node& point : map.list("points")) {
      const auto pair = point.items();
      if (pair.size() != 2) {
        point.problem(problems, "a point is [time, value], as in [40 s, 0]");
        continue;
      }
      const Nanoseconds time = yaml::to_duration(pair[0], problems).ns;
      if (part.points.empty() ? time != 0 : time <= part.points.back().first)
        point.problem(problems, "the points of a table start at 0 s and go up in time");
      part.points.emplace_back(time, yaml::to_number(pair[1], problems));
    }
    part.period = positive(map, "period", problems);
    part.smooth = map.boolean_or("smooth", false);
    if (!part.points.empty() && part.points.back().first >= part.period)
      map.problem("the last point must come before the period ends");
  }
  if (part.points.empty()) {
    map.problem("at least one value is needed");
    part.points.emplace_back(0, 0);
  }
  return part;
}

double Wave::at(Nanoseconds world, std::uint64_t seed) const {
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) sum += part_at(parts_[i], world, mix(seed, i));
  return sum;
}

double Wave::part_at(const Part& part, Nanoseconds world, std::uint64_t seed) {
  if (part.kind == Kind::constant) return part.base;
  const Nanoseconds number = floor_division(world, part.period);
  const Nanoseconds inside = world - number * part.period;
  const double share = static_cast<double>(inside) / static_cast<double>(part.period);
  const auto index = static_cast<std::uint64_t>(number);
  switch (part.kind) {
    case Kind::constant:
      break;
    case Kind::sine:
      return part.base + part.swing * std::sin(2 * std::numbers::pi * (share + part.phase));
    case Kind::ramp:
      return part.base + part.swing * share;
    case Kind::square:
      return share < part.phase ? part.base + part.swing : part.base;
    case Kind::steps:
      return part.points[index % part.points.size()].second;
    case Kind::table: {
      const auto after =
          std::upper_bound(part.points.begin(), part.points.end(), inside,
                           [](Nanoseconds t, const auto& point) { return t < point.first; });
      const auto& from = *std::prev(after);
      if (!part.smooth) return from.second;
      const bool last = after == part.points.end();
      const auto& to = last ? part.points.front() : *after;
      const Nanoseconds span = (last ? part.period : to.first) - from.first;
      return from.second + (to.second - from.second) * static_cast<double>(inside - from.first) /
                               static_cast<double>(span);
    }
    case Kind::wander: {
      const double from = gaussian(seed, index), to = gaussian(seed, index + 1);
      return part.swing * (from + (to - from) * share);
    }
    case Kind::noise:
      return part.swing * gaussian(seed, index);
  }
  return part.base;
}

}  // namespace carebench::sim
