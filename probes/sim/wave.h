// The true course of a quantity over time: what a perfect instrument would read. A wave is a pure
// function of the world's time and a seed, so that a reference device with the same wave and seed
// reads the same truth as the device under test, even in another process. Waves repeat for ever;
// what happens once is an event of the device.
//
//   68                                              constant
//   {sine: {mean: 68, amplitude: 9, period: 95 s, phase: 0.25}}          phase in periods
//   {ramp: {from: 0, to: 100, over: 60 s}}          saw tooth
//   {square: {low: 0, high: 1, period: 20 s, duty: 0.5}}                 high first
//   {steps: {levels: [60, 80, 120], hold: 30 s}}
//   {table: {points: [[0 s, 1], [40 s, 0]], period: 60 s, smooth: true}} smooth: straight lines
//   {wander: {sd: 2, step: 15 s}}                   a random walk that stays at home
//   {noise: {sd: 0.4, step: 1 s}}                   a new random number every step
//   [ … ]                                           the sum of several
#pragma once

#include <utility>
#include <vector>

#include "standards/vocab/time.h"
#include "standards/vocab/yaml.h"

namespace carebench::sim {

class Wave {
 public:
  Wave() = default;  // 0
  static Wave read(const yaml::Node& node, Problems& problems);
  double at(Nanoseconds world, std::uint64_t seed) const;

 private:
  enum class Kind { constant, sine, ramp, square, steps, table, wander, noise };
  struct Part {
    Kind kind = Kind::constant;
    double base = 0;   // constant, mean, from, low
    double swing = 0;  // amplitude, to - from, high - low, standard deviation
    double phase = 0;  // sine: in periods; square: the share of a period that is high
    bool smooth = false;
    Nanoseconds period = 1;
    std::vector<std::pair<Nanoseconds, double>> points;  // steps (time not used) and table
  };
  static Part read_part(const yaml::Node& node, Problems& problems);
  static Part read_points(yaml::MapReader& map, Kind kind, Problems& problems);
  static double part_at(const Part& part, Nanoseconds world, std::uint64_t seed);
  std::vector<Part> parts_;
};

}  // namespace carebench::sim
