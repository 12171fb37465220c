#include "profiles/measuring/identifier_formats.h"

#include <algorithm>
#include <array>

#include "profiles/measuring/identifier_codes.h"
#include "profiles/measuring/identifier_gs1.h"
#include "standards/vocab/bytes.h"
#include "standards/vocab/text.h"
#include "standards/vocab/time.h"

namespace carebench {
namespace {

using Structure = FormatFinding::Structure;

constexpr std::array<std::string_view, 10> names = {
    "gs1", "udi", "imei", "eui48", "eui64", "ma_code", "hibc", "mod37_36", "pnp_id", "pattern"};

FormatFinding unsound(std::string note) {
  return {Structure::unsound, std::nullopt, std::move(note)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alphanumeric(char c) { return is_digit(c) || is_capital(c); }

// 3GPP TS 23.003 6.2: TAC (8), serial (6), check digit; people group them AA-BBBBBB-CCCCCC-D.
FormatFinding check_imei(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != '-' && c != ' ') digits += c;
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit))
    return unsound("an IMEI holds digits only");
  if (digits.size() == 16) return unsound("16 digits are an IMEISV, which has no check digit");
  if (digits.size() != 15) return unsound(cat("an IMEI has 15 digits, not ", digits.size()));
  if (digits.starts_with("00000000")) return unsound("a type allocation code of zeros is none");
  return {Structure::sound, check_digit_holds(CheckDigit::luhn, digits),
          cat("type allocation code ", digits.substr(0, 8))};
}

// Why octets that start an EUI identify no single device; "" when they may.
std::string no_device(const Bytes& octets) {
  const auto all = [&](std::uint8_t value) {
    return std::all_of(octets.begin(), octets.end(), [=](std::uint8_t o) { return o == value; });
  };
  if (all(0x00)) return "all zeros";
  if (all(0xFF)) return "all ones, the broadcast address";
  if (octets[0] & 0x01) return "a group address: bit 0 of the first octet is set";
  return {};
}

FormatFinding check_eui(std::string_view text, std::size_t size) {
  const auto octets = from_hex(text);
  if (!octets || octets->size() != size)
    return unsound(cat("an EUI-", 8 * size, " is written as ", size, " octets in hexadecimal"));
  if (std::string why = no_device(*octets); !why.empty()) return unsound(std::move(why));
  const Bytes& o = *octets;
  const bool local = (o[0] & 0x02) != 0;
  const std::string oui = to_hex(ByteView(o).first(3));
  if (size == 8 && o[3] == 0xFF && o[4] == 0xFE) {
    Bytes eui48 = {static_cast<std::uint8_t>(o[0] & ~0x02), o[1], o[2], o[5], o[6], o[7]};
    return {Structure::sound, std::nullopt,
            cat("made from the EUI-48 ", to_hex(eui48),
                local ? ", universal/local bit inverted (modified EUI-64)" : "")};
  }
  if (local)
    return unsound("locally administered (bit 1 of the first octet): not unique in the world");
  return {Structure::sound, std::nullopt, cat("OUI ", oui)};
}

// Y M D with two or four digits of the year.
bool is_date(std::string_view digits) {
  if ((digits.size() != 6 && digits.size() != 8) ||
      !std::all_of(digits.begin(), digits.end(), is_digit))
    return false;
  const std::string year =
      digits.size() == 8 ? std::string(digits.substr(0, 4)) : cat("20", digits.substr(0, 2));
  const std::string_view rest = digits.substr(digits.size() - 4);
  return parse_date(cat(year, "-", rest.substr(0, 2), "-", rest.substr(2))).has_value();
}

// "MA." and nodes parted by dots: what the issuing agency assigned first, then fields told by a
// letter: L batch, S serial, M date of manufacture, D sterilisation batch, V and E expiry.
FormatFinding check_ma_code(std::string_view text) {
  constexpr std::size_t assigned_nodes = 4;  // "MA" and at least three more
  const auto nodes = split(text, '.');
  if (nodes.front() != "MA") return unsound("an MA code starts with \"MA.\"");
  if (nodes.size() < assigned_nodes)
    return unsound(cat("an MA code has at least ", assigned_nodes, " nodes parted by dots"));
  std::string fields;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string_view node = nodes[i];
    const bool sound = !node.empty() && std::all_of(node.begin(), node.end(), [](char c) {
      return is_alphanumeric(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    });
    if (!sound) return unsound(cat("node ", i + 1, " is empty or holds a sign"));
    if (i < assigned_nodes || std::string_view("LSMDVE").find(node[0]) == std::string_view::npos)
      continue;
    if (node.size() == 1) return unsound("nothing follows the letter of a field");
    if (node[0] == 'M' && !is_date(node.substr(1)))
      return unsound("the date of manufacture (.M) has no 6 or 8 digits of a date");
    fields += cat(" .", node);
  }
  return {Structure::sound, std::nullopt,
          cat("structure only: the check digit of MA codes is not established",
              fields.empty() ? "" : ";", fields)};
}

// ANSI/HIBC 2.6: + labeler (letter and 3), product (1 to 18), unit of measure (digit), [/
// secondary], check character over all before it.
FormatFinding check_hibc(std::string_view text) {
  if (text.size() < 8 || text[0] != '+')
    return unsound("HIBC data start with + and have 8 characters");
  const std::string_view body = text.substr(1, text.size() - 2);
  const std::string_view primary = body.substr(0, body.find('/'));
  if (primary.size() < 6 || primary.size() > 23 || !is_capital(primary[0]) ||
      !std::all_of(primary.begin(), primary.end(), is_alphanumeric) || !is_digit(primary.back()))
    return unsound("no labeler, product and unit of measure stand after the +");
  if (!check_digit_of(CheckDigit::mod43, text))
    return unsound("a character is not of the HIBC alphabet");
  return {
      Structure::sound, check_digit_holds(CheckDigit::mod43, text),
      cat("labeler ", primary.substr(0, 4), ", product ", primary.substr(4, primary.size() - 5))};
}

FormatFinding check_mod37_36(std::string_view text) {
  if (text.size() < 2 || !std::all_of(text.begin(), text.end(), is_alphanumeric))
    return unsound("capitals and digits only, the last one the check character");
  return {Structure::sound, check_digit_holds(CheckDigit::mod37_36, text), ""};
}

// Device Information Service 1.1, 3.9: vendor id source, vendor, product, version, little-endian.
FormatFinding check_pnp_id(std::string_view text) {
  const auto octets = from_hex(text);
  if (!octets || octets->size() != 7)
    return unsound("a PnP ID is written as 7 octets in hexadecimal");
  const Bytes& o = *octets;
  const int vendor = o[1] | o[2] << 8;
  if (o[0] != 1 && o[0] != 2)
    return unsound("the vendor id source is neither 1 (Bluetooth SIG) nor 2 (USB-IF)");
  if (vendor == 0 || vendor == 0xFFFF) return unsound("the vendor id stands for nobody");
  return {Structure::sound, std::nullopt, "it tells the model, not the unit"};
}

FormatFinding check_udi(std::string_view text) {
  if (text.starts_with('+')) return check_hibc(text);
  if (text.starts_with("MA.")) return check_ma_code(text);
  const bool element_string = text.starts_with('(') || text.starts_with(']') ||
                              text.find('\x1D') != text.npos || text.size() >= 16;
  const Gs1Elements elements = parse_gs1_elements(text);
  if (!element_string || elements.value_of("01").empty())
    return unsound(
        "neither a GS1 element string with (01), nor HIBC, nor an MA code; for an AHM code, whose "
        "structure is not established, give a pattern");
  FormatFinding finding = check_gs1(text);
  const bool unit = !elements.value_of("21").empty();
  if (finding.structure == Structure::sound && !unit)
    finding.note += "; no (21): it tells the model, not the unit";
  return finding;
}

}  // namespace

std::span<const std::string_view> identifier_format_names() { return names; }

std::optional<IdentifierFormat> identifier_format_from(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<IdentifierFormat>(found - names.begin());
}

FormatFinding check_format(IdentifierFormat format, std::string_view identifier) {
  const std::string_view text = trim(identifier);
  if (text.empty()) return unsound("it is empty");
  switch (format) {
    case IdentifierFormat::gs1:
      return check_gs1(text);
    case IdentifierFormat::udi:
      return check_udi(text);
    case IdentifierFormat::imei:
      return check_imei(text);
    case IdentifierFormat::eui48:
      return check_eui(text, 6);
    case IdentifierFormat::eui64:
      return check_eui(text, 8);
    case IdentifierFormat::ma_code:
      return check_ma_code(text);
    case IdentifierFormat::hibc:
      return check_hibc(text);
    case IdentifierFormat::mod37_36:
      return check_mod37_36(text);
    case IdentifierFormat::pnp_id:
      return check_pnp_id(text);
    case IdentifierFormat::pattern:
      break;
  }
  return {Structure::undecided, std::nullopt, ""};
}

}  // namespace carebench
