// One NMEA 0183 sentence.
#include "probes/decode_family.h"
#include "probes/protocol_decode.h"

namespace carebench::decoders {
namespace {

Result<Json> decode_sentence(std::string_view, ByteView octets) {
  const auto protocol = Protocol::load("nmea0183");
  if (!protocol) return tl::unexpected<Error>(protocol.error());
  return decode_frame(**protocol, octets);
}

}  // namespace

extern const DecodeFamily nmea0183;
const DecodeFamily nmea0183{"nmea0183", "nmea0183", "one NMEA 0183 sentence", decode_sentence};

}  // namespace carebench::decoders
