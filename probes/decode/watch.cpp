// One bracketed message of a locator watch.
#include "probes/decode_family.h"
#include "probes/protocol_decode.h"

namespace carebench::decoders {
namespace {

Result<Json> decode_watch(std::string_view, ByteView octets) {
  const auto protocol = Protocol::load("watch-3g");
  if (!protocol) return tl::unexpected<Error>(protocol.error());
  return decode_frame(**protocol, octets);
}

}  // namespace

extern const DecodeFamily watch;
const DecodeFamily watch{"watch", "watch.3g", "one message of a locator watch, [maker*id*LEN*body]",
                         decode_watch};

}  // namespace carebench::decoders
