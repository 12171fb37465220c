// The frame reader over every shipped protocol: whatever comes in whatever pieces, all octets are
// accounted for, and the frames are those of a reader that looks at everything at once.
#include <memory>
#include <vector>

#include "probes/frame_scan.h"
#include "probes/protocol.h"
#include "standards/vocab/shipped.h"
#include "tests/fuzz/must.h"

using namespace carebench;

namespace {

std::vector<std::shared_ptr<const Protocol>> framed_protocols() {
  std::vector<std::shared_ptr<const Protocol>> out;
  constexpr std::string_view folder = "probes/protocols/";
  for (const ShippedFile& file : shipped_files(folder)) {
    const std::string_view name = file.path.substr(folder.size());
    const auto protocol = Protocol::load(name.substr(0, name.size() - 5));
    must(protocol.has_value());
    if (!(*protocol)->is_register_map()) out.push_back(*protocol);
  }
  return out;
}

std::vector<ByteView> frames_of(const Framing& framing, ByteView octets) {
  std::vector<ByteView> frames;
  while (!octets.empty()) {
    const Scanned scanned = scan_frame(framing, octets);
    const auto most = static_cast<std::size_t>(framing.max_length);
    must(scanned.status != Scanned::Status::more || octets.size() < most);
    if (scanned.status == Scanned::Status::more) break;
    const bool found = scanned.status == Scanned::Status::frame;
    if (found) frames.push_back(octets.first(scanned.size));
    octets = octets.subspan(found ? scanned.size : 1);
  }
  return frames;
}

void read_octets(const Protocol& protocol, ByteView octets, std::uint8_t pieces) {
  const std::vector<ByteView> expected = frames_of(protocol.framing(), octets);
  FrameReader reader(protocol, static_cast<Direction>(pieces % 3));
  std::size_t seen = 0, in_frames = 0;
  std::uint64_t packet = 0;
  for (ByteView rest = octets; !rest.empty(); ++packet) {
    const std::size_t size = std::min<std::size_t>(rest.size(), 1 + (packet * 7 + pieces) % 61);
    const Bytes own(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    reader.feed(own, Stamp{static_cast<Nanoseconds>(packet)}, packet);
    for (Message message; reader.next(message); ++seen) {
      must(seen < expected.size());
      must(to_hex(message.frame) == to_hex(expected[seen]));
      must(message.first_seq <= message.last_seq && message.last_seq <= packet);
      in_frames += message.frame.size();
      message.to_json(protocol);
    }
    must(reader.pending() < static_cast<std::size_t>(protocol.framing().max_length));
    rest = rest.subspan(size);
  }
  must(seen == expected.size());
  const FrameCounts& counts = reader.counts();
  must(counts.octets == octets.size());
  must(counts.frames == seen);
  must(in_frames + counts.dropped_octets + reader.pending() == octets.size());
  reader.reset();
  must(in_frames + reader.counts().dropped_octets == octets.size());
}

// GATT events carry messages, segments of them, or pieces of a stream.
void read_events(const Protocol& protocol, ByteView octets, std::uint8_t pieces) {
  FrameReader reader(protocol, static_cast<Direction>(pieces % 3));
  std::uint64_t packet = 0;
  for (ByteView rest = octets; !rest.empty(); ++packet) {
    const std::size_t size = std::min<std::size_t>(rest.size(), 1 + (packet * 7 + pieces) % 61);
    const Bytes own(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    reader.feed(own, Stamp{static_cast<Nanoseconds>(packet)}, packet);
    for (Message message; reader.next(message);) {
      must(message.first_seq <= message.last_seq && message.last_seq <= packet);
      message.to_json(protocol);
    }
    rest = rest.subspan(size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto protocols = framed_protocols();
  if (size < 2) return 0;
  const Protocol& protocol = *protocols[data[0] % protocols.size()];
  const bool events = protocol.is_gatt();  // messages, or a stream inside of events
  (events ? read_events : read_octets)(protocol, ByteView(data + 2, size - 2), data[1]);
  return 0;
}
