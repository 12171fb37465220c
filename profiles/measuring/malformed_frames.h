// Frames that a device must survive, made from a sound frame and the description of its protocol:
// wrong checksum, wrong length, cut short, no end, too long, unknown, empty, garbage. The same
// arguments always give the same frames.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "probes/protocol.h"
#include "standards/vocab/bytes.h"

namespace carebench {

struct MalformedFrame {
  std::string_view name;
  Bytes octets;
  // No frame by the protocol's own rules (checksum, length, marks), made of one that would be
  // answered: an answer to it is an answer to something malformed.
  bool unsound = false;
};

// `sound` is a whole frame as encode() gives it. `seed` moves what is random.
std::vector<MalformedFrame> malformed_frames(const Protocol& protocol, ByteView sound,
                                             std::uint64_t seed);
// The names malformed_frames() may use, for a profile that wants some of them only.
std::vector<std::string_view> malformed_frame_names();

// Octets that follow from `seed` alone (splitmix64).
Bytes arbitrary_octets(std::size_t count, std::uint64_t& seed);

}  // namespace carebench
