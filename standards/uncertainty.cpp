#include "standards/uncertainty.h"

#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "standards/stats/distributions.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr int record_digits = 12, farthest_place = 30;
// Effective degrees of freedom of 9 must not be cut to 8 because of the last bit.
constexpr double same_within = 1e-9;

// A number as 0.d1 d2 d3 … * 10^point, all digits of the record.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

Decimal decimal_of(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*e", record_digits - 1, std::abs(value));
  Decimal out;
  out.negative = value < 0;
  std::size_t at = 0;
  for (; text[at] != 'e'; ++at)
    if (text[at] != '.') out.digits += text[at];
  out.point = std::atoi(text.data() + at + 1) + 1;
  return out;
}

// Drops the digits after the place, half to even.
void round(Decimal& number, int place) {
  const int kept = number.point - place;  // digits that stay
  if (kept >= static_cast<int>(number.digits.size())) return;
  if (kept < 0) {
    number = {number.negative, "0", 1};
    return;
  }
  const auto keep = static_cast<std::size_t>(kept);
  const std::string rest = number.digits.substr(keep);
  number.digits.resize(keep);
  const bool odd = keep > 0 && (number.digits.back() - '0') % 2 == 1;
  const bool half = rest[0] == '5' && rest.find_first_not_of('0', 1) == rest.npos;
  if (rest[0] < '5' || (half && !odd)) {
    if (keep == 0) number = {number.negative, "0", 1};
    return;
  }
  for (std::size_t i = keep; i-- > 0;) {
    if (number.digits[i] != '9') {
      ++number.digits[i];
      return;
    }
    number.digits[i] = '0';
  }
  number.digits.insert(number.digits.begin(), '1');
  ++number.point;
}

std::string text_of(const Decimal& number, int place) {
  std::string out;
  const auto digit = [&](int at) {  // of 10^at
    const int i = number.point - 1 - at;
    return i >= 0 && i < static_cast<int>(number.digits.size())
               ? number.digits[static_cast<std::size_t>(i)]
               : '0';
  };
  for (int at = std::max(number.point - 1, 0); at >= std::min(place, 0); --at) {
    if (at == -1) out += '.';
    out += digit(at);
  }
  const bool zero = out.find_first_not_of("0.") == out.npos;
  return number.negative && !zero ? "-" + out : out;
}

UncertaintyComponent component(Text2 name, double given, Unit unit, double divisor,
                               Distribution distribution, std::string source) {
  assert(std::isfinite(given) && given >= 0 && divisor > 0);
  UncertaintyComponent out;
  out.name = std::move(name);
  out.distribution = distribution;
  out.given = given;
  out.unit = unit;
  out.divisor = divisor;
  out.source = std::move(source);
  return out;
}

}  // namespace

double probability(CoverageProbability coverage) {
  return coverage == CoverageProbability::p95 ? 0.95 : 0.9545;
}

double whole_dof(double dof) { return std::max(1.0, std::floor(dof * (1 + same_within))); }

double coverage_factor(double dof, CoverageProbability coverage) {
  assert(dof > 0);
  // 95.45 % stands for the probability within two standard deviations of a normal distribution.
  const double upper = coverage == CoverageProbability::p95 ? 0.975 : stats::normal_cdf(2);
  if (std::isinf(dof))
    return coverage == CoverageProbability::p95 ? stats::normal_quantile(upper) : 2;
  return stats::t_quantile(upper, whole_dof(dof));
}

Combined combine(std::span<const UncertaintyComponent> budget) {
  double squares = 0, fourths = 0;
  for (const UncertaintyComponent& one : budget) {
    const double square = one.contribution() * one.contribution();
    squares += square;
    fourths += square * square / one.dof;
  }
  Combined out{std::sqrt(squares)};
  if (fourths > 0) out.dof = squares * squares / fourths;
  return out;
}

void evaluate(Measurement& measurement, CoverageProbability coverage) {
  auto* quantity = std::get_if<Quantity>(&measurement.value);
  if (!quantity) return;
  measurement.reported.reset();
  if (!std::isfinite(quantity->value)) measurement.budget.clear();
  const Combined combined = combine(measurement.budget);
  quantity->u = combined.u;
  quantity->dof = combined.dof;
  quantity->k = coverage_factor(combined.dof, coverage);
  if (combined.u > 0) measurement.reported = reported(quantity->value, quantity->expanded());
}

Reported reported(double value, double expanded_u) {
  assert(std::isfinite(value) && std::isfinite(expanded_u) && expanded_u > 0);
  int place = decimal_of(expanded_u).point - 2;
  if (std::abs(place) > farthest_place) return {number(value), number(expanded_u, 2)};
  Decimal u = decimal_of(expanded_u);
  round(u, place);
  place = u.point - 2;  // 0.0996 is 0.10
  return {rounded(value, place), rounded(expanded_u, place)};
}

std::string rounded(double value, int place) {
  assert(std::isfinite(value) && std::abs(place) <= farthest_place + 1);
  Decimal decimal = decimal_of(value);
  if (std::abs(decimal.point) > 2 * farthest_place) return number(value);
  round(decimal, place);
  return text_of(decimal, place);
}

UncertaintyComponent half_width(Text2 name, double a, Unit unit, Distribution distribution,
                                std::string source) {
  double divisor = std::sqrt(3.0);
  if (distribution == Distribution::triangular) divisor = std::sqrt(6.0);
  if (distribution == Distribution::u_shaped) divisor = std::sqrt(2.0);
  assert(distribution != Distribution::normal && distribution != Distribution::t);
  return component(std::move(name), a, unit, divisor, distribution, std::move(source));
}

UncertaintyComponent resolution(Text2 name, double step, Unit unit, std::string source) {
  return half_width(std::move(name), step / 2, unit, Distribution::rectangular, std::move(source));
}

UncertaintyComponent expanded(Text2 name, double expanded_u, double k, Unit unit,
                              std::string source) {
  return component(std::move(name), expanded_u, unit, k, Distribution::normal, std::move(source));
}

UncertaintyComponent standard(Text2 name, double u, Unit unit, std::string source) {
  return component(std::move(name), u, unit, 1, Distribution::normal, std::move(source));
}

UncertaintyComponent repeated(Text2 name, double s, std::int64_t n, Unit unit, std::string source) {
  assert(n >= 2);
  UncertaintyComponent out = component(std::move(name), s, unit, std::sqrt(static_cast<double>(n)),
                                       Distribution::t, std::move(source));
  out.type = 'A';
  out.dof = static_cast<double>(n - 1);
  return out;
}

UncertaintyComponent times(UncertaintyComponent one, double sensitivity) {
  one.sensitivity = sensitivity;
  return one;
}

}  // namespace carebench
