#include "profiles/measuring/personal_data.h"

#include <algorithm>

#include "profiles/measuring/identifier_codes.h"
#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench {
namespace {

constexpr std::size_t longest_word = 256;
constexpr std::size_t hexadecimal_dump = 16;  // from here on digits among hex letters are no number
constexpr std::size_t most_shown = 5;
constexpr int word_break = -1;

// GB/T 2260: provinces, and 71, 81 to 83, 91 outside of the mainland.
constexpr std::array<std::string_view, 36> regions = {
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34",
    "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52",
    "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83", "91"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_hex_letter(char c) { return (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

std::string utf16(std::string_view utf8, bool big_endian) {
  std::string out;
  const auto unit = [&](char32_t code) {
    const char high = static_cast<char>(code >> 8), low = static_cast<char>(code & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  for (std::size_t at = 0; at < utf8.size();) {
    const auto code = next_character(utf8, at);
    if (!code) continue;
    if (*code < 0x10000) {
      unit(*code);
    } else {
      unit(0xD800 + ((*code - 0x10000) >> 10));
      unit(0xDC00 + ((*code - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace

bool is_resident_id(std::string_view text) {
  if (text.size() != 18) return false;
  std::string id(text);
  if (id.back() == 'x') id.back() = 'X';
  if (std::find(regions.begin(), regions.end(), id.substr(0, 2)) == regions.end()) return false;
  if (!check_digit_holds(CheckDigit::mod11_2, id)) return false;
  const bool century = id.compare(6, 2, "19") == 0 || id.compare(6, 2, "20") == 0;
  return century &&
         parse_date(cat(id.substr(6, 4), "-", id.substr(10, 2), "-", id.substr(12, 2))).has_value();
}

bool is_mobile_number(std::string_view text) {
  return text.size() == 11 && text[0] == '1' && text[1] >= '3' && text[1] <= '9' &&
         std::all_of(text.begin(), text.end(), is_digit);
}

std::string masked(std::string_view utf8) {
  std::vector<std::string_view> characters;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t from = at;
    (void)next_character(utf8, at);
    characters.push_back(utf8.substr(from, at - from));
  }
  std::string out;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const bool open = characters.size() >= 8 && (i < 3 || i + 2 >= characters.size());
    out += open ? characters[i] : std::string_view("*");
  }
  return out;
}

PersonalDataScanner::PersonalDataScanner(Setup setup) : setup_(std::move(setup)) {
  for (const std::string& text : setup_.known) {
    add_needle(text, masked(text));
    add_needle(utf16(text, false), cat(masked(text), " (UTF-16)"));
    add_needle(utf16(text, true), cat(masked(text), " (UTF-16)"));
  }
  for (std::size_t i = 0; i < setup_.known_octets.size(); ++i)
    add_needle(as_text(setup_.known_octets[i]), cat("the octets no. ", i + 1));
}

void PersonalDataScanner::add_needle(std::string_view octets, std::string shown) {
  if (octets.empty()) return;
  const ByteView view = as_bytes(octets);
  needles_.push_back({Bytes(view.begin(), view.end()), std::move(shown)});
  longest_needle_ = std::max(longest_needle_, octets.size());
}

void PersonalDataScanner::feed(ByteView octets, std::uint64_t seq) {
  for (const std::uint8_t octet : octets) {
    character(words_[0], octet < 0x80 ? octet : word_break, seq);
    if (octets_ > 0) {
      const std::size_t odd = octets_ % 2;
      character(words_[1 + odd], octet == 0 && previous_ < 0x80 ? previous_ : word_break, seq);
      character(words_[3 + odd], previous_ == 0 && octet < 0x80 ? octet : word_break, seq);
    }
    previous_ = octet;
    ++octets_;
  }
  search_known(octets, seq);
}

void PersonalDataScanner::finish() {
  for (Word& word : words_) character(word, word_break, word.first_seq);
}

void PersonalDataScanner::character(Word& word, int c, std::uint64_t seq) {
  const char ch = c == word_break ? '\0' : static_cast<char>(c);
  if (is_digit(ch) || is_letter(ch)) {
    if (word.text.empty()) word.first_seq = seq;
    if (word.text.size() < longest_word)
      word.text += ch;
    else
      word.overlong = true;
    return;
  }
  const char last = word.text.empty() ? '\0' : word.text.back();
  if (!word.text.empty()) end_word(word, seq);
  word.after_point = ch == '.' && is_digit(last);
}

void PersonalDataScanner::end_word(Word& word, std::uint64_t seq) {
  const std::string& text = word.text;
  for (std::size_t from = 0; from < text.size() && !word.overlong;) {
    if (!is_digit(text[from])) {
      ++from;
      continue;
    }
    std::size_t to = from;
    while (to < text.size() && is_digit(text[to])) ++to;
    digits(word, from, to, seq);
    from = to;
  }
  word = Word{};
}

// The digits text[from, to) stand between characters that are none.
void PersonalDataScanner::digits(const Word& word, std::size_t from, std::size_t to,
                                 std::uint64_t seq) {
  const std::string_view text = word.text;
  const std::string_view run = text.substr(from, to - from);
  const bool closing_x = to < text.size() && (text[to] == 'X' || text[to] == 'x') &&
                         (to + 1 == text.size() || !is_letter(text[to + 1]));
  const std::string_view id = run.size() == 17 && closing_x ? text.substr(from, 18) : run;
  if (is_resident_id(id) && !is_excluded(id))
    return note(PersonalData::resident_id, masked(id), word.first_seq, seq);

  std::string_view mobile = run;
  for (const std::string_view country : {"0086", "86"})
    if (run.size() == 11 + country.size() && run.starts_with(country))
      mobile = run.substr(country.size());
  const bool dump =
      text.size() >= hexadecimal_dump && std::any_of(text.begin(), text.end(), is_hex_letter) &&
      std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_hex_letter(c); });
  const bool fraction = word.after_point && from == 0;
  if (is_mobile_number(mobile) && !dump && !fraction && !is_excluded(mobile))
    note(PersonalData::telephone, masked(mobile), word.first_seq, seq);
}

bool PersonalDataScanner::is_excluded(std::string_view number) const {
  return std::any_of(setup_.excluded.begin(), setup_.excluded.end(), [&](const std::string& text) {
    std::string plain;
    for (const char c : text)
      if (is_digit(c) || is_letter(c)) plain += c;
    return plain.find(number) != plain.npos;
  });
}

void PersonalDataScanner::search_known(ByteView octets, std::uint64_t seq) {
  if (needles_.empty()) return;
  const std::size_t old = recent_.size();
  recent_.insert(recent_.end(), octets.begin(), octets.end());
  for (const Needle& needle : needles_) {
    // What ends within the old octets was found before.
    const std::size_t size = needle.octets.size();
    auto from = recent_.begin() + static_cast<std::ptrdiff_t>(old >= size ? old - size + 1 : 0);
    while (true) {
      from = std::search(from, recent_.end(), needle.octets.begin(), needle.octets.end());
      if (from == recent_.end()) break;
      const bool held = static_cast<std::size_t>(from - recent_.begin()) < old;
      note(PersonalData::known_text, needle.shown, held && recent_seq_ ? recent_seq_ : seq, seq);
      ++from;
    }
  }
  const std::size_t kept = std::min(recent_.size(), longest_needle_ - 1);
  recent_.erase(recent_.begin(), recent_.end() - static_cast<std::ptrdiff_t>(kept));
  if (kept <= octets.size() || recent_seq_ == 0) recent_seq_ = seq;
}

void PersonalDataScanner::note(PersonalData kind, std::string shown, std::uint64_t first,
                               std::uint64_t last) {
  PersonalDataFound& found = found_[static_cast<std::size_t>(kind)];
  ++found.count;
  found.evidence.extend(first);
  found.evidence.extend(last);
  auto& list = found.shown;
  if (list.size() < most_shown && std::find(list.begin(), list.end(), shown) == list.end())
    list.push_back(std::move(shown));
}

}  // namespace carebench
