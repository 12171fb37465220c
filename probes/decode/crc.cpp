// A checksum over octets.
#include "probes/checksum.h"
#include "probes/decode_family.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

Result<Json> decode_crc(std::string_view family, ByteView octets) {
  const std::string_view name = family.substr(std::min(family.size(), family.find('.') + 1));
  const Checksum* checksum = checksum_named(name);
  if (!checksum) {
    const std::vector<std::string_view> names = checksum_names();
    return fail(Errc::usage, Blame::bench,
                cat("the checksum \"", printable(name), "\" is unknown",
                    suggestion(name, std::span<const std::string_view>(names))));
  }
  const std::uint32_t value = (*checksum)(octets);
  Bytes big_endian;
  for (int shift = checksum->bits - 8; shift >= 0; shift -= 8)
    big_endian.push_back(static_cast<std::uint8_t>(value >> shift));
  Json json = Json::object();
  json.set("crc", value);
  json.set("hex", to_hex(big_endian));
  json.set("name", checksum->name);
  return json;
}

}  // namespace

extern const DecodeFamily crc;
const DecodeFamily crc{
    "crc",
    "crc.sum8 crc.xor8 crc.lrc crc.crc8 crc.crc8/maxim crc.modbus crc.arc "
    "crc.ccitt-false crc.xmodem crc.kermit crc.x25 crc.mcrf4xx crc.crc24/ble crc.crc32",
    "a checksum over the octets, by its usual name", decode_crc};

}  // namespace carebench::decoders
