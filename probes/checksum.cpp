#include "probes/checksum.h"

#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

using Table = std::array<std::uint32_t, 256>;

constexpr std::uint32_t reversed(std::uint32_t value, int bits) {
  std::uint32_t out = 0;
  for (int i = 0; i < bits; ++i)
    if (value >> i & 1U) out |= 1U << (bits - 1 - i);
  return out;
}

// Reflected tables work on the low end of the word, the others on the high end, whatever the width.
constexpr Table crc_table(int bits, std::uint32_t polynomial, bool reflected) {
  Table table{};
  const std::uint32_t p = reflected ? reversed(polynomial, bits) : polynomial << (32 - bits);
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = reflected ? i : i << 24;
    for (int bit = 0; bit < 8; ++bit)
      crc = reflected ? (crc & 1U ? crc >> 1 ^ p : crc >> 1)
                      : (crc & 0x80000000U ? crc << 1 ^ p : crc << 1);
    table[i] = crc;
  }
  return table;
}

template <int bits, std::uint32_t polynomial, bool reflected>
constexpr Table table_of = crc_table(bits, polynomial, reflected);

template <int bits, std::uint32_t polynomial, bool reflected>
constexpr Checksum crc(std::string_view name, std::string_view aliases, std::uint32_t initial,
                       std::uint32_t final_xor, std::uint32_t check) {
  return {
      name,    aliases,   Checksum::Kind::crc, bits,  polynomial,
      initial, reflected, final_xor,           check, table_of<bits, polynomial, reflected>.data()};
}

constexpr Checksum plain(std::string_view name, std::string_view aliases, Checksum::Kind kind,
                         int bits, std::uint32_t check) {
  return {name, aliases, kind, bits, 0, 0, false, 0, check, nullptr};
}

using Kind = Checksum::Kind;

constexpr std::array all = {
    plain("sum8", "sum", Kind::sum, 8, 0xDD),
    plain("sum8-negated", "lrc twos-complement", Kind::sum_negated, 8, 0x23),
    plain("sum8-inverted", "ones-complement", Kind::sum_inverted, 8, 0x22),
    plain("sum16", "", Kind::sum, 16, 0x01DD),
    plain("xor8", "xor bcc", Kind::exclusive_or, 8, 0x31),
    plain("xor8-inverted", "", Kind::xor_inverted, 8, 0xCE),
    crc<8, 0x07, false>("crc8", "crc8/smbus", 0x00, 0x00, 0xF4),
    crc<8, 0x07, false>("crc8/itu", "crc8/i-432-1 itu", 0x00, 0x55, 0xA1),
    crc<8, 0x07, true>("crc8/rohc", "rohc", 0xFF, 0x00, 0xD0),
    crc<8, 0x9B, false>("crc8/cdma2000", "", 0xFF, 0x00, 0xDA),
    crc<8, 0x39, true>("crc8/darc", "darc", 0x00, 0x00, 0x15),
    crc<8, 0xD5, false>("crc8/dvb-s2", "dvb-s2", 0x00, 0x00, 0xBC),
    crc<8, 0x1D, true>("crc8/ebu", "crc8/tech-3250 ebu", 0xFF, 0x00, 0x97),
    crc<8, 0x1D, false>("crc8/i-code", "i-code", 0xFD, 0x00, 0x7E),
    crc<8, 0x1D, false>("crc8/sae-j1850", "sae-j1850", 0xFF, 0xFF, 0x4B),
    crc<8, 0x2F, false>("crc8/autosar", "autosar", 0xFF, 0xFF, 0xDF),
    crc<8, 0x31, true>("crc8/maxim", "crc8/maxim-dow crc8/dallas dallas", 0x00, 0x00, 0xA1),
    crc<8, 0x31, false>("crc8/nrsc-5", "crc8/sensirion sensirion", 0xFF, 0x00, 0xF7),
    crc<8, 0x9B, true>("crc8/wcdma", "wcdma", 0x00, 0x00, 0x25),
    crc<16, 0x8005, true>("crc16/arc", "crc16 crc16/ibm arc ibm", 0x0000, 0x0000, 0xBB3D),
    crc<16, 0x8005, true>("crc16/modbus", "modbus", 0xFFFF, 0x0000, 0x4B37),
    crc<16, 0x8005, true>("crc16/usb", "usb", 0xFFFF, 0xFFFF, 0xB4C8),
    crc<16, 0x8005, true>("crc16/maxim", "crc16/maxim-dow", 0x0000, 0xFFFF, 0x44C2),
    crc<16, 0x8005, false>("crc16/buypass", "crc16/umts buypass", 0x0000, 0x0000, 0xFEE8),
    crc<16, 0x8005, false>("crc16/cms", "cms", 0xFFFF, 0x0000, 0xAEE7),
    crc<16, 0x8005, false>("crc16/dds-110", "dds-110", 0x800D, 0x0000, 0x9ECF),
    crc<16, 0x1021, false>("crc16/ccitt-false", "crc16/ibm-3740 ccitt-false", 0xFFFF, 0x0000,
                           0x29B1),
    crc<16, 0x1021, false>("crc16/aug-ccitt", "crc16/spi-fujitsu aug-ccitt", 0x1D0F, 0x0000,
                           0xE5CC),
    crc<16, 0x1021, false>("crc16/xmodem", "xmodem", 0x0000, 0x0000, 0x31C3),
    crc<16, 0x1021, false>("crc16/gsm", "gsm", 0x0000, 0xFFFF, 0xCE3C),
    crc<16, 0x1021, false>("crc16/genibus", "genibus", 0xFFFF, 0xFFFF, 0xD64E),
    crc<16, 0x1021, true>("crc16/kermit", "crc16/ccitt-true kermit", 0x0000, 0x0000, 0x2189),
    crc<16, 0x1021, true>("crc16/mcrf4xx", "mcrf4xx", 0xFFFF, 0x0000, 0x6F91),
    crc<16, 0x1021, true>("crc16/x25", "crc16/ibm-sdlc x25", 0xFFFF, 0xFFFF, 0x906E),
    // The catalogue gives the initial values of these two reflected registers bit-reversed.
    crc<16, 0x1021, true>("crc16/riello", "riello", 0x554D, 0x0000, 0x63D0),
    crc<16, 0x1021, true>("crc16/crc-a", "crc16/iso-iec-14443-3-a crc-a", 0x6363, 0x0000, 0xBF05),
    crc<16, 0x3D65, true>("crc16/dnp", "dnp", 0x0000, 0xFFFF, 0xEA82),
    crc<16, 0x3D65, false>("crc16/en-13757", "en-13757", 0x0000, 0xFFFF, 0xC2B7),
    crc<16, 0x8BB7, false>("crc16/t10-dif", "t10-dif", 0x0000, 0x0000, 0xD0DB),
    crc<16, 0xC867, false>("crc16/cdma2000", "", 0xFFFF, 0x0000, 0x4C06),
    // Of advertising; the register starts with 0x555555, bit-reversed here.
    crc<24, 0x00065B, true>("crc24/ble", "", 0xAAAAAA, 0x000000, 0xC25A56),
    crc<32, 0x04C11DB7, true>("crc32", "crc32/iso-hdlc", 0xFFFFFFFF, 0xFFFFFFFF, 0xCBF43926),
    crc<32, 0x1EDC6F41, true>("crc32c", "crc32/iscsi", 0xFFFFFFFF, 0xFFFFFFFF, 0xE3069283),
    crc<32, 0x04C11DB7, false>("crc32/bzip2", "", 0xFFFFFFFF, 0xFFFFFFFF, 0xFC891918),
    crc<32, 0x04C11DB7, false>("crc32/mpeg-2", "", 0xFFFFFFFF, 0x00000000, 0x0376E6E7),
};

