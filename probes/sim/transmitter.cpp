#include "probes/sim/transmitter.h"

#include <algorithm>

#include "probes/frame_scan.h"
#include "probes/gatt/event.h"
#include "probes/sim/random.h"

namespace carebench::sim {
namespace {

constexpr auto later = [](const auto& a, const auto& b) {
  return a.start != b.start ? a.start > b.start : a.order > b.order;
};

// Start, data, parity and stop bits of "8N1".
int bits_of(std::string_view mode) {
  if (mode.size() != 3) return 10;
  return 1 + (mode[0] - '0') + (mode[1] == 'N' ? 0 : 1) + (mode[2] - '0');
}

}  // namespace

Transmitter::Transmitter(const VirtualDevice& device, std::uint64_t seed)
    : device_(device), seed_(mix(seed, "line")), hits_(device.behaviour.disturbances.size(), 0) {
  if (device.baud > 0) octet_ns_ = Nanoseconds{bits_of(device.mode)} * 1'000'000'000 / device.baud;
}

Duration Transmitter::time_of(std::size_t octets) const {
  return {octet_ns_ * static_cast<Nanoseconds>(octets)};
}

void Transmitter::power_on(Stamp now) {
  powered_ = now;
  waiting_.clear();
}

void Transmitter::cut(Stamp now) {
  waiting_.clear();
  while (!line_.empty() && line_.back().due > now) line_.pop_back();
  free_ = std::min(free_, now);
}

void Transmitter::clear(Stamp now) {
  line_.clear();
  cut(now);
}

bool Transmitter::picked(std::size_t index, Stamp start, std::string_view message, bool answer) {
  const Pick& pick = device_.behaviour.disturbances[index].pick;
  if (pick.of == Pick::Of::answers && !answer) return false;
  if (pick.of == Pick::Of::streams && answer) return false;
  if (!pick.messages.empty() &&
      std::find(pick.messages.begin(), pick.messages.end(), message) == pick.messages.end())
    return false;
  const Duration since = start - (powered_ + pick.from);
  if (since.ns < 0) return false;
  if (pick.lasting) {
    const Nanoseconds inside = pick.each ? since.ns % pick.each->ns : since.ns;
    if (inside >= pick.lasting->ns) return false;
  }
  return ++hits_[index] % static_cast<std::uint64_t>(pick.every) == 0;
}

void Transmitter::send(Stamp start, std::string_view message, bool answer, ByteView octets) {
  Bytes frame;
  if (!spare_.empty()) {
    frame = std::move(spare_.back());
    spare_.pop_back();
  }
  // The header of a GATT event is the bench's: what can be disturbed is the value.
  const ByteView head = octets.first(
      device_.gatt ? std::min<std::size_t>(GattEvent::header, octets.size()) : std::size_t{0});
  octets = octets.subspan(head.size());
  frame.assign(octets.begin(), octets.end());
  Duration gap;
  bool twice = false;
  const auto& disturbances = device_.behaviour.disturbances;
  for (std::size_t i = 0; i < disturbances.size(); ++i) {
    if (!picked(i, start, message, answer)) continue;
    const Disturbance& disturbance = disturbances[i];
    switch (disturbance.kind) {
      case Disturbance::Kind::drop:
        return spare_.push_back(std::move(frame));
      case Disturbance::Kind::truncate: {
        const std::size_t left = disturbance.octets > 0
                                     ? static_cast<std::size_t>(disturbance.octets)
                                     : frame.size() / 2;
        frame.resize(std::min(frame.size(), left));
        break;
      }
      case Disturbance::Kind::corrupt:
        corrupt(frame, head, disturbance);
        break;
      case Disturbance::Kind::garbage: {
        const Bytes junk = garbage(disturbance, frame);
        frame.insert(frame.begin(), junk.begin(), junk.end());
        break;
      }
      case Disturbance::Kind::duplicate:
        twice = true;
        break;
      case Disturbance::Kind::drip:
        gap = disturbance.by;
        break;
      case Disturbance::Kind::late:
        start = start + disturbance.by;
        break;
    }
  }
  frame.insert(frame.begin(), head.begin(), head.end());
  if (twice) wait(start, frame, gap);
  wait(start, std::move(frame), gap);
}

void Transmitter::wait(Stamp start, Bytes octets, Duration gap) {
  waiting_.push_back({start, order_++, std::move(octets), gap});
  std::push_heap(waiting_.begin(), waiting_.end(), later);
}

// Changes one octet so that a receiver notices: where the checksum fails, else where the frame
// breaks, else in the middle.
void Transmitter::corrupt(Bytes& octets, ByteView head, const Disturbance& disturbance) const {
  if (octets.empty()) return;
  const auto size = static_cast<int>(octets.size());
  if (disturbance.at) {
    const int at = *disturbance.at < 0 ? size + *disturbance.at : *disturbance.at;
    octets[static_cast<std::size_t>(std::clamp(at, 0, size - 1))] ^= 1;
    return;
  }
  if (device_.is_modbus()) {
    octets.back() ^= 1;
    return;
  }
  if (device_.gatt) return corrupt_value(octets, head);
  std::size_t broken = octets.size() / 2;
  if (device_.protocol) {
    for (std::size_t at = octets.size(); at-- > 0;) {
      octets[at] ^= 1;
      const auto status = scan_frame(device_.protocol->framing(), octets).status;
      octets[at] ^= 1;
      if (status == Scanned::Status::broken) broken = at;
      if (status != Scanned::Status::checksum) continue;
      broken = at;
      break;
    }
  }
  octets[broken] ^= 1;
}

// Changes a bit so that the decoder refuses the value, or finds fault with it; flags come first.
void Transmitter::corrupt_value(Bytes& octets, ByteView head) const {
  if (!device_.protocol) return;
  FrameReader reader(*device_.protocol);
  Bytes event(head.begin(), head.end());
  for (std::size_t at = 0; at < octets.size(); ++at)
    for (int bit = 7; bit >= 0; --bit) {
      octets[at] = static_cast<std::uint8_t>(octets[at] ^ 1 << bit);
      event.resize(head.size());
      event.insert(event.end(), octets.begin(), octets.end());
      const FrameCounts before = reader.counts();
      reader.feed(event, {}, 0);
      for (Message message; reader.next(message);) {
      }
      if (reader.counts().malformed > before.malformed ||
          reader.counts().violations > before.violations ||
          reader.counts().checksum_errors > before.checksum_errors)
        return;
      octets[at] = static_cast<std::uint8_t>(octets[at] ^ 1 << bit);
    }
  octets.back() ^= 1;
}

Bytes Transmitter::garbage(const Disturbance& disturbance, ByteView frame) {
  Bytes junk(static_cast<std::size_t>(disturbance.octets));
  for (std::uint8_t& octet : junk) octet = static_cast<std::uint8_t>(mix(seed_, drawn_++) >> 56);
  if (disturbance.start_marks) {
    const std::size_t beginning = std::min<std::size_t>(6, frame.size() / 2);
    const std::size_t at =
        std::min(junk.size() / 3, junk.size() - std::min(junk.size(), beginning));
    for (std::size_t i = 0; i < beginning && at + i < junk.size(); ++i) junk[at + i] = frame[i];
  }
  return junk;
}

void Transmitter::advance(Stamp now) {
  while (!waiting_.empty() && waiting_.front().start <= now) {
    std::pop_heap(waiting_.begin(), waiting_.end(), later);
    Waiting next = std::move(waiting_.back());
    waiting_.pop_back();
    if (next.gap.ns == 0) {
      put_on_line(next.start, std::move(next.octets));
      continue;
    }
    for (std::size_t i = 0; i < next.octets.size(); ++i)
      put_on_line(next.start + Duration{next.gap.ns * static_cast<Nanoseconds>(i)},
                  {next.octets[i]});
  }
}

void Transmitter::put_on_line(Stamp start, Bytes octets) {
  if (octets.empty()) return;
  sent_octets_ += octets.size();
  free_ = std::max(free_, start) + time_of(octets.size());
  line_.push_back({free_, std::move(octets)});
}

void Transmitter::pop() {
  if (spare_.size() < 8) spare_.push_back(std::move(line_.front().octets));
  line_.pop_front();
}

}  // namespace carebench::sim
