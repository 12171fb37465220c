#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "probes/frame_gatt.h"
#include "probes/frame_scan.h"
#include "probes/protocol.h"

namespace carebench {

// Frames are looked for in the fed octets themselves. What is left of an unfinished frame is kept
// in `held`; when more comes, as much as one frame can take is copied behind it ("joined"), and as
// soon as the frames that start in the held part are decided, reading goes on in the fed octets.
struct FrameReader::State {
  struct Arrival {
    std::uint64_t seq = 0;
    Stamp stamp;
  };

  State(const Protocol& protocol, Direction d) : framing(protocol.framing()), heard(d) {
    const Framing& f = framing;
    if (f.kind == Framing::Kind::gatt) {
      gatt.emplace(protocol, d);
      return;
    }
    const auto room = 2 * static_cast<std::size_t>(f.max_length);
    held.resize(room);
    arrivals.resize(room);
    if (f.kind == Framing::Kind::binary) {
      for (const Framing::Variant& variant : f.variants)
        for (unsigned octet = 0; octet < 256; ++octet)
          if (f.sync_mask ? octet & f.sync_mask : octet == variant.start[0])
            may_start[octet] = true;
    } else {
      for (const char c : f.kind == Framing::Kind::line ? std::string_view(f.starts) : "[")
        may_start[static_cast<std::uint8_t>(c)] = true;
    }
    const auto starts = std::count(may_start.begin(), may_start.end(), true);
    if (starts == 1)
      only_start =
          static_cast<int>(std::find(may_start.begin(), may_start.end(), true) - may_start.begin());
  }

  void drop(std::size_t octets) {
    if (octets == 0) return;
    counts.dropped_octets += octets;
    if (!searching) ++counts.resyncs;
    searching = true;
  }

  // Octets until the next place after the first octet where a start mark may be.
  std::size_t to_next_start(ByteView octets) const {
    const ByteView rest = octets.subspan(1);
    if (rest.empty()) return 1;
    if (only_start >= 0) {
      const void* found = std::memchr(rest.data(), only_start, rest.size());
      if (!found) return octets.size();
      return 1 + static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - rest.data());
    }
    std::size_t skipped = 1;
    while (skipped < octets.size() && !may_start[octets[skipped]]) ++skipped;
    return skipped;
  }

  // One step from the start of `octets`: a frame into `message`, or octets dropped; how many octets
  // it took, 0: more must come.
  std::size_t step(ByteView octets, Message& message, bool& found) {
    const Scanned scanned = scan_frame(framing, octets);
    switch (scanned.status) {
      case Scanned::Status::frame:
        searching = false;
        ++counts.frames;
        message.frame = octets.first(scanned.size);
        message.data = octets.subspan(scanned.data_at, scanned.data_size);
        message.spec = match_message(framing, heard, scanned.variant, message.frame, message.data);
        if (!message.spec) ++counts.unknown;
        found = true;
        return scanned.size;
      case Scanned::Status::more:
        return 0;
      case Scanned::Status::checksum:
        ++counts.checksum_errors;
        last_error = scanned.why;
        break;
      case Scanned::Status::broken:
        ++counts.malformed;
        last_error = scanned.why;
        break;
      case Scanned::Status::nothing:
        break;
    }
    const std::size_t dropped = to_next_start(octets);
    drop(dropped);
    return dropped;
  }

  bool next_in_joined(Message& message) {
    bool found = false;
    while (at < old_size) {
      const std::size_t took = step(ByteView(held).subspan(at, held_size - at), message, found);
      if (took == 0) return hold_joined();
      if (found) {
        const Arrival& last = arrivals[at + took - 1];
        message.first_seq = arrivals[at].seq;
        message.last_seq = last.seq;
        message.stamp = last.stamp;
      }
      at += took;
      if (found) return true;
    }
    // All that was held is decided: go on in the fed octets where the joined ones end.
    fed = fed.subspan(at - old_size);
    held_size = old_size = at = 0;
    return false;
  }

  bool hold_joined() {
    assert(held_size - at < static_cast<std::size_t>(framing.max_length));
    held_size -= at;
    std::memmove(held.data(), held.data() + at, held_size);
    std::copy_n(arrivals.begin() + static_cast<std::ptrdiff_t>(at), held_size, arrivals.begin());
    at = 0;
    old_size = 0;
    fed = {};
    return false;
  }

  bool next_in_fed(Message& message) {
    bool found = false;
    while (!fed.empty()) {
      const std::size_t took = step(fed, message, found);
      if (took == 0) {
        append(fed);
        fed = {};
        return false;
      }
      fed = fed.subspan(took);
      if (!found) continue;
      message.first_seq = message.last_seq = arrival.seq;
      message.stamp = arrival.stamp;
      return true;
    }
    return false;
  }

