#include "standards/judge_wording.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_padding = 2;  // "1.0 <= 3.0", but not "9.66667 <= 10.00000"

// The numbers of one statement, as texts.
struct Numbers {
  std::string value, margin, low, high, extension;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string in_chinese(std::string relation) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> signs = {
      {{"<=", "≤"}, {">=", "≥"}, {"!=", "≠"}}};
  for (const auto& [from, to] : signs) relation = replaced(std::move(relation), from, to);
  return relation;
}

double rounded(double value, int digits) { return round_significant(value, digits); }

bool is_extended(const Stated& s) { return s.rule.rule == DecisionRule::iec_60118_8; }

// What is added to the value: U, or the part of it that the rule takes as guard band.
double margin(const Stated& s) {
  return is_extended(s) ? s.expanded : std::max(s.decision.guard_band, 0.0);
}
// What the ends of the tolerance are moved out by.
double extension(const Stated& s) {
  return is_extended(s) ? s.tolerance.uncertainty_allowed.value_or(0) : 0;
}

// How value - w, value and value + w lie to both ends of the tolerance.
std::vector<int> order(const Stated& s, int digits) {
  std::vector<int> out;
  const double value = rounded(s.value, digits), w = rounded(margin(s), digits),
               more = rounded(extension(s), digits);
  const auto compared = [&](const std::optional<double>& end, double out_by) {
    for (double shift : {-w, 0.0, w})
      if (end)
        out.push_back(compare(value + shift, rounded(*end, digits) + out_by,
                              std::max({std::abs(value), w, std::abs(out_by)})));
  };
  compared(s.tolerance.low, -more);
  compared(s.tolerance.high, more);
  return out;
}

int digits_of(const Stated& s) {
  const std::vector<int> exact = order(s, 17);
  for (int digits : {6, 9, 12})
    if (order(s, digits) == exact) return digits;
  return 17;
}

std::size_t decimals(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot == text.npos ? 0 : text.size() - dot - 1;
}

bool is_plain(std::string_view text) { return text.find_first_not_of("-.0123456789") == text.npos; }

void align(std::vector<std::string*> texts) {
  std::size_t most = 0;
  for (const std::string* text : texts)
    if (is_plain(*text)) most = std::max(most, decimals(*text));
  if (most > most_padding) return;
  for (std::string* text : texts) {
    if (!is_plain(*text)) continue;
    const std::size_t have = decimals(*text);
    if (have == 0 && most > 0) *text += '.';
    text->append(most - have, '0');
  }
}

Numbers numbers_of(const Stated& s) {
  const int digits = digits_of(s);
  const auto text = [&](double value) { return number(value, digits); };
  Numbers out{text(s.value), text(margin(s)), text(s.tolerance.low.value_or(0)),
              text(s.tolerance.high.value_or(0)), text(extension(s))};
  std::vector<std::string*> used = {&out.value};
  if (margin(s) > 0) used.push_back(&out.margin);
  if (extension(s) > 0) used.push_back(&out.extension);
  if (s.tolerance.low) used.push_back(&out.low);
  if (s.tolerance.high) used.push_back(&out.high);
  align(std::move(used));
  if (s.comparison == Comparison::abs_le && s.value < 0) out.value = cat('|', out.value, '|');
  return out;
}

// A relation written for the upper end, turned to the lower one.
std::string mirrored(std::string relation) {
  for (char& c : relation) {
    if (c == '<')
      c = '>';
    else if (c == '>')
      c = '<';
    else if (c == '+')
      c = '-';
    else if (c == '-')
      c = '+';
  }
  return relation;
}

// y, w, T and M (Umax) stand for the numbers; written for the upper end.
std::string_view pattern(const Stated& s) {
  const Decision& decision = s.decision;
  const bool strict = s.tolerance.strict, pass = decision.verdict == Verdict::pass;
  if (is_extended(s)) {
    if (pass) return strict ? "y + w < T + M" : "y + w <= T + M";
    return strict ? "y + w >= T + M" : "y + w > T + M";
  }
  const bool two_way =
      s.rule.rule == DecisionRule::guarded_binary || s.rule.rule == DecisionRule::guarded_fraction;
  const bool undetermined =
      s.rule.rule == DecisionRule::jjf_1094 || s.rule.rule == DecisionRule::iso_14253_1;
  switch (decision.verdict) {
    case Verdict::pass:
      if (decision.guard_band > 0) return strict ? "y + w < T" : "y + w <= T";
      return strict ? "y < T" : "y <= T";
    case Verdict::conditional_pass:
      return strict ? "y < T <= y + w" : "y <= T < y + w";
    case Verdict::inconclusive:
      return strict ? "y - w < T <= y + w" : "y - w < T < y + w";
    case Verdict::conditional_fail:
      return strict ? "y - w < T <= y" : "y - w <= T < y";
    case Verdict::fail:
      break;
  }
  if (decision.guard_band == 0) return strict ? "y >= T" : "y > T";
  if (two_way) return strict ? "y + w >= T" : "y + w > T";
  return strict || undetermined ? "y - w >= T" : "y - w > T";
}

