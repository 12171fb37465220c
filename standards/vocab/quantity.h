// Quantities: a value with its unit and standard uncertainty (JCGM 100). Units are UCUM codes.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "standards/vocab/error.h"

namespace carebench {

// A UCUM code ("mm[Hg]", "Cel", "/min", "%", "s", "ms", "1" for a pure number). Only codes of the
// table in quantity.cpp exist; two units convert when they share a dimension.
class Unit {
 public:
  Unit() = default;  // "1"
  static std::optional<Unit> parse(std::string_view ucum);
  std::string_view code() const;    // as UCUM spells it
  std::string_view symbol() const;  // as people print it: "mmHg", "°C", "次/min" stays "1/min"
  bool same_dimension(Unit other) const;
  // value in `this` -> value in `to`; nothing when the dimensions differ.
  std::optional<double> convert(double value, Unit to) const;
  // the same for a difference (an interval of 1 °C is 1 K) and for an uncertainty.
  std::optional<double> convert_difference(double value, Unit to) const;
  bool operator==(const Unit&) const = default;
  static std::vector<std::string_view> codes();  // all that exist, for suggestions

 private:
  explicit Unit(std::uint16_t row) : row_(row) {}
  std::uint16_t row_ = 0;
};

// u: standard uncertainty in the unit of the value; 0 = exact (a count). k: coverage factor used
// for the expanded uncertainty U = k * u.
struct Quantity {
  double value = 0;
  Unit unit;
  double u = 0;
  double k = 2;
  double expanded() const { return k * u; }
};

// A confidence interval of a statistic. It is never an uncertainty U, and never mixed with it.
// An open end (no bound at this sample size) is +-infinity.
struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  double confidence = 0.95;
  std::string method;  // "order statistics", "Clopper-Pearson"
};

// First and last evidence packet (seq) a value stands on; first == 0: none.
struct SeqRange {
  std::uint64_t first = 0, last = 0;
  void extend(std::uint64_t seq) {
    if (first == 0 || seq < first) first = seq;
    if (seq > last) last = seq;
  }
};

// What a check found out: a number with unit, a text (an identifier), or a truth (a property held).
struct Measurement {
  std::string name;  // output of the check, e.g. "heart_rate.mape"
  std::variant<Quantity, std::string, bool> value;
  std::optional<Interval> interval;
  std::int64_t samples = 0;  // how many observations stand behind it; 0 = not a statistic
  SeqRange evidence;
  std::string note;  // what a reader must know: exclusions, special values seen, ...
};

std::string value_text(const Measurement& m);  // "1.25 1/min", "\"SN123\"", "true"

}  // namespace carebench
