// An observation of a Generic Health Sensor, without the segmentation header.
#include "probes/decode_family.h"
#include "probes/gatt/observation.h"
#include "standards/vocab/text.h"

namespace carebench::decoders {
namespace {

constexpr std::string_view name = "ble.2B8B.observation";

Result<Json> decode_observation(std::string_view family, ByteView octets) {
  if (family != name)
    return fail(
        Errc::usage, Blame::bench,
        cat("there is no decoder \"", printable(family), "\", did you mean \"", name, "\"?"));
  return observation_json(octets);
}

}  // namespace

extern const DecodeFamily ble_observation;
const DecodeFamily ble_observation{name, name, "an observation of a Generic Health Sensor, whole",
                                   decode_observation};

}  // namespace carebench::decoders
