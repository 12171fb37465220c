#include "probes/gatt/segments.h"

namespace carebench {

SegmentJoiner::SegmentJoiner(Segmentation how) : how_(how) { joined_.reserve(most_octets); }

SegmentJoiner::Header SegmentJoiner::read(std::uint8_t octet) const {
  const auto with = [&](unsigned kept, unsigned set) {
    return static_cast<std::uint8_t>((octet & kept) | set);
  };
  if (how_ == Segmentation::binary) {
    const unsigned number = octet >> 1 & 0x1F;
    return {number == 0, (octet & 1) != 0, number, with(0xC0, 0x01)};
  }
  return {(octet & 1) != 0, (octet & 2) != 0, static_cast<unsigned>(octet >> 2), with(0xFF, 0x03)};
}

SegmentJoiner::Taken SegmentJoiner::take(ByteView value) {
  const bool was_open = open_;
  open_ = gave_up_ = false;
  const Header header = value.empty() ? Header{} : read(value[0]);
  const bool continues = !value.empty() && was_open && !header.first && header.number == next_;
  gave_up_ = was_open && !continues;
  if (value.empty() || (!header.first && !continues)) return Taken::lost;
  if (header.first) joined_.assign(1, header.whole);
  if (joined_.size() + value.size() - 1 > most_octets) {
    gave_up_ = was_open;
    return Taken::lost;
  }
  joined_.insert(joined_.end(), value.begin() + 1, value.end());
  if (header.last) return Taken::whole;
  open_ = true;
  next_ = (header.number + 1) % (how_ == Segmentation::binary ? 32 : 64);
  return Taken::part;
}

void SegmentJoiner::reset() { open_ = gave_up_ = false; }

}  // namespace carebench
