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
  std::string value, expanded, low, high;
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

// How value - U, value and value + U lie to both ends of the tolerance.
std::vector<int> order(const Stated& s, int digits) {
  std::vector<int> out;
  const double value = rounded(s.value, digits), expanded = rounded(s.expanded, digits);
  for (const std::optional<double>& end : {s.tolerance.low, s.tolerance.high})
    for (double shift : {-expanded, 0.0, expanded})
      if (end)
        out.push_back(
            compare(value + shift, rounded(*end, digits), std::max(std::abs(value), expanded)));
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
  Numbers out{text(s.value), text(s.expanded), text(s.tolerance.low.value_or(0)),
              text(s.tolerance.high.value_or(0))};
  std::vector<std::string*> used = {&out.value};
  if (s.decision.guard_band > 0) used.push_back(&out.expanded);
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

// y, U and T stand for the numbers; written for the upper end.
std::string_view pattern(const Decision& decision, DecisionRule rule, bool strict) {
  const bool undetermined = rule == DecisionRule::jjf_1094;
  switch (decision.verdict) {
    case Verdict::pass:
      if (decision.guard_band > 0) return strict ? "y + U < T" : "y + U <= T";
      return strict ? "y < T" : "y <= T";
    case Verdict::conditional_pass:
      return strict ? "y < T <= y + U" : "y <= T < y + U";
    case Verdict::inconclusive:
      return strict ? "y - U < T <= y + U" : "y - U < T < y + U";
    case Verdict::conditional_fail:
      return strict ? "y - U < T <= y" : "y - U <= T < y";
    case Verdict::fail:
      break;
  }
  if (decision.guard_band == 0) return strict ? "y >= T" : "y > T";
  if (rule == DecisionRule::guarded_binary) return strict ? "y + U >= T" : "y + U > T";
  return strict || undetermined ? "y - U >= T" : "y - U > T";
}

std::string filled(std::string_view shape, const Numbers& n, std::string_view end) {
  std::string out;
  for (char c : shape) {
    if (c == 'y')
      out += n.value;
    else if (c == 'U')
      out += n.expanded;
    else if (c == 'T')
      out += end;
    else if (c == 'L')
      out += n.low;
    else
      out += c;
  }
  return out;
}

std::string relation_of(const Stated& s) {
  const Numbers n = numbers_of(s);
  const bool guarded = s.decision.guard_band > 0;
  const bool pass = s.decision.verdict == Verdict::pass;
  if (s.comparison == Comparison::equals && !guarded)
    return filled(pass ? "y = T" : "y != T", n, n.high);
  if (s.comparison == Comparison::within && pass)
    return filled(guarded ? "L <= y - U, y + U <= T" : "L <= y <= T", n, n.high);
  const std::string shape(pattern(s.decision, s.rule, s.tolerance.strict));
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

Text2 wording_of(const Stated& stated) {
  const std::string relation = with_symbol(relation_of(stated), stated.unit);
  const Text2 verdict = name_of(stated.decision.verdict);
  Text2 out{cat(in_chinese(relation), "：", verdict.zh), cat(relation, ": ", verdict.en)};
  const bool waived = stated.rule == DecisionRule::jjf_1094 && stated.decision.guard_band == 0 &&
                      stated.expanded > 0;
  if (waived) {
    const std::string third = cat("U = ", printed(stated.expanded, stated.unit));
    out.zh += cat("（", third, " ≤ MPEV/3）");
    out.en += cat(" (", third, " <= MPEV/3)");
  }
  return out;
}

}  // namespace carebench
