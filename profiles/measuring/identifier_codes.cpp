#include "profiles/measuring/identifier_codes.h"

#include <algorithm>
#include <array>

namespace carebench {
namespace {

constexpr std::array<std::string_view, 6> names = {"none",  "luhn",     "gs1_mod10",
                                                   "mod43", "mod37_36", "mod11_2"};
constexpr std::string_view alphabet_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view alphabet_43 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

bool all_of_alphabet(std::string_view text, std::string_view alphabet) {
  return !text.empty() && text.find_first_not_of(alphabet) == text.npos;
}

int value_in(std::string_view alphabet, char c) { return static_cast<int>(alphabet.find(c)); }

// Every second digit from the right counts double, its digits added up.
char luhn(std::string_view digits) {
  int sum = 0;
  bool doubled = true;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, doubled = !doubled) {
    const int digit = *it - '0';
    sum += doubled ? (2 * digit > 9 ? 2 * digit - 9 : 2 * digit) : digit;
  }
  return alphabet_36[static_cast<std::size_t>((10 - sum % 10) % 10)];
}

char gs1_mod10(std::string_view digits) {
  int sum = 0, weight = 3;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, weight = 4 - weight)
    sum += weight * (*it - '0');
  return alphabet_36[static_cast<std::size_t>((10 - sum % 10) % 10)];
}

char mod43(std::string_view text) {
  int sum = 0;
  for (const char c : text) sum = (sum + value_in(alphabet_43, c)) % 43;
  return alphabet_43[static_cast<std::size_t>(sum)];
}

char mod37_36(std::string_view text) {
  int product = 36;
  for (const char c : text) {
    int sum = (product + value_in(alphabet_36, c)) % 36;
    if (sum == 0) sum = 36;
    product = 2 * sum % 37;
  }
  return alphabet_36[static_cast<std::size_t>((37 - product) % 36)];
}

char mod11_2(std::string_view digits) {
  int product = 0;
  for (const char c : digits) product = 2 * (product + c - '0') % 11;
  const int check = (12 - product) % 11;
  return check == 10 ? 'X' : alphabet_36[static_cast<std::size_t>(check)];
}

}  // namespace

std::span<const std::string_view> check_digit_names() { return names; }

std::optional<CheckDigit> check_digit_from(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<CheckDigit>(found - names.begin());
}

std::optional<char> check_digit_of(CheckDigit kind, std::string_view text) {
  const std::string_view alphabet = kind == CheckDigit::mod43      ? alphabet_43
                                    : kind == CheckDigit::mod37_36 ? alphabet_36
                                                                   : alphabet_36.substr(0, 10);
  if (!all_of_alphabet(text, alphabet)) return std::nullopt;
  switch (kind) {
    case CheckDigit::none:
      break;
    case CheckDigit::luhn:
      return luhn(text);
    case CheckDigit::gs1_mod10:
      return gs1_mod10(text);
    case CheckDigit::mod43:
      return mod43(text);
    case CheckDigit::mod37_36:
      return mod37_36(text);
    case CheckDigit::mod11_2:
      return mod11_2(text);
  }
  return std::nullopt;
}

bool check_digit_holds(CheckDigit kind, std::string_view text) {
  if (text.size() < 2) return false;
  const auto check = check_digit_of(kind, text.substr(0, text.size() - 1));
  return check && *check == text.back();
}

}  // namespace carebench
