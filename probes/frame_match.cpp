// Which message a sound frame is: a hash table over the header's octets, then the other constants.
#include <algorithm>

#include "probes/frame_scan.h"
#include "probes/protocol_fields.h"

namespace carebench {
namespace {

constexpr std::uint64_t fnv_offset = 0xCBF29CE484222325, fnv_prime = 0x100000001B3;

std::uint64_t text_key(std::string_view text) {
  std::uint64_t key = fnv_offset;
  for (const char c : text) key = (key ^ static_cast<std::uint8_t>(c)) * fnv_prime;
  return key;
}

std::size_t slot_of(std::uint64_t key, std::size_t slots) {
  key *= 0x9E3779B97F4A7C15;
  return static_cast<std::size_t>(key >> 32) & (slots - 1);
}

std::string_view type_of(const Framing& framing, ByteView data) {
  const std::string_view address = text_field(data, 0).text;
  return framing.talker ? address.substr(talker_size(address)) : address;
}

std::uint64_t key_of(const Framing& framing, int variant, ByteView frame, ByteView data) {
  if (framing.kind != Framing::Kind::binary) return text_key(type_of(framing, data));
  std::uint64_t key = static_cast<std::uint64_t>(variant);
  for (const std::uint16_t at : framing.key_octets) key = key << 8 | frame[at];
  return key;
}

bool fits(const Framing& framing, const MessageSpec& message, int variant, ByteView frame,
          ByteView data) {
  if (message.variant >= 0 && message.variant != variant) return false;
  if (message.size >= 0 ? data.size() != static_cast<std::size_t>(message.size)
                        : data.size() < static_cast<std::size_t>(message.least))
    return false;
  for (const MessageSpec::HeaderMatch& match : message.header) {
    const FieldSpec& field = framing.header[static_cast<std::size_t>(match.header)];
    const std::uint32_t value = load(frame.data() + field.at, field.size, field.big_endian);
    if (std::find(match.values.begin(), match.values.end(), value) == match.values.end())
      return false;
  }
  for (const MessageSpec::DataMatch& match : message.constants) {
    const std::int64_t at = match.at < 0 ? std::int64_t(data.size()) + match.at : match.at;
    if (at < 0 || at + std::int64_t(match.octets.size()) > std::int64_t(data.size())) return false;
    if (!std::equal(match.octets.begin(), match.octets.end(), data.begin() + at)) return false;
  }
  if (message.types.empty()) return true;
  const std::string_view type = type_of(framing, data);
  return std::find(message.types.begin(), message.types.end(), type) != message.types.end();
}

bool hears(Direction heard, const MessageSpec& message) {
  return heard == Direction::either || message.direction == Direction::either ||
         heard == message.direction;
}

// Keys of a message that names all of what a key is made of; empty: it fits any key.
std::vector<std::uint64_t> keys_of(const Framing& framing, const MessageSpec& message) {
  std::vector<std::uint64_t> keys;
  if (framing.kind != Framing::Kind::binary) {
    for (const std::string& type : message.types) keys.push_back(text_key(type));
    return keys;
  }
  if (message.header.size() < framing.header.size()) return {};
  for (int v = 0; v < static_cast<int>(framing.variants.size()); ++v)
    if (message.variant < 0 || message.variant == v) keys.push_back(static_cast<std::uint64_t>(v));
  for (std::size_t h = 0; h < framing.header.size(); ++h) {
    const auto match = std::find_if(message.header.begin(), message.header.end(),
                                    [&](const auto& m) { return m.header == static_cast<int>(h); });
    const FieldSpec& field = framing.header[h];
    std::vector<std::uint64_t> longer;
    for (const std::uint64_t key : keys)
      for (const std::uint32_t value : match->values) {
        std::uint64_t next = key;
        for (int i = 0; i < field.size; ++i) {
          const int shift = 8 * (field.big_endian ? field.size - 1 - i : i);
          next = next << 8 | (value >> shift & 0xFF);
        }
        longer.push_back(next);
      }
    keys = std::move(longer);
  }
  return keys;
}

}  // namespace

std::size_t talker_size(std::string_view address) {
  if (address.starts_with('P')) return 1;
  return std::min<std::size_t>(address.size(), 2);
}

void index_messages(Framing& framing, const std::vector<MessageSpec>& messages) {
  framing.key_octets.clear();
  for (const FieldSpec& field : framing.header)
    for (int i = 0; i < field.size; ++i)
      framing.key_octets.push_back(static_cast<std::uint16_t>(field.at + i));
  for (std::size_t d = 0; d < directions; ++d) {
    std::vector<const MessageSpec*> heard;
    for (const MessageSpec& message : messages)
      if (hears(static_cast<Direction>(d), message)) heard.push_back(&message);
    std::stable_sort(heard.begin(), heard.end(),
                     [](auto* a, auto* b) { return a->weight > b->weight; });
    auto& candidates = framing.candidates[d];
    std::vector<std::uint64_t> keys;
    candidates.clear();
    for (const MessageSpec* message : heard) {
      const auto own = keys_of(framing, *message);
      if (own.empty()) candidates.push_back(message);
      keys.insert(keys.end(), own.begin(), own.end());
    }
    framing.loose_count[d] = static_cast<std::uint32_t>(candidates.size());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::size_t slots = 2;
    while (slots < keys.size() * 2) slots *= 2;
    framing.slots[d].assign(slots, {});
    for (const std::uint64_t key : keys) {
      std::size_t at = slot_of(key, slots);
      while (framing.slots[d][at].count) at = (at + 1) & (slots - 1);
      Framing::Slot& slot = framing.slots[d][at];
      slot.key = key;
      slot.first = static_cast<std::uint32_t>(candidates.size());
      for (const MessageSpec* message : heard) {
        const auto own = keys_of(framing, *message);
        if (own.empty() || std::find(own.begin(), own.end(), key) != own.end())
          candidates.push_back(message);
      }
      slot.count = static_cast<std::uint32_t>(candidates.size()) - slot.first;
    }
  }
}

const MessageSpec* match_message(const Framing& framing, Direction heard, int variant,
                                 ByteView frame, ByteView data) {
  const auto d = static_cast<std::size_t>(heard);
  const std::uint64_t key = key_of(framing, variant, frame, data);
  const std::vector<Framing::Slot>& slots = framing.slots[d];
  const MessageSpec* const* first = framing.candidates[d].data();
  std::size_t count = framing.loose_count[d];
  for (std::size_t at = slot_of(key, slots.size()); slots[at].count;
       at = (at + 1) & (slots.size() - 1))
    if (slots[at].key == key) {
      first += slots[at].first;
      count = slots[at].count;
      break;
    }
  for (std::size_t i = 0; i < count; ++i)
    if (fits(framing, *first[i], variant, frame, data)) return first[i];
  return nullptr;
}

}  // namespace carebench