std::uint32_t crc_of(const Checksum& c, ByteView octets) {
  if (c.reflected) {
    std::uint32_t crc = c.initial;
    for (const std::uint8_t octet : octets) crc = crc >> 8 ^ c.table[(crc ^ octet) & 0xFF];
    return crc ^ c.final_xor;
  }
  const int up = 32 - c.bits;
  std::uint32_t crc = c.initial << up;
  for (const std::uint8_t octet : octets) crc = crc << 8 ^ c.table[crc >> 24 ^ octet];
  return crc >> up ^ c.final_xor;
}

bool lists(std::string_view words, std::string_view word) {
  for (const std::string_view one : split(words, ' '))
    if (one == word) return true;
  return false;
}

}  // namespace

std::uint32_t Checksum::operator()(ByteView octets) const {
  if (kind == Kind::crc) return crc_of(*this, octets);
  const std::uint32_t mask = bits == 8 ? 0xFFU : 0xFFFFU;
  std::uint32_t value = 0;
  if (kind == Kind::exclusive_or || kind == Kind::xor_inverted) {
    for (const std::uint8_t octet : octets) value ^= octet;
    return (kind == Kind::xor_inverted ? ~value : value) & mask;
  }
  for (const std::uint8_t octet : octets) value += octet;
  if (kind == Kind::sum_negated) value = 0U - value;
  if (kind == Kind::sum_inverted) value = ~value;
  return value & mask;
}

std::span<const Checksum> checksums() { return all; }

const Checksum* checksum_named(std::string_view name) {
  if (name.empty()) return nullptr;
  for (const Checksum& c : all)
    if (c.name == name || lists(c.aliases, name)) return &c;
  return nullptr;
}

std::vector<std::string_view> checksum_names() {
  std::vector<std::string_view> names;
  for (const Checksum& c : all) {
    names.push_back(c.name);
    for (const std::string_view alias : split(c.aliases, ' '))
      if (!alias.empty()) names.push_back(alias);
  }
  return names;
}

}  // namespace carebench
