#include "profiles/measuring/identifier_gs1.h"

#include <array>

#include "profiles/measuring/identifier_codes.h"
#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench {
namespace {

using Structure = FormatFinding::Structure;

constexpr char group_separator = '\x1D';
constexpr std::size_t longest_printed_ai = 90;  // of an AI that the table does not hold

enum class Content { digits, date, text };
struct AiRow {
  std::string_view ai;
  std::size_t least, most;
  Content content;
  bool check_digit = false;
  bool fixed = false;  // ends without FNC1
};

constexpr std::array<AiRow, 17> ai_table = {{
    {"00", 18, 18, Content::digits, true, true},  // SSCC
    {"01", 14, 14, Content::digits, true, true},  // GTIN
    {"02", 14, 14, Content::digits, true, true},  // GTIN of contained items
    {"10", 1, 20, Content::text},                 // batch
    {"11", 6, 6, Content::date, false, true},     // production
    {"13", 6, 6, Content::date, false, true},     // packaging
    {"15", 6, 6, Content::date, false, true},     // best before
    {"17", 6, 6, Content::date, false, true},     // expiry
    {"20", 2, 2, Content::digits, false, true},   // variant
    {"21", 1, 20, Content::text},                 // serial
    {"22", 1, 20, Content::text},                 // consumer product variant
    {"240", 1, 30, Content::text},                // additional product identification
    {"241", 1, 30, Content::text},                // customer part number
    {"250", 1, 30, Content::text},                // secondary serial
    {"30", 1, 8, Content::digits},                // count
    {"8004", 1, 30, Content::text},               // individual asset
    {"8012", 1, 20, Content::text},               // software version
}};

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// GS1 AI encodable character set 82.
bool is_charset_82(std::string_view text) {
  return text.find_first_not_of(
             "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
             "abcdefghijklmnopqrstuvwxyz") == text.npos;
}

// YYMMDD; DD = 00 means the last day of the month.
bool is_date(std::string_view digits) {
  std::string day(digits.substr(4));
  if (day == "00") day = "01";
  return parse_date(cat("20", digits.substr(0, 2), "-", digits.substr(2, 2), "-", day)).has_value();
}

const AiRow* row_of(std::string_view ai) {
  for (const AiRow& row : ai_table)
    if (row.ai == ai) return &row;
  return nullptr;
}

// The row whose AI stands at the beginning.
const AiRow* row_at(std::string_view text) {
  for (const AiRow& row : ai_table)
    if (text.starts_with(row.ai)) return &row;
  return nullptr;
}

std::string misfit(const Gs1Element& element) {
  const AiRow* row = row_of(element.ai);
  const auto say = [&](std::string what) { return cat("(", element.ai, ") ", what); };
  if (!row)
    return element.value.empty() || element.value.size() > longest_printed_ai ||
                   !is_charset_82(element.value)
               ? say("holds no value of 1 to 90 characters")
               : std::string();
  const std::size_t size = element.value.size();
  if (size < row->least || size > row->most)
    return say(cat("holds ", size, " characters, not ", row->least,
                   row->most > row->least ? cat(" to ", row->most) : ""));
  const bool text = row->content == Content::text;
  if (!text && !all_digits(element.value)) return say("holds something else than digits");
  if (text && !is_charset_82(element.value))
    return say("holds a character that GS1 does not allow");
  if (row->content == Content::date && !is_date(element.value)) return say("holds no date");
  return {};
}

Gs1Elements parse_printed(std::string_view text) {
  Gs1Elements elements;
  while (!text.empty()) {
    const auto close = text.find(')');
    const std::string_view ai = text.substr(1, close == text.npos ? 0 : close - 1);
    if (text[0] != '(' || !all_digits(ai) || ai.size() < 2 || ai.size() > 4) {
      elements.problem = "an application identifier stands in brackets, as (01)";
      return elements;
    }
    text.remove_prefix(close + 1);
    // A bracket may be part of a value; only "(", 2 to 4 digits, ")" starts the next one.
    std::size_t end = text.find('(');
    while (end != text.npos) {
      const auto next_close = text.find(')', end);
      const std::string_view next =
          next_close == text.npos ? "" : text.substr(end + 1, next_close - end - 1);
      if (all_digits(next) && next.size() >= 2 && next.size() <= 4) break;
      end = text.find('(', end + 1);
    }
    elements.list.push_back({ai, text.substr(0, end)});
    text.remove_prefix(end == text.npos ? text.size() : end);
  }
  return elements;
}

Gs1Elements parse_scanned(std::string_view text) {
  Gs1Elements elements;
  while (!text.empty()) {
    if (text[0] == group_separator) {
      text.remove_prefix(1);
      continue;
    }
    const AiRow* row = row_at(text);
    if (!row) {
      elements.problem = cat("the bench knows no application identifier that \"",
                             printable(text.substr(0, 4)), "\" starts with");
      elements.undecided = all_digits(text.substr(0, 2));
      return elements;
    }
    text.remove_prefix(row->ai.size());
    const std::size_t end = text.find(group_separator);
    const std::size_t size = std::min(row->fixed ? row->most : end, text.size());
    elements.list.push_back({row->ai, text.substr(0, size)});
    text.remove_prefix(size);
  }
  return elements;
}

std::string listed(const Gs1Elements& elements) {
  std::string out;
  for (const Gs1Element& element : elements.list)
    out += cat(out.empty() ? "" : " ", "(", element.ai, ")", printable(element.value));
  return out;
}

}  // namespace

std::string_view Gs1Elements::value_of(std::string_view ai) const {
  for (const Gs1Element& element : list)
    if (element.ai == ai) return element.value;
  return {};
}

Gs1Elements parse_gs1_elements(std::string_view text) {
  if (text.size() > 3 && text[0] == ']') text.remove_prefix(3);
  Gs1Elements elements = text.starts_with('(') ? parse_printed(text) : parse_scanned(text);
  if (elements.problem.empty() && elements.list.empty()) elements.problem = "it is empty";
  for (const Gs1Element& element : elements.list)
    if (elements.problem.empty()) elements.problem = misfit(element);
  return elements;
}

FormatFinding check_gs1(std::string_view text) {
  if (all_digits(text)) {
    for (const std::size_t size : {8u, 12u, 13u, 14u, 18u}) {
      if (text.size() != size) continue;
      const std::string name = size == 18 ? "SSCC" : cat("GTIN-", size);
      return {Structure::sound, check_digit_holds(CheckDigit::gs1_mod10, text), name};
    }
  }
  const Gs1Elements elements = parse_gs1_elements(text);
  if (!elements.problem.empty())
    return {elements.undecided ? Structure::undecided : Structure::unsound, std::nullopt,
            elements.problem};
  FormatFinding finding{Structure::sound, std::nullopt, listed(elements)};
  for (const Gs1Element& element : elements.list) {
    const AiRow* row = row_of(element.ai);
    if (!row || !row->check_digit) continue;
    finding.check_digit = finding.check_digit.value_or(true) &&
                          check_digit_holds(CheckDigit::gs1_mod10, element.value);
  }
  return finding;
}

}  // namespace carebench
