// One whole frame of a protocol, as JSON, or why it is refused.
#pragma once

#include "probes/protocol.h"

namespace carebench {

// `octets` hold one frame and nothing else; a line may come without its CR LF. Refused octets are
// bad_input with the reason first: "checksum: …", "footer: …", "length: …", "start: …".
Result<Json> decode_frame(const Protocol& protocol, ByteView octets);

}  // namespace carebench
