// Advertising data as they stand in a PDU.
#include "probes/decode_family.h"
#include "probes/gatt/advertising.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

Result<Json> decode_advertising(std::string_view family, ByteView octets) {
  if (family != "ble.adv")
    return fail(Errc::usage, Blame::bench,
                cat("there is no decoder \"", printable(family), "\", did you mean \"ble.adv\"?"));
  if (octets.size() > longest_advertising)
    return fail(Errc::bad_input, Blame::profile,
                cat("length: advertising data have at most ", longest_advertising, " octets"));
  return advertising_json(octets);
}

}  // namespace

extern const DecodeFamily ble_adv;
const DecodeFamily ble_adv{"ble.adv", "ble.adv", "what a BLE device advertises",
                           decode_advertising};

}  // namespace carebench::decoders
