// The parameters of a check as a profile gives them under `with:`: declared by the check, read and
// checked before anything is touched.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/yaml.h"

namespace carebench {

enum class ParamKind {
  text,
  number,
  integer,
  duration,
  boolean,
  unit,
  texts,
  durations,
  numbers,  // lists; a single scalar is a list of one
  file,     // a file that becomes one of the run's inputs
  tree,     // read by the check's own lint and run
};

struct ParamSpec {
  std::string_view name;
  ParamKind kind = ParamKind::text;
  bool required = false;
  std::string_view fallback;  // as it would stand in YAML; "" with required == false: not set
  std::string_view summary;   // with unit and range
  double low = -1e300, high = 1e300;  // of number and integer
};

class Params {
 public:
  Params() = default;
  // Problems: missing required ones, unknown names (with suggestion), wrong types, out of range.
  static Params read(const yaml::Node& with, std::span<const ParamSpec> specs, Problems& problems,
                     const yaml::Node& step);

  bool has(std::string_view name) const;  // given, or has a fallback
  // Typed reads of declared parameters; asking for an undeclared one is a bug (assert).
  const std::string& text(std::string_view name) const;  // "" when not set
  double number(std::string_view name) const;            // 0 when not set
  std::int64_t integer(std::string_view name) const;
  Duration duration(std::string_view name) const;
  bool boolean(std::string_view name) const;
  Unit unit(std::string_view name) const;
  const std::vector<std::string>& texts(std::string_view name) const;
  const std::vector<double>& numbers(std::string_view name) const;
  yaml::Node tree(std::string_view name) const;  // an empty handle when not set
  Origin at(std::string_view name) const;        // where it stands, for messages
  // A problem with what the profile gives for `name`, with position and excerpt; of a parameter
  // that is not given, at `step`.
  void problem(std::string_view name, const Origin& step, std::string message,
               Problems& problems) const;

 private:
  struct Value {
    ParamKind kind = ParamKind::text;
    bool set = false;
    std::string text;
    double number = 0;
    std::int64_t integer = 0;  // also duration in ns, boolean
    Unit unit;
    std::vector<std::string> texts;
    std::vector<double> numbers;
    yaml::Node tree;
    yaml::Node given;  // as it stands in the profile; empty for a fallback
  };
  const Value& find(std::string_view name) const;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace carebench
