#include "standards/limit.h"

#include <algorithm>
#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

std::string quoted(std::string_view text) { return cat('"', text, '"'); }

std::string with_unit(std::string text, Unit unit) {
  if (unit != Unit()) text += cat(" ", unit.code());
  return text;
}

}  // namespace

std::string_view to_string(Comparison c) {
  switch (c) {
    case Comparison::le:
      return "<=";
    case Comparison::lt:
      return "<";
    case Comparison::ge:
      return ">=";
    case Comparison::gt:
      return ">";
    case Comparison::abs_le:
      return "abs<=";
    case Comparison::within:
      return "within";
    case Comparison::equals:
      return "==";
  }
  return "";
}

std::string_view to_string(LimitStatus status) {
  switch (status) {
    case LimitStatus::established:
      return "established";
    case LimitStatus::todo:
      return "todo";
    case LimitStatus::none:
      return "none";
    case LimitStatus::declared:
      return "declared";
  }
  return "";
}

std::string_view to_string(SourceKind kind) {
  switch (kind) {
    case SourceKind::standard:
      return "standard";
    case SourceKind::claim:
      return "claim";
    case SourceKind::laboratory:
      return "laboratory";
    case SourceKind::catalogue:
      return "catalogue";
  }
  return "";
}

std::string LimitSource::text() const {
  std::string out = document;
  if (!edition.empty()) out += cat(" (", edition, ")");
  if (!clause.empty()) out += cat(", ", clause);
  if (!valid_from.empty() || !valid_to.empty()) out += ", in force";
  if (!valid_from.empty()) out += cat(" from ", valid_from);
  if (!valid_to.empty()) out += cat(" to ", valid_to);
  return out;
}

InForce in_force(const LimitSource& source, std::string_view date) {
  if (source.valid_from.empty() && source.valid_to.empty()) return InForce::no_date;
  // Dates are checked YYYY-MM-DD: their order is that of their texts.
  if (date < source.valid_from) return InForce::not_yet;
  if (!source.valid_to.empty() && date > source.valid_to) return InForce::no_longer;
  return InForce::yes;
}

double Limit::interval_confidence() const { return one_sided ? 2 * confidence - 1 : confidence; }

std::optional<Limit> at_index(const Limit& limit, double index) {
  if (!limit.bound) return limit;
  const auto found = limit.bound->at(index);
  if (!found) return std::nullopt;
  Limit fixed = limit;
  fixed.value = found->value;
  fixed.bound.reset();
  return fixed;
}

std::string Limit::text() const {
  if (is_composite()) return cat("all of ", join(all_of, ", "));
  if (!editions.empty()) return cat("edition in force of ", join(editions, ", "));
  switch (status) {
    case LimitStatus::todo:
      return "not established";
    case LimitStatus::none:
      return "no limit";
    case LimitStatus::declared:
      return "as claimed";
    case LimitStatus::established:
      break;
  }
  std::string text;
  switch (comparison) {
    case Comparison::le:
    case Comparison::lt:
    case Comparison::ge:
    case Comparison::gt:
      text = cat(to_string(comparison), " ", bound ? bound->text() : cat(value));
      break;
    case Comparison::abs_le:
      text = bound ? cat("|e| <= ", bound->text()) : cat("|x| <= ", value);
      break;
    case Comparison::within:
      text = cat("within [", low, ", ", high, "]");
      break;
    case Comparison::equals:
      if (equals == Equals::text) return cat("= ", quoted(text_value));
      if (equals == Equals::truth) return cat("= ", truth);
      text = cat("= ", value);
      break;
  }
  if (!bound) text = with_unit(std::move(text), unit);
  const std::string level = confidence > 0 ? cat(" ", 100 * confidence, " % ") : std::string(" ");
  const std::string side = one_sided ? "one-sided" + level : level.substr(1);
  if (on == On::interval_low) text = cat("lower ", side, "bound ", text);
  if (on == On::interval_high) text = cat("upper ", side, "bound ", text);
  return text;
}

}  // namespace carebench