std::string filled(std::string_view shape, const Numbers& n, std::string_view end) {
  std::string out;
  for (char c : shape) {
    if (c == 'y')
      out += n.value;
    else if (c == 'w')
      out += n.margin;
    else if (c == 'T')
      out += end;
    else if (c == 'L')
      out += n.low;
    else if (c == 'M')
      out += n.extension;
    else
      out += c;
  }
  return out;
}

std::string compared(const Stated& s) {
  const Numbers n = numbers_of(s);
  const bool guarded = s.decision.guard_band > 0;
  const bool pass = s.decision.verdict == Verdict::pass;
  if (s.comparison == Comparison::equals && !guarded && !is_extended(s))
    return filled(pass ? "y = T" : "y != T", n, n.high);
  if (s.comparison == Comparison::within && pass) {
    if (is_extended(s)) return filled("L - M <= y - w, y + w <= T + M", n, n.high);
    return filled(guarded ? "L <= y - w, y + w <= T" : "L <= y <= T", n, n.high);
  }
  const std::string shape(pattern(s));
  if (s.decision.upper || s.comparison == Comparison::abs_le) return filled(shape, n, n.high);
  return filled(mirrored(shape), n, n.low);
}

std::string with_symbol(std::string text, Unit unit) {
  return unit.symbol().empty() ? text : cat(text, " ", unit.symbol());
}

}  // namespace

Text2 name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return {"合格", "pass"};
    case Verdict::conditional_pass:
      return {"有条件合格", "conditional pass"};
    case Verdict::inconclusive:
      return {"待定", "inconclusive"};
    case Verdict::conditional_fail:
      return {"有条件不合格", "conditional fail"};
    case Verdict::fail:
      return {"不合格", "fail"};
  }
  return {};
}

std::string printed(double value, Unit unit) { return with_symbol(number(value, 6), unit); }

Relation relation_of(const Stated& stated) {
  const std::string expanded = cat("U = ", printed(stated.expanded, stated.unit));
  const auto both = [](const std::string& text) { return Text2{in_chinese(text), text}; };
  if (stated.decision.uncertainty_too_large)
    return {both(cat(expanded, " > Umax = ", printed(extension(stated), stated.unit))), {}};
  Relation out{both(with_symbol(compared(stated), stated.unit)), {}};
  const auto remark = [&](const std::string& text) {
    out.remark = {cat("（", in_chinese(text), "）"), cat(" (", text, ")")};
  };
  const double w = stated.decision.guard_band;
  switch (stated.rule.rule) {
    case DecisionRule::jjf_1094:
      if (w == 0 && stated.expanded > 0) remark(cat(expanded, " <= MPEV/3"));
      break;
    case DecisionRule::guarded_fraction:
      if (w > 0) remark(cat("w = ", stated.rule.r, " U, ", expanded));
      break;
    case DecisionRule::iso_14253_1:
      if (w > 0) remark(cat("w = 0.83 U, ", expanded));
      break;
    case DecisionRule::iec_60118_8:
      remark(cat(expanded, " <= Umax = ", printed(extension(stated), stated.unit)));
      break;
    default:
      break;
  }
  return out;
}

Text2 with_verdict(const Relation& relation, Verdict verdict) {
  const Text2 name = name_of(verdict);
  return {cat(relation.text.zh, "：", name.zh, relation.remark.zh),
          cat(relation.text.en, ": ", name.en, relation.remark.en)};
}

Text2 without_statement(const Relation& relation, const Text2& why) {
  return {cat(relation.text.zh, relation.remark.zh, "；不作符合性声明：", why.zh),
          cat(relation.text.en, relation.remark.en, "; no statement of conformity: ", why.en)};
}

}  // namespace carebench
