#include "reports/html/markup.h"

#include <cstdint>
#include <optional>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

bool unseen(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0xAD ||
         c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE0FFF);
}

std::string code_point(char32_t c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string digits;
  for (int shift = c > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) digits += hex[c >> shift & 15];
  return "[U+" + digits + "]";
}

void append_escaped(std::string& out, std::string_view data) {
  for (std::size_t at = 0; at < data.size();) {
    const char32_t c = next_character(data, at).value_or(U'\uFFFD');
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (unseen(c))
      out += code_point(c);
    else
      append_character(out, c);
  }
}

}  // namespace

void Markup::open(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (const Attribute& attribute : attributes) {
    if (attribute.value.empty()) continue;
    out_ += ' ';
    out_ += attribute.name;
    out_ += "=\"";
    append_escaped(out_, attribute.value);
    out_ += '"';
  }
  out_ += '>';
}

void Markup::close(std::string_view tag) {
  out_ += "</";
  out_ += tag;
  out_ += '>';
}

Markup::Element Markup::in(std::string_view tag, Attributes attributes) {
  open(tag, attributes);
  return {*this, tag};
}

void Markup::leaf(std::string_view tag, Attributes attributes, std::string_view data) {
  open(tag, attributes);
  append_escaped(out_, data);
  close(tag);
}

void Markup::lone(std::string_view tag, Attributes attributes) { open(tag, attributes); }

void Markup::text(std::string_view data) { append_escaped(out_, data); }

void Markup::line() { out_ += '\n'; }

}  // namespace carebench
