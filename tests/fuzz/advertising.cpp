// Advertising data, and observations of any length: whatever the octets are, what comes of them is
// JSON that our own strict reader takes, or a reason.
#include "probes/gatt/advertising.h"

#include "probes/gatt/observation.h"
#include "tests/fuzz/must.h"

using namespace carebench;

// The first octet says which of the two the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const ByteView octets(data + 1, size - 1);
  if (data[0] & 1) {
    const auto observation = observation_json(octets);
    if (observation)
      must(parse_json(observation->dump()).has_value());
    else
      must(observation.error().message.find(':') != std::string::npos);
    return 0;
  }
  must(parse_json(advertising_json(octets).dump()).has_value());
  AdReader reader(octets);
  AdStructure structure;
  std::size_t read = 0;
  while (reader.next(structure)) read += structure.data.size() + 2;
  must(read + reader.rest().size() == octets.size());
  return 0;
}
