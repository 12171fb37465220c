#include "probes/frame_scan.h"

#include <algorithm>
#include <cstring>

#include "probes/gatt/event.h"
#include "probes/protocol_fields.h"

namespace carebench {
namespace {

using Status = Scanned::Status;

Scanned broken(std::string_view why) {
  Scanned result;
  result.status = Status::broken;
  result.why = why;
  return result;
}

Scanned verdict(Status status) {
  Scanned result;
  result.status = status;
  if (status == Status::checksum) result.why = "checksum";
  return result;
}

std::size_t from_end(int at, std::size_t size) {
  return at < 0 ? size - static_cast<std::size_t>(-at) : static_cast<std::size_t>(at);
}

bool sums_up(const Framing::Check& check, ByteView frame) {
  const std::size_t at = from_end(check.at, frame.size());
  const std::size_t from = from_end(check.from, frame.size());
  const std::size_t to = from_end(check.to, frame.size());
  const std::uint32_t said =
      load(frame.data() + at, static_cast<int>(check.checksum->octets()), check.big_endian);
  return (*check.checksum)(frame.subspan(from, to - from)) == said;
}

bool is_mark(const Bytes& mark, const std::uint8_t* at) {
  for (std::size_t i = 0; i < mark.size(); ++i)
    if (at[i] != mark[i]) return false;
  return true;
}

// Index of the variant whose start mark stands here, -1: none, -2: the octets end inside one.
int find_variant(const Framing& framing, ByteView octets) {
  const auto& variants = framing.variants;
  bool partial = false;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const Bytes& start = variants[i].start;
    if (octets.size() >= start.size()) {
      if (is_mark(start, octets.data())) return static_cast<int>(i);
    } else {
      partial |= std::equal(octets.begin(), octets.end(), start.begin());
    }
  }
  return partial ? -2 : -1;
}

Scanned scan_binary(const Framing& framing, ByteView octets) {
  const int variant = find_variant(framing, octets);
  if (variant < 0) return verdict(variant == -1 ? Status::nothing : Status::more);
  std::size_t size = static_cast<std::size_t>(framing.fixed_size);
  if (framing.length.size) {
    const auto at = static_cast<std::size_t>(framing.length.at);
    const auto length_end = at + static_cast<std::size_t>(framing.length.size);
    if (octets.size() < length_end) return verdict(Status::more);
    const std::int64_t total =
        std::int64_t{load(octets.data() + at, framing.length.size, framing.length.big_endian)} +
        framing.length.overhead;
    if (total < framing.least || total > framing.max_length) return broken("length");
    size = static_cast<std::size_t>(total);
  }
  if (framing.sync_mask) {
    const std::uint8_t mask = framing.sync_mask;
    if (!(octets[0] & mask)) return verdict(Status::nothing);
    for (std::size_t i = 1; i < std::min(size, octets.size()); ++i)
      if (octets[i] & mask) return broken("length");
  }
  if (octets.size() < size) return verdict(Status::more);
  const ByteView frame = octets.first(size);
  const Framing::Variant& v = framing.variants[static_cast<std::size_t>(variant)];
  if (!is_mark(v.end, frame.data() + size - v.end.size())) return broken("footer");
  for (const Framing::Check& check : framing.checks)
    if (!sums_up(check, frame)) return verdict(Status::checksum);
  Scanned result;
  result.status = Status::frame;
  result.variant = variant;
  result.size = size;
  result.data_at = static_cast<std::size_t>(framing.data_at);
  result.data_size = size - result.data_at - static_cast<std::size_t>(framing.tail);
  return result;
}

int hex_digit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Four hexadecimal digits, -1: not.
int hex_length(ByteView digits) {
  int value = 0;
  for (const std::uint8_t digit : digits.first(4)) {
    if (hex_digit(digit) < 0) return -1;
    value = value * 16 + hex_digit(digit);
  }
  return value;
}

const std::uint8_t* find(ByteView octets, char wanted) {
  return static_cast<const std::uint8_t*>(std::memchr(octets.data(), wanted, octets.size()));
}

// A line may not hold a start mark: whatever came before it is cut off.
bool holds_start(const Framing& framing, ByteView octets) {
  return std::any_of(framing.starts.begin(), framing.starts.end(),
                     [&](char start) { return find(octets, start) != nullptr; });
}

Scanned scan_line(const Framing& framing, ByteView octets) {
  if (framing.starts.find(static_cast<char>(octets[0])) == std::string::npos)
    return verdict(Status::nothing);
  const auto most = static_cast<std::size_t>(framing.max_length);
  const ByteView within = octets.first(std::min(octets.size(), most));
  const std::uint8_t* newline = find(within, '\n');
  const std::size_t until =
      newline ? static_cast<std::size_t>(newline - within.data()) : within.size();
  if (holds_start(framing, within.subspan(1, until - std::min<std::size_t>(1, until))))
    return broken("footer");
  if (!newline) return within.size() < most ? verdict(Status::more) : broken("length");
  std::size_t end = until;
  if (end > 1 && within[end - 1] == '\r') --end;
  Scanned result;
  result.data_at = 1;
  if (framing.line_check) {
    const std::size_t digits = framing.line_check->octets() * 2;
    if (end < digits + 2 || within[end - digits - 1] != '*') return broken("checksum");
    std::uint32_t said = 0;
    for (const std::uint8_t digit : within.subspan(end - digits, digits)) {
      if (hex_digit(digit) < 0) return broken("checksum");
      said = said << 4 | static_cast<std::uint32_t>(hex_digit(digit));
    }
    end -= digits + 1;
    if ((*framing.line_check)(within.subspan(1, end - 1)) != said) return verdict(Status::checksum);
  }
  result.status = Status::frame;
  result.size = until + 1;
  result.data_size = end - 1;
  return result;
}

// "[maker*id*LEN*" or "[maker*id*index*LEN*": where the body starts and how long it says it is.
Scanned scan_brackets(const Framing& framing, ByteView octets) {
  if (octets[0] != '[') return verdict(Status::nothing);
  const auto most = static_cast<std::size_t>(framing.max_length);
  const ByteView within = octets.first(std::min(octets.size(), most));
  const Status unfinished = within.size() < most ? Status::more : Status::broken;
  std::size_t at = 1, third = 0;
  for (int part = 0; part < 3; ++part) {
    third = at;
    while (at < within.size() && within[at] != '*') {
      if (within[at] < ' ' || within[at] == '[' || within[at] == ']') return broken("length");
      ++at;
    }
    if (at == within.size())
      return unfinished == Status::more ? verdict(Status::more) : broken("length");
    ++at;
  }
  int length = at - third == 5 ? hex_length(within.subspan(third, 4)) : -1;
  const ByteView rest = within.subspan(at);
  const bool has_index = rest.size() >= 5 && rest[4] == '*' && hex_length(rest) >= 0;
  if (has_index) {
    length = hex_length(rest);
    at += 5;
  } else if (rest.size() < 5 && find(rest, ']') == nullptr && unfinished == Status::more) {
    return verdict(Status::more);
  }
  if (length < 0) return broken("length");
  const std::size_t end = at + static_cast<std::size_t>(length);
  if (end + 1 > most) return broken("length");
  if (end >= octets.size()) return verdict(Status::more);
  if (octets[end] != ']') return broken("length");
  Scanned result;
  result.status = Status::frame;
  result.size = end + 1;
  result.data_at = at;
  result.data_size = static_cast<std::size_t>(length);
  return result;
}

Scanned scan_event(const Framing& framing, ByteView octets) {
  GattEvent event;
  if (!GattEvent::parse(octets, event)) return broken("header");
  if (octets.size() > static_cast<std::size_t>(framing.max_length)) return broken("length");
  Scanned result;
  result.status = Status::frame;
  result.size = octets.size();
  result.data_at = GattEvent::header;
  result.data_size = octets.size() - GattEvent::header;
  return result;
}

}  // namespace

Scanned scan_frame(const Framing& framing, ByteView octets) {
  if (octets.empty()) return verdict(Status::more);
  switch (framing.kind) {
    case Framing::Kind::binary:
      return scan_binary(framing, octets);
    case Framing::Kind::line:
      return scan_line(framing, octets);
    case Framing::Kind::brackets:
      return scan_brackets(framing, octets);
    case Framing::Kind::gatt:
      break;
  }
  return scan_event(framing, octets);
}

}  // namespace carebench
