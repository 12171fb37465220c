// Which message a sound frame is: a hash table over the header's octets, then the other constants.
#include <algorithm>
#include <cstring>
#include <map>

#include "probes/frame_scan.h"
#include "probes/gatt/event.h"
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

// Values of an attribute, or one of the two kinds of advertised data.
enum class GattClass : std::uint8_t { attribute, service_data, manufacturer_data, none };

GattClass class_of(EventKind kind) {
  switch (kind) {
    case EventKind::notification:
    case EventKind::indication:
    case EventKind::value:
      return GattClass::attribute;
    case EventKind::service_data:
      return GattClass::service_data;
    case EventKind::manufacturer_data:
      return GattClass::manufacturer_data;
    case EventKind::advertising:
      break;
  }
  return GattClass::none;
}

GattClass class_of(GattMethod method) {
  if (method == GattMethod::service_data) return GattClass::service_data;
  return method == GattMethod::manufacturer_data ? GattClass::manufacturer_data
                                                 : GattClass::attribute;
}

std::uint64_t gatt_key(const std::uint8_t* uuid, GattClass of) {
  std::uint64_t front = 0, back = 0;
  std::memcpy(&front, uuid, 8);
  std::memcpy(&back, uuid + 8, 8);
  return (front ^ static_cast<std::uint64_t>(of)) * fnv_prime ^ back;
}

// The device itself notifies and indicates; what is written to it does not come so.
bool event_fits(const MessageSpec& message, ByteView frame) {
  const auto kind = static_cast<EventKind>(frame[0]);
  if (message.direction == Direction::to_device && kind != EventKind::value) return false;
  return class_of(kind) == class_of(message.gatt->method) &&
         std::equal(frame.begin() + 4, frame.begin() + GattEvent::header,
                    message.gatt->attribute.characteristic.octets.begin());
}

std::uint64_t key_of(const Framing& framing, int variant, ByteView frame, ByteView data) {
  if (framing.kind == Framing::Kind::gatt)
    return gatt_key(frame.data() + 4, class_of(static_cast<EventKind>(frame[0])));
  if (framing.is_text()) return text_key(type_of(framing, data));
  std::uint64_t key = static_cast<std::uint64_t>(variant);
  for (const std::uint16_t at : framing.key_octets) key = key << 8 | frame[at];
  return key;
}

bool fits(const Framing& framing, const MessageSpec& message, int variant, ByteView frame,
          ByteView data) {
  if (message.variant >= 0 && message.variant != variant) return false;
  if (message.gatt && !event_fits(message, frame)) return false;
  // A value that is too short is still one of its attribute.
  const auto least = static_cast<std::size_t>(message.gatt ? 0 : message.least);
  if (message.size >= 0 ? data.size() != static_cast<std::size_t>(message.size)
                        : data.size() < least)
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

// The heavier message wins; they stand in one vector, in the order of the file.
bool goes_first(const MessageSpec* a, const MessageSpec* b) {
  return a->weight != b->weight ? a->weight > b->weight : a < b;
}

constexpr std::size_t most_keys = 1024;  // of one message; with more of them it counts as loose

// Keys of a message that names all of what a key is made of; empty: it fits any key.
std::vector<std::uint64_t> keys_of(const Framing& framing, const MessageSpec& message) {
  std::vector<std::uint64_t> keys;
  if (message.gatt)
    return {gatt_key(message.gatt->attribute.characteristic.octets.data(),
                     class_of(message.gatt->method))};
  if (framing.is_text()) {
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
    if (keys.size() * match->values.size() > most_keys) return {};
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
  std::vector<const MessageSpec*> ordered;
  for (const MessageSpec& message : messages) ordered.push_back(&message);
  std::sort(ordered.begin(), ordered.end(), goes_first);
  for (std::size_t d = 0; d < directions; ++d) {
    auto& candidates = framing.candidates[d];
    candidates.clear();
    std::map<std::uint64_t, std::vector<const MessageSpec*>> buckets;
    for (const MessageSpec* message : ordered) {
      if (!hears(static_cast<Direction>(d), *message)) continue;
      const auto keys = keys_of(framing, *message);
      if (keys.empty()) candidates.push_back(message);
      for (const std::uint64_t key : keys) buckets[key].push_back(message);
    }
    framing.loose_count[d] = static_cast<std::uint32_t>(candidates.size());
    std::size_t slots = 2;
    while (slots < buckets.size() * 2) slots *= 2;
    framing.slots[d].assign(slots, {});
    for (const auto& [key, bucket] : buckets) {
      std::size_t at = slot_of(key, slots);
      while (framing.slots[d][at].count) at = (at + 1) & (slots - 1);
      framing.slots[d][at] = {key, static_cast<std::uint32_t>(candidates.size()),
                              static_cast<std::uint32_t>(bucket.size())};
      candidates.insert(candidates.end(), bucket.begin(), bucket.end());
    }
  }
}

const MessageSpec* match_message(const Framing& framing, Direction heard, int variant,
                                 ByteView frame, ByteView data) {
  const auto d = static_cast<std::size_t>(heard);
  const std::uint64_t key = key_of(framing, variant, frame, data);
  const std::vector<Framing::Slot>& slots = framing.slots[d];
  const MessageSpec* const* keyed = framing.candidates[d].data();
  const MessageSpec* const* loose = keyed;
  const MessageSpec* const* const loose_end = loose + framing.loose_count[d];
  const MessageSpec* const* keyed_end = keyed;
  for (std::size_t at = slot_of(key, slots.size()); slots[at].count;
       at = (at + 1) & (slots.size() - 1))
    if (slots[at].key == key) {
      keyed += slots[at].first;
      keyed_end = keyed + slots[at].count;
      break;
    }
  while (keyed != keyed_end || loose != loose_end) {
    const bool take_keyed =
        keyed != keyed_end && (loose == loose_end || goes_first(*keyed, *loose));
    const MessageSpec* candidate = take_keyed ? *keyed++ : *loose++;
    if (fits(framing, *candidate, variant, frame, data)) return candidate;
  }
  return nullptr;
}

}  // namespace carebench
