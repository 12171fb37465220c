// A packet of the BLE link layer as sniffers show it: access address, PDU, CRC-24.
#include "probes/checksum.h"
#include "probes/decode_family.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

constexpr std::string_view name = "ble.ll.crc24";

// The CRC covers the PDU: a header of 2 octets, the second of them its length, and the payload.
Result<Json> decode_packet(std::string_view family, ByteView octets) {
  if (family != name)
    return fail(
        Errc::usage, Blame::bench,
        cat("there is no decoder \"", printable(family), "\", did you mean \"", name, "\"?"));
  static const Checksum& crc = *checksum_named("crc24/ble");
  constexpr std::uint8_t advertising[] = {0xD6, 0xBE, 0x89, 0x8E};  // access address 8E89BED6
  if (octets.size() < 9)
    return fail(Errc::bad_input, Blame::profile,
                "length: a packet has 9 octets or more: access address, header, CRC");
  if (!std::equal(std::begin(advertising), std::end(advertising), octets.begin()))
    return fail(Errc::bad_input, Blame::profile,
                "access: only the CRC of advertising has a start value that is known");
  const ByteView pdu = octets.subspan(4, octets.size() - 7), sent = octets.last(3);
  if (pdu.size() != 2U + pdu[1])
    return fail(Errc::bad_input, Blame::profile,
                cat("length: the header tells ", pdu[1], " octets, and ", pdu.size() - 2,
                    " stand before the CRC"));
  const std::uint32_t value = crc(pdu);
  const std::uint8_t computed[] = {static_cast<std::uint8_t>(value),
                                   static_cast<std::uint8_t>(value >> 8),
                                   static_cast<std::uint8_t>(value >> 16)};
  Json json = Json::object();
  json.set("crc_le", to_hex(computed)).set("sent", to_hex(sent));
  return std::move(json.set("ok", std::equal(sent.begin(), sent.end(), std::begin(computed))));
}

}  // namespace

extern const DecodeFamily ble_ll;
const DecodeFamily ble_ll{"ble.ll", name, "a BLE advertising packet and its CRC-24", decode_packet};

}  // namespace carebench::decoders