  void append(ByteView octets) {
    std::copy(octets.begin(), octets.end(), held.begin() + static_cast<std::ptrdiff_t>(held_size));
    std::fill_n(arrivals.begin() + static_cast<std::ptrdiff_t>(held_size), octets.size(), arrival);
    held_size += octets.size();
  }

  // Of a GATT protocol: one event is one frame, or one for each record that it holds.
  bool next_in_event(Message& message) {
    if (!fed.empty()) gatt->take(std::exchange(fed, {}), arrival.seq);
    if (!gatt->next(message, counts, last_error)) return false;
    message.first_seq = gatt->first_seq();
    message.last_seq = arrival.seq;
    message.stamp = arrival.stamp;
    return true;
  }

  // The octets of a stream that is cut into values of an attribute.
  ByteView stream_of(ByteView octets) {
    GattEvent event;
    if (!GattEvent::parse(octets, event)) {
      ++counts.malformed;
      last_error = "header";
      counts.dropped_octets += octets.size();
      return {};
    }
    const AttributePath& wanted =
        heard == Direction::to_device ? framing.pipe->write : framing.pipe->notify;
    if (event.is_value() && event.uuid == wanted.characteristic) {
      const auto way = framing.pipe->indicates ? EventKind::indication : EventKind::notification;
      // What says nothing of the method is a mere value.
      if (event.kind != EventKind::value && event.kind != way) {
        ++counts.findings;
        ++counts.violations;
      }
      return event.value;
    }
    if (event.is_value()) {
      ++counts.frames;
      ++counts.unknown;
    }
    counts.octets -= event.is_value() ? 0 : octets.size();
    return {};
  }

  const Framing& framing;
  const Direction heard;
  std::array<bool, 256> may_start{};
  int only_start = -1;

  Bytes held;
  std::vector<Arrival> arrivals;  // of each held octet
  std::size_t held_size = 0;
  std::size_t old_size = 0;  // held octets from before this feed; > 0 while in the joined ones
  std::size_t at = 0;        // in the joined octets
  ByteView fed;              // what is to be read of the last feed, joined octets included
  Arrival arrival;           // of the last feed

  std::optional<GattFrames> gatt;
  bool searching = false;
  FrameCounts counts;
  std::string_view last_error;
};

FrameReader::FrameReader(const Protocol& protocol, Direction heard)
    : state_(std::make_unique<State>(protocol, heard)) {}
FrameReader::~FrameReader() = default;
FrameReader::FrameReader(FrameReader&&) noexcept = default;

void FrameReader::feed(ByteView octets, Stamp stamp, std::uint64_t seq) {
  State& s = *state_;
  assert(s.fed.empty() && "next() must have said false");
  s.counts.octets += octets.size();
  if (s.framing.pipe) {
    const ByteView stream = s.stream_of(octets);
    if (!stream.empty()) s.counts.octets -= octets.size() - stream.size();
    octets = stream;
  }
  s.fed = octets;
  s.arrival = {seq, stamp};
  s.at = 0;
  s.old_size = s.held_size;
  if (s.held_size)
    s.append(octets.first(std::min(octets.size(), static_cast<std::size_t>(s.framing.max_length))));
}

bool FrameReader::next(Message& message) {
  State& s = *state_;
  if (s.gatt) return s.next_in_event(message);
  if (s.old_size) {
    if (s.next_in_joined(message)) return true;
    if (s.held_size) return false;
  }
  return s.next_in_fed(message);
}

bool FrameReader::read(const MessageSpec& spec, ByteView value, Stamp stamp, std::uint64_t seq,
                       Message& message) {
  State& s = *state_;
  assert(s.gatt && spec.gatt);
  s.counts.octets += value.size();
  s.gatt->take(spec, value);
  if (!s.gatt->next(message, s.counts, s.last_error)) return false;
  message.first_seq = message.last_seq = seq;
  message.stamp = stamp;
  return true;
}

void FrameReader::reset() {
  State& s = *state_;
  s.counts.dropped_octets += pending();
  if (s.gatt) s.gatt->reset();
  s.held_size = s.old_size = s.at = 0;
  s.fed = {};
  s.searching = false;
}

std::size_t FrameReader::pending() const {
  const State& s = *state_;
  if (s.gatt) return s.gatt->pending() + s.fed.size();
  // While joined, the copies behind the old octets are part of `fed`.
  return s.old_size ? s.old_size - std::min(s.at, s.old_size) +
                          (s.fed.size() - (s.at > s.old_size ? s.at - s.old_size : 0))
                    : s.held_size + s.fed.size();
}

const FrameCounts& FrameReader::counts() const { return state_->counts; }
std::string_view FrameReader::last_error() const { return state_->last_error; }

}  // namespace carebench
