// The half of text.h that knows about characters.
#include <algorithm>
#include <array>
#include <iterator>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

struct Range {
  char32_t first, last;
};

// East Asian Wide and Fullwidth (Unicode 15, UAX 11), neighbours merged over unassigned gaps.
constexpr std::array wide = {
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},
    Range{0x23E9, 0x23EC},   Range{0x23F0, 0x23F0},   Range{0x23F3, 0x23F3},
    Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},
    Range{0x267F, 0x267F},   Range{0x2693, 0x2693},   Range{0x26A1, 0x26A1},
    Range{0x26AA, 0x26AB},   Range{0x26BD, 0x26BE},   Range{0x26C4, 0x26C5},
    Range{0x26CE, 0x26CE},   Range{0x26D4, 0x26D4},   Range{0x26EA, 0x26EA},
    Range{0x26F2, 0x26F3},   Range{0x26F5, 0x26F5},   Range{0x26FA, 0x26FA},
    Range{0x26FD, 0x26FD},   Range{0x2705, 0x2705},   Range{0x270A, 0x270B},
    Range{0x2728, 0x2728},   Range{0x274C, 0x274C},   Range{0x274E, 0x274E},
    Range{0x2753, 0x2755},   Range{0x2757, 0x2757},   Range{0x2795, 0x2797},
    Range{0x27B0, 0x27B0},   Range{0x27BF, 0x27BF},   Range{0x2B1B, 0x2B1C},
    Range{0x2B50, 0x2B50},   Range{0x2B55, 0x2B55},   Range{0x2E80, 0x3029},
    Range{0x302E, 0x303E},   Range{0x3041, 0x3098},   Range{0x309B, 0x4DBF},
    Range{0x4E00, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE10, 0xFE19},   Range{0xFE30, 0xFE6F},
    Range{0xFF01, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x16FE0, 0x1B2FF},
    Range{0x1F004, 0x1F004}, Range{0x1F0CF, 0x1F0CF}, Range{0x1F18E, 0x1F18E},
    Range{0x1F191, 0x1F19A}, Range{0x1F200, 0x1F320}, Range{0x1F32D, 0x1F335},
    Range{0x1F337, 0x1F37C}, Range{0x1F37E, 0x1F393}, Range{0x1F3A0, 0x1F3CA},
    Range{0x1F3CF, 0x1F3D3}, Range{0x1F3E0, 0x1F3F0}, Range{0x1F3F4, 0x1F3F4},
    Range{0x1F3F8, 0x1F43E}, Range{0x1F440, 0x1F440}, Range{0x1F442, 0x1F4FC},
    Range{0x1F4FF, 0x1F53D}, Range{0x1F54B, 0x1F567}, Range{0x1F57A, 0x1F57A},
    Range{0x1F595, 0x1F596}, Range{0x1F5A4, 0x1F5A4}, Range{0x1F5FB, 0x1F64F},
    Range{0x1F680, 0x1F6C5}, Range{0x1F6CC, 0x1F6CC}, Range{0x1F6D0, 0x1F6D2},
    Range{0x1F6D5, 0x1F6DF}, Range{0x1F6EB, 0x1F6EC}, Range{0x1F6F4, 0x1F6FC},
    Range{0x1F7E0, 0x1F7F0}, Range{0x1F90C, 0x1F93A}, Range{0x1F93C, 0x1F945},
    Range{0x1F947, 0x1F9FF}, Range{0x1FA70, 0x1FAFF}, Range{0x20000, 0x3FFFD},
};

// Combining marks and format characters of the scripts that meet here: no cell of their own.
constexpr std::array narrowless = {
    Range{0x0000, 0x001F}, Range{0x007F, 0x009F},   Range{0x0300, 0x036F}, Range{0x0483, 0x0489},
    Range{0x0591, 0x05BD}, Range{0x0610, 0x061A},   Range{0x064B, 0x065F}, Range{0x0E34, 0x0E3A},
    Range{0x0E47, 0x0E4E}, Range{0x1AB0, 0x1AFF},   Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F},
    Range{0x202A, 0x202E}, Range{0x2060, 0x2064},   Range{0x2066, 0x206F}, Range{0x20D0, 0x20F0},
    Range{0x302A, 0x302D}, Range{0x3099, 0x309A},   Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
    Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF},
};

