#include "probes/gatt/uuid.h"

#include <algorithm>

#include "standards/vocab/bytes.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::array<std::uint8_t, 16> base = {0,    0, 0, 0,    0,    0,    0x10, 0,
                                               0x80, 0, 0, 0x80, 0x5F, 0x9B, 0x34, 0xFB};

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c); });
}

}  // namespace

Uuid Uuid::of(std::uint16_t assigned) {
  Uuid uuid{base};
  uuid.octets[2] = static_cast<std::uint8_t>(assigned >> 8);
  uuid.octets[3] = static_cast<std::uint8_t>(assigned);
  return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::string digits;
  if (text.size() == 36) {
    if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return {};
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c != '-'; });
  } else {
    digits = text;
  }
  if (!is_hex(digits)) return {};
  const auto octets = from_hex(digits);
  if (!octets) return {};
  if (octets->size() == 2) return of(static_cast<std::uint16_t>((*octets)[0] << 8 | (*octets)[1]));
  if (octets->size() != 16) return {};
  Uuid uuid;
  std::copy(octets->begin(), octets->end(), uuid.octets.begin());
  return uuid;
}

std::optional<std::uint16_t> Uuid::assigned() const {
  const auto value = static_cast<std::uint16_t>(octets[2] << 8 | octets[3]);
  if (*this == of(value)) return value;
  return {};
}

std::string Uuid::text() const {
  if (!assigned()) return long_text();
  std::string upper = to_hex(octets).substr(4, 4);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

std::string Uuid::long_text() const {
  const std::string hex = to_hex(octets);
  return cat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
             hex.substr(16, 4), "-", hex.substr(20));
}

Result<AttributePath> AttributePath::parse(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return fail(Errc::usage, Blame::profile,
                cat("\"", printable(text), "\" is no attribute: ", what,
                    "; write service/characteristic or service/characteristic/descriptor, as "
                    "180A/2A25"));
  };
  AttributePath path;
  std::string_view rest = text;
  if (const auto hash = rest.rfind('#'); hash != std::string_view::npos) {
    const auto number = parse_int(rest.substr(hash + 1));
    if (!number || *number < 1 || *number > 99) return wrong("after # stands a number, 1 … 99");
    path.instance = static_cast<int>(*number);
    rest = rest.substr(0, hash);
  }
  std::vector<Uuid> parts;
  while (true) {
    const auto slash = rest.find('/');
    const auto uuid = Uuid::parse(rest.substr(0, slash));
    if (!uuid) return wrong(cat("\"", printable(rest.substr(0, slash)), "\" is no UUID"));
    parts.push_back(*uuid);
    if (slash == std::string_view::npos) break;
    rest = rest.substr(slash + 1);
  }
  if (parts.size() > 3) return wrong("it has more than three parts");
  if (parts.size() > 1) path.service = parts[0];
  path.characteristic = parts.size() > 1 ? parts[1] : parts[0];
  if (parts.size() > 2) path.descriptor = parts[2];
  return path;
}

std::string AttributePath::text() const {
  std::string text =
      service ? cat(service->text(), "/", characteristic.text()) : characteristic.text();
  if (descriptor) text += cat("/", descriptor->text());
  if (instance > 1) text += cat("#", instance);
  return text;
}

}  // namespace carebench
