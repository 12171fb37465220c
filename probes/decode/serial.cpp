// One frame of a protocol that is described as data.
#include "probes/decode_family.h"
#include "probes/protocol_decode.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

Result<Json> decode_serial(std::string_view family, ByteView octets) {
  constexpr std::string_view prefix = "serial.";
  if (!family.starts_with(prefix))
    return fail(Errc::usage, Blame::bench,
                "name the protocol, serial.r60abd1, or its file, serial./path/to/protocol.yaml");
  const auto protocol = Protocol::load(family.substr(prefix.size()));
  if (!protocol) return tl::unexpected<Error>(protocol.error());
  if ((*protocol)->is_register_map())
    return fail(Errc::usage, Blame::bench,
                cat((*protocol)->name, " is a register map: decode its frames with modbus.rtu"));
  if ((*protocol)->is_gatt() && !(*protocol)->framing().pipe)
    return fail(Errc::usage, Blame::bench,
                cat((*protocol)->name,
                    " describes values of attributes, and octets do not say of which: decode "
                    "adopted ones by their characteristic, ble.2A37"));
  return decode_frame(**protocol, octets);
}

}  // namespace

extern const DecodeFamily serial;
const DecodeFamily serial{
    "serial", "serial.r60abd1 serial.ld2410 serial.nmea0183 serial.watch-3g serial.ecg-patch",
    "one frame of a protocol described as data", decode_serial};

}  // namespace carebench::decoders
