#include <bit>
#include <cstring>

#include "probes/capture/pcapng.h"
#include "standards/vocab/text.h"

namespace carebench::pcapng {
namespace {

constexpr std::uint32_t section_type = 0x0A0D0D0A, interface_type = 1, packet_type = 6;
constexpr std::uint64_t largest_block = 64 * 1024 * 1024;
constexpr std::size_t most_interfaces = 4096;

template <class T>
T get(const std::uint8_t* at, bool swapped) {
  T value;
  std::memcpy(&value, at, sizeof value);
  if (!swapped) return value;
  std::uint8_t octets[sizeof value];
  for (std::size_t i = 0; i < sizeof value; ++i) octets[i] = at[sizeof value - 1 - i];
  std::memcpy(&value, octets, sizeof value);
  return value;
}

// Calls visit(code, value) for each option; false when the list is malformed.
template <class Visit>
bool each_option(ByteView options, bool swapped, Visit visit) {
  std::size_t at = 0;
  while (at + 4 <= options.size()) {
    const auto code = get<std::uint16_t>(&options[at], swapped);
    const auto length = get<std::uint16_t>(&options[at + 2], swapped);
    if (code == 0) return true;
    if (at + 4 + length > options.size()) return false;
    visit(code, options.subspan(at + 4, length));
    at += 4 + ((std::size_t{length} + 3) & ~std::size_t{3});
  }
  return at >= options.size();
}

std::int64_t ticks_per_second(std::uint8_t resolution) {
  const int exponent = resolution & 0x7F;
  std::int64_t ticks = 1;
  for (int i = 0; i < exponent && ticks < 1'000'000'000; ++i) ticks *= resolution & 0x80 ? 2 : 10;
  return ticks;
}

}  // namespace

bool Reader::refuse(std::string why) {
  error_ = cat("offset ", position_, ": ", why);
  return false;
}

bool Reader::next(Block& block) {
  const std::uint64_t left = file_.size() - position_;
  if (left < 12) return false;
  const std::uint8_t* head = file_.data() + position_;
  const bool section = get<std::uint32_t>(head, false) == section_type;
  if (section) {
    const auto magic = get<std::uint32_t>(head + 8, false);
    if (magic != 0x1A2B3C4D && magic != 0x4D3C2B1A) return refuse("no pcapng section header");
    swapped_ = magic == 0x4D3C2B1A;
  } else if (!any_section_ && position_ == 0) {
    return refuse("no pcapng file: it does not start with a section header");
  }
  const auto size = get<std::uint32_t>(head + 4, swapped_);
  if (size < 12 || size % 4 != 0 || size > largest_block)
    return refuse(cat("impossible block length ", size));
  if (size > left) return false;
  if (get<std::uint32_t>(head + size - 4, swapped_) != size)
    return refuse("the two lengths of a block differ");
  const ByteView body = file_.subspan(position_ + 8, size - 12);
  block = Block{};
  block.offset = position_;
  block.size = size;
  switch (get<std::uint32_t>(head, swapped_)) {
    case section_type:
      block.kind = Block::Kind::section;
      section_ += any_section_;
      any_section_ = true;
      interfaces_.clear();
      break;
    case interface_type: {
      if (body.size() < 8) return refuse("interface description too short");
      if (interfaces_.size() >= most_interfaces) return refuse("too many interfaces");
      Interface entry{
          static_cast<LinkType>(get<std::uint16_t>(body.data(), swapped_)), {}, 1'000'000};
      const bool good = each_option(body.subspan(8), swapped_, [&](int code, ByteView value) {
        if (code == 2) entry.name = as_text(value);
        if (code == 9 && value.size() == 1) entry.ticks_per_second = ticks_per_second(value[0]);
      });
      if (!good) return refuse("interface options run over the block");
      interfaces_.push_back(std::move(entry));
      block.kind = Block::Kind::interface;
      break;
    }
    case packet_type:
      if (!read_packet(body, block)) return false;
      break;
    default:
      break;
  }
  position_ += size;
  return true;
}

bool Reader::read_packet(ByteView body, Block& block) {
  if (body.size() < 20) return refuse("packet block too short");
  block.kind = Block::Kind::packet;
  block.interface_id = get<std::uint32_t>(body.data(), swapped_);
  const auto high = get<std::uint32_t>(body.data() + 4, swapped_);
  const auto low = get<std::uint32_t>(body.data() + 8, swapped_);
  const auto ticks = static_cast<std::int64_t>(std::uint64_t{high} << 32 | low);
  const auto captured = get<std::uint32_t>(body.data() + 12, swapped_);
  if (captured > body.size() - 20) return refuse("packet longer than its block");
  std::int64_t rate = 1'000'000'000;
  if (block.interface_id < interfaces_.size())
    rate = interfaces_[block.interface_id].ticks_per_second;
  block.unix_ns = rate == 1'000'000'000
                      ? ticks
                      : ticks / rate * 1'000'000'000 + ticks % rate * (1'000'000'000 / rate);
  block.data = body.subspan(20, captured);
  const std::size_t options = 20 + ((std::size_t{captured} + 3) & ~std::size_t{3});
  if (options > body.size()) return refuse("packet longer than its block");
  const bool good = each_option(body.subspan(options), swapped_, [&](int code, ByteView value) {
    if (code == 2 && value.size() == 4)
      block.direction = static_cast<Direction>(get<std::uint32_t>(value.data(), swapped_) & 3);
    if (code == 5 && value.size() == 8)
      block.packet_id = get<std::uint64_t>(value.data(), swapped_);
  });
  return good || refuse("packet options run over the block");
}

ByteView payload(LinkType type, ByteView data) {
  if (type == LinkType::rtac_serial) return data.size() < 12 ? ByteView{} : data.subspan(12);
  if (type == LinkType::bluetooth_monitor) return data;
  std::size_t at = 0;
  while (at + 4 <= data.size()) {
    const std::size_t tag = std::size_t{data[at]} << 8 | data[at + 1];
    const std::size_t length = std::size_t{data[at + 2]} << 8 | data[at + 3];
    at += 4 + length;
    if (tag == 0 && at <= data.size()) return data.subspan(at);
  }
  return {};
}

std::string_view dissector(ByteView data) {
  if (data.size() < 4 || data[0] != 0 || data[1] != 12) return {};
  const std::size_t length = std::size_t{data[2]} << 8 | data[3];
  if (4 + length > data.size()) return {};
  const auto name = as_text(data.subspan(4, length));
  return name.substr(0, name.find('\0'));
}

}  // namespace carebench::pcapng
