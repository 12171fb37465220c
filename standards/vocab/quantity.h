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
#include "standards/vocab/text.h"

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
// for the expanded uncertainty U = k * u. dof: effective degrees of freedom of u (infinite: it is
// known as well as a standard deviation can be).
struct Quantity {
  double value = 0;
  Unit unit;
  double u = 0;
  double k = 2;
  double dof = std::numeric_limits<double>::infinity();
  double expanded() const { return k * u; }
};

// What is supposed of the values an influence may take (JCGM 100, 4.3; JJF 1059.1-2012).
enum class Distribution { normal, rectangular, triangular, u_shaped, t };
std::string_view to_string(Distribution distribution);  // "u_shaped"
std::optional<Distribution> distribution_from(std::string_view id);

// One line of an uncertainty budget: what the source gives, and how it comes to the value's u.
struct UncertaintyComponent {
  Text2 name = {};
  char type = 'B';  // A: from repeated observations; B: by other means
  Distribution distribution = Distribution::normal;
  double given = 0;  // standard deviation, half-width or expanded uncertainty, in `unit`; not < 0
  Unit unit = {};
  double divisor = 1;      // standard uncertainty of the influence = given / divisor
  double sensitivity = 1;  // unit of the value per `unit`
  double dof = std::numeric_limits<double>::infinity();
  std::string source = {};      // "certificate EX-CAL-1", "protocol: step of 0.1 /min"
  std::string instrument = {};  // name of the device whose calibration this is, or ""
  double contribution() const { return std::abs(sensitivity) * given / divisor; }
};

// A value as it is reported: U to two significant digits, the value to the place of U's last one.
struct Reported {
  std::string value, uncertainty;
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
  // Where u > 0: its components, with Quantity's u, k and dof computed from them and nothing else
  // (standards/uncertainty.h). Never the interval of a statistic.
  std::vector<UncertaintyComponent> budget = {};
  std::optional<Reported> reported = {};
};

std::string value_text(const Measurement& m);  // "1.25 1/min", "\"SN123\"", "true"

}  // namespace carebench
