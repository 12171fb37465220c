// The manufacturer's claim and the limit it stands for.
#include <array>

#include "standards/limit.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::string_view, 6> ops = {"<=", "<", ">=", ">", "abs<=", "within"};

bool in_scale_intervals(const Limit& limit) { return limit.unit.code() == "{e}"; }

bool by_declared(const Limit& limit) { return limit.bound && limit.bound->by == "declared"; }

tl::unexpected<Error> misfit(const Claim& claim, std::string_view why) {
  return tl::unexpected<Error>(Error{
      Errc::bad_input, Blame::profile, cat("the claim on ", claim.limit, ": ", why), claim.at, {}});
}

Result<Limit> with_number(Limit limit, const Claim& claim) {
  if (!claim.comparison) return misfit(claim, "say how it is meant: op and value");
  if (limit.op_known && limit.comparison != *claim.comparison)
    return misfit(claim, cat("this limit is met by ", to_string(limit.comparison), ", not by ",
                             to_string(*claim.comparison)));
  if (!claim.unit.same_dimension(limit.unit))
    return misfit(claim, cat("it is in ", claim.unit.code(), ", the limit in ", limit.unit.code()));
  limit.comparison = *claim.comparison;
  limit.op_known = true;
  limit.value = claim.value;
  limit.low = claim.low;
  limit.high = claim.high;
  limit.unit = claim.unit;
  limit.status = LimitStatus::established;
  limit.source = {};
  limit.source.kind = SourceKind::claim;
  limit.source.document = claim.document;
  return limit;
}

// Every number of the limit times the scale interval, in the unit that is given in.
Result<Limit> in_units_of(Limit limit, const Claim& claim) {
  if (!claim.unit.same_dimension(*Unit::parse("kg")) || !(claim.value > 0))
    return misfit(claim, "a scale interval is a mass above zero");
  const double e = claim.value;
  for (double* number : {&limit.value, &limit.low, &limit.high}) *number *= e;
  limit.unit = claim.unit;
  limit.note += cat(limit.note.empty() ? "" : "; ", "e = ", e, " ", claim.unit.code(), " (",
                    claim.document, ")");
  if (!limit.bound) return limit;
  Bound& bound = *limit.bound;
  const double at = bound.by_unit.code() == "{e}" ? e : 1;  // an index in kg stays as it is
  bound.unit = claim.unit;
  if (bound.by_unit.code() == "{e}") bound.by_unit = claim.unit;
  bound.resolution *= at;
  for (Bound::Band& band : bound.bands) {
    band.offset *= e;
    band.slope *= e / at;
    if (band.floor) *band.floor *= e;
    if (band.span.low) *band.span.low *= at;
    if (band.span.high) *band.span.high *= at;
  }
  if (!bound.table) return limit;
  bound.table->from *= at;
  bound.table->step *= at;
  for (double& value : bound.table->values) value *= e;
  return limit;
}

}  // namespace

bool wants_claim(const Limit& limit) {
  if (limit.status == LimitStatus::declared) return true;
  return limit.status == LimitStatus::established &&
         (by_declared(limit) || in_scale_intervals(limit));
}

Claim read_claim(const yaml::Node& node, Problems& problems) {
  Claim claim;
  claim.at = node.at();
  yaml::MapReader map(node, problems);
  claim.limit = map.text("limit");
  claim.document = map.text("document");
  claim.unit = map.unit_or("unit", Unit());
  if (map.has("op")) claim.comparison = static_cast<Comparison>(map.choice("op", ops));
  if (claim.comparison != Comparison::within) {
    claim.value = map.number("value");
    if (claim.comparison == Comparison::abs_le && claim.value < 0)
      map.optional("value").problem(problems, "nothing has an absolute value below zero");
    return claim;
  }
  claim.low = map.number("low");
  claim.high = map.number("high");
  if (claim.low > claim.high)
    map.optional("low").problem(
        problems, cat("low (", claim.low, ") is above high (", claim.high, "): swap them"));
  return claim;
}

Result<Limit> with_claim(const Limit& limit, const Claim& claim) {
  if (!wants_claim(limit))
    return misfit(claim, limit.status == LimitStatus::established
                             ? "this limit has its number from its own source"
                             : "this limit is not one that a manufacturer declares");
  if (limit.status == LimitStatus::declared) return with_number(limit, claim);
  if (claim.comparison) return misfit(claim, "give its value alone, without op");
  if (in_scale_intervals(limit)) return in_units_of(limit, claim);
  const auto declared = claim.unit.convert(claim.value, limit.bound->by_unit);
  if (!declared)
    return misfit(
        claim, cat("it is in ", claim.unit.code(), ", the limit in ", limit.bound->by_unit.code()));
  auto fixed = at_index(limit, *declared);
  if (!fixed) return misfit(claim, "the limit says nothing at this value");
  fixed->note += cat(fixed->note.empty() ? "" : "; ", "declared: ", claim.value, " ",
                     claim.unit.code(), " (", claim.document, ")");
  return std::move(*fixed);
}

}  // namespace carebench