template <std::size_t Count>
bool in(const std::array<Range, Count>& table, char32_t c) {
  const auto after = std::upper_bound(table.begin(), table.end(), c,
                                      [](char32_t x, const Range& r) { return x < r.first; });
  return after != table.begin() && c <= std::prev(after)->last;
}

int cells(char32_t c) { return in(narrowless, c) ? 0 : in(wide, c) ? 2 : 1; }

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

constexpr char32_t replacement = 0xFFFD;
constexpr int excerpt_characters = 100;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::optional<char32_t> next_character(std::string_view utf8, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(utf8[i]));
  };
  const char32_t lead = byte(at++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xC2 && lead <= 0xDF   ? 1
                   : lead >= 0xE0 && lead <= 0xEF ? 2
                   : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                  : 0;
  if (more == 0) return std::nullopt;
  char32_t value = lead & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= utf8.size() || !continues(utf8[at])) return std::nullopt;
    const char32_t next = byte(at);
    // The second octet alone decides about overlong forms, surrogates and what is past U+10FFFF.
    if (i == 0 && ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next >= 0xA0) ||
                   (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next >= 0x90)))
      return std::nullopt;
    value = value << 6 | (next & 0x3F);
    ++at;
  }
  return value;
}

void append_character(std::string& out, char32_t character) {
  const auto put = [&](char32_t byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | character >> 6);
    put(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    put(0xE0 | character >> 12);
    put(0x80 | (character >> 6 & 0x3F));
    put(0x80 | (character & 0x3F));
  } else {
    put(0xF0 | (character >> 18 & 0x07));
    put(0x80 | (character >> 12 & 0x3F));
    put(0x80 | (character >> 6 & 0x3F));
    put(0x80 | (character & 0x3F));
  }
}

int display_width(std::string_view utf8) {
  int width = 0;
  for (std::size_t at = 0; at < utf8.size();)
    width += cells(next_character(utf8, at).value_or(replacement));
  return width;
}

std::string pad(std::string_view utf8, int width) {
  std::string out(utf8);
  const int missing = width - display_width(utf8);
  if (missing > 0) out.append(static_cast<std::size_t>(missing), ' ');
  return out;
}

std::string printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    char32_t c = next_character(bytes, at).value_or(replacement);
    if (is_control(c) && c != '\n' && c != '\t') c = replacement;
    append_character(out, c);
  }
  return out;
}

bool valid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();)
    if (!next_character(bytes, at)) return false;
  return true;
}

std::string excerpt(std::string_view source, std::size_t offset) {
  offset = std::min(offset, source.size());
  std::size_t begin = offset;
  for (int left = 0; begin > 0 && source[begin - 1] != '\n' && left < excerpt_characters / 2;)
    if (!continues(source[--begin])) ++left;
  const bool cut_before = begin > 0 && source[begin - 1] != '\n';
  std::string line = cut_before ? "…" : "";
  int caret = 0;
  std::size_t at = begin;
  for (int taken = 0; at < source.size() && source[at] != '\n' && taken < excerpt_characters;) {
    if (at <= offset) caret = display_width(line);
    const char32_t c = next_character(source, at).value_or(replacement);
    if (c == '\r' && (at == source.size() || source[at] == '\n')) continue;
    // A tab would move the line and not the caret.
    append_character(line, c == '\t' ? U' ' : is_control(c) ? replacement : c);
    ++taken;
  }
  if (at <= offset) caret = display_width(line);
  if (at < source.size() && source[at] != '\n') line += "…";
  return line + "\n" + std::string(static_cast<std::size_t>(caret), ' ') + "^";
}

std::pair<int, int> line_and_column(std::string_view source, std::size_t offset) {
  std::pair<int, int> place{1, 1};
  offset = std::min(offset, source.size());
  for (std::size_t at = 0; at < offset;) {
    const bool ends = source[at] == '\n';
    next_character(source, at);
    if (at > offset) break;
    place = ends ? std::pair{place.first + 1, 1} : std::pair{place.first, place.second + 1};
  }
  return place;
}

}  // namespace carebench
