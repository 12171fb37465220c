// Measurements and limits to be judged, for the tests of judge().
#pragma once

#include <limits>
#include <string>

#include "standards/judge.h"

namespace carebench::judged {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr auto simple = DecisionRule::simple_acceptance,
                      binary = DecisionRule::guarded_binary,
                      nonbinary = DecisionRule::guarded_nonbinary, jjf = DecisionRule::jjf_1094;

inline Unit unit(std::string_view code) { return *Unit::parse(code); }

inline Measurement measured(double value, double u = 0, std::string_view code = "mm[Hg]") {
  Measurement out;
  out.name = "systolic.error";
  out.value = Quantity{value, unit(code), u, 2};
  return out;
}

inline Measurement found(std::variant<Quantity, std::string, bool> value) {
  Measurement out;
  out.name = "identifier";
  out.value = std::move(value);
  return out;
}

inline Limit limit(Comparison comparison, double value, std::string_view code = "mm[Hg]") {
  Limit out;
  out.id = "example/systolic";
  out.comparison = comparison;
  out.value = value;
  out.unit = unit(code);
  out.source.kind = SourceKind::standard;
  out.source.document = "EX 1";
  out.source.confidence = "V2";
  return out;
}

inline Limit within(double low, double high, std::string_view code) {
  Limit out = limit(Comparison::within, 0, code);
  out.low = low;
  out.high = high;
  return out;
}

inline Limit with_status(LimitStatus status) {
  Limit out = limit(Comparison::le, 0);
  out.status = status;
  return out;
}

inline std::string finding(const JudgedRecord& record) {
  return std::string(to_string(record.finding));
}

}  // namespace carebench::judged
