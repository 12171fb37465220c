#include "profiles/measuring/malformed_frames.h"

#include <algorithm>

#include "probes/frame_scan.h"
#include "probes/protocol_encode.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t garbage_octets = 1000;
constexpr std::size_t oversized_octets = 2048;

constexpr std::string_view names[] = {
    "wrong_checksum",
    "wrong_header_checksum",
    "no_checksum",
    "length_too_long",
    "length_too_short",
    "length_largest",
    "length_zero",
    "length_no_number",
    "cut_short",
    "start_mark_only",
    "no_end_mark",
    "wrong_end_mark",
    "unknown_message",
    "empty",
    "oversized",
    "many_fields",
    "not_ascii",
    "zeros",
    "ones",
    "garbage",
    "garbage_after_start_mark",
};

std::size_t place(int at, std::size_t size) {
  return at < 0 ? size - static_cast<std::size_t>(-at) : static_cast<std::size_t>(at);
}

Bytes octets_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

class Frames {
 public:
  Frames(const Framing& framing, ByteView sound, std::uint64_t seed)
      : framing_(framing), sound_(sound.begin(), sound.end()), seed_(seed) {}

  std::vector<MalformedFrame> make() {
    if (framing_.kind == Framing::Kind::binary) binary();
    if (framing_.kind == Framing::Kind::line) line();
    if (framing_.kind == Framing::Kind::brackets) brackets();
    unsound("cut_short", {sound_.begin(), sound_.begin() + half()});
    Bytes start = start_mark();
    other("start_mark_only", start);
    other("zeros", Bytes(64, 0x00));
    other("ones", Bytes(64, 0xFF));
    other("garbage", arbitrary_octets(garbage_octets, seed_));
    const Bytes rest = arbitrary_octets(garbage_octets, seed_);
    start.insert(start.end(), rest.begin(), rest.end());
    other("garbage_after_start_mark", std::move(start));
    return std::move(list_);
  }

 private:
  void unsound(std::string_view name, Bytes octets) {
    list_.push_back({name, std::move(octets), true});
  }
  void other(std::string_view name, Bytes octets) {
    list_.push_back({name, std::move(octets), false});
  }
  std::ptrdiff_t half() const {
    return static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, sound_.size() / 2));
  }

  const Framing::Variant& variant() const {
    for (const Framing::Variant& one : framing_.variants)
      if (one.start.size() <= sound_.size() &&
          std::equal(one.start.begin(), one.start.end(), sound_.begin()))
        return one;
    return framing_.variants.front();
  }
  Bytes start_mark() const {
    if (framing_.kind == Framing::Kind::binary) return variant().start;
    return {sound_.front()};
  }

  // Checksums over the frame as it is now.
  void seal(Bytes& frame) const {
    for (const Framing::Check& check : framing_.checks) {
      const std::size_t from = place(check.from, frame.size()), to = place(check.to, frame.size());
      const std::uint32_t sum = (*check.checksum)(ByteView(frame).subspan(from, to - from));
      protocol_encode::store(sum, static_cast<int>(check.checksum->octets()), check.big_endian,
                             frame.data() + place(check.at, frame.size()));
    }
  }
  std::int64_t largest_length() const { return (std::int64_t{1} << 8 * framing_.length.size) - 1; }
  void set_length(Bytes& frame, std::int64_t value) const {
    protocol_encode::store(
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, largest_length())),
        framing_.length.size, framing_.length.big_endian, frame.data() + framing_.length.at);
  }
  void with_length(std::string_view name, std::int64_t value) {
    const std::int64_t right = static_cast<std::int64_t>(sound_.size()) - framing_.length.overhead;
    if (value == right || value < 0 || value > largest_length()) return;
    Bytes frame = sound_;
    set_length(frame, value);
    seal(frame);
    unsound(name, std::move(frame));
  }
  // The frame with other data, length and checksums right.
  Bytes with_data(const Bytes& data) const {
    const auto begin = sound_.begin();
    Bytes frame(begin, begin + framing_.data_at);
    frame.insert(frame.end(), data.begin(), data.end());
    frame.insert(frame.end(), sound_.end() - framing_.tail, sound_.end());
    set_length(frame, static_cast<std::int64_t>(frame.size()) - framing_.length.overhead);
    seal(frame);
    return frame;
  }

  void binary() {
    const auto wrong_sum = [&](std::string_view name, const Framing::Check& check) {
      Bytes frame = sound_;
      frame[place(check.at, frame.size())] ^= 0x5A;
      unsound(name, std::move(frame));
    };
    if (!framing_.checks.empty()) wrong_sum("wrong_checksum", framing_.checks.back());
    if (framing_.checks.size() > 1) wrong_sum("wrong_header_checksum", framing_.checks.front());
    if (framing_.length.size) {
      const std::int64_t right =
          static_cast<std::int64_t>(sound_.size()) - framing_.length.overhead;
      with_length("length_too_long", right + 7);
      with_length("length_too_short", right - 1);
      with_length("length_largest", largest_length());
      with_length("length_zero", 0);
      other("empty", with_data({}));
      const auto room = static_cast<std::size_t>(largest_length());
      other("oversized", with_data(arbitrary_octets(std::min(oversized_octets, room / 2), seed_)));
    }
    const Bytes& end = variant().end;
    if (!end.empty()) {
      unsound("no_end_mark",
              {sound_.begin(), sound_.end() - static_cast<std::ptrdiff_t>(end.size())});
      Bytes frame = sound_;
      frame.back() ^= 0x5A;
      unsound("wrong_end_mark", std::move(frame));
    }
    unknown_binary();
  }

  // Header octets that no message has: the first ones found from 0xEE on downwards.
  void unknown_binary() {
    for (unsigned value = 0xEE; value > 0 && !framing_.header.empty(); --value) {
      Bytes frame = sound_;
      for (const FieldSpec& field : framing_.header)
        protocol_encode::store(value, field.size, field.big_endian, frame.data() + field.at);
      seal(frame);
      const Scanned scanned = scan_frame(framing_, frame);
      if (scanned.status != Scanned::Status::frame) continue;
      const ByteView data = ByteView(frame).subspan(scanned.data_at, scanned.data_size);
      if (match_message(framing_, Direction::either, scanned.variant, frame, data)) continue;
      return other("unknown_message", std::move(frame));
    }
  }

  std::string sentence(std::string_view inside) const {
    std::string text(1, static_cast<char>(sound_.front()));
    text += inside;
    if (framing_.line_check) {
      const auto sum = static_cast<std::uint8_t>((*framing_.line_check)(as_bytes(inside)));
      std::string digits = to_hex(Bytes{sum});
      for (char& c : digits)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
      text += cat('*', digits);
    }
    return text + "\r\n";
  }

  void line() {
    const std::string_view whole = as_text(sound_);
    const auto star = whole.rfind('*');
    const auto end = whole.find_first_of("\r\n");
    const std::string_view inside =
        whole.substr(1, std::min(framing_.line_check ? star : end, whole.size()) - 1);
    if (framing_.line_check && star != whole.npos && star + 1 < whole.size()) {
      Bytes frame = sound_;
      frame[star + 1] = frame[star + 1] == '0' ? '7' : '0';
      unsound("wrong_checksum", std::move(frame));
      unsound("no_checksum", octets_of(cat(whole.substr(0, star), "\r\n")));
    }
    unsound("no_end_mark", octets_of(whole.substr(0, end)));
    other("unknown_message", octets_of(sentence("XXQQQ,1,2,3")));
    other("empty", octets_of(sentence("")));
    other("oversized", octets_of(sentence(cat(inside, ",", std::string(oversized_octets, '7')))));
    other("many_fields", octets_of(sentence(cat(inside, std::string(500, ',')))));
    other("not_ascii", octets_of(sentence(cat(inside, ",\xFF\xFE\x01", std::string(1, '\0')))));
  }

  static std::string four_digits(std::size_t value) {
    const Bytes octets = {static_cast<std::uint8_t>(value >> 8),
                          static_cast<std::uint8_t>(value & 0xFF)};
    std::string digits = to_hex(octets);
    std::transform(digits.begin(), digits.end(), digits.begin(), [](char c) {
      return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return digits;
  }

  void brackets() {
    const Scanned scanned = scan_frame(framing_, sound_);
    if (scanned.status != Scanned::Status::frame || scanned.data_at < 6) return;
    const std::string_view whole = as_text(sound_);
    const std::string head(whole.substr(0, scanned.data_at - 5));  // up to the length
    const std::string_view body = whole.substr(scanned.data_at, scanned.data_size);
    const auto frame = [&](std::string_view length, std::string_view content) {
      return octets_of(cat(head, length, "*", content, "]"));
    };
    unsound("length_too_long", frame(four_digits(body.size() + 7), body));
    unsound("length_largest", frame("FFFF", body));
    if (!body.empty()) {
      unsound("length_too_short", frame(four_digits(body.size() - 1), body));
      unsound("length_zero", frame("0000", body));
    }
    unsound("length_no_number", frame("ZZZZ", body));
    unsound("no_end_mark", {sound_.begin(), sound_.end() - 1});
    other("unknown_message", frame("0004", "QQQQ"));
    other("empty", frame("0000", ""));
    const std::string_view type = body.substr(0, body.find(','));
    const std::string large = cat(type, ",", std::string(oversized_octets, '7'));
    other("oversized", frame(four_digits(large.size()), large));
    const std::string many = cat(type, std::string(500, ','));
    other("many_fields", frame(four_digits(many.size()), many));
    const std::string odd = cat(type, ",\xFF\xFE\x01");
    other("not_ascii", frame(four_digits(odd.size()), odd));
  }

  const Framing& framing_;
  Bytes sound_;
  std::uint64_t seed_;
  std::vector<MalformedFrame> list_;
};

}  // namespace

Bytes arbitrary_octets(std::size_t count, std::uint64_t& seed) {
  Bytes octets(count);
  for (std::uint8_t& octet : octets) {
    std::uint64_t z = seed += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    octet = static_cast<std::uint8_t>((z ^ z >> 31) & 0xFF);
  }
  return octets;
}

std::vector<MalformedFrame> malformed_frames(const Protocol& protocol, ByteView sound,
                                             std::uint64_t seed) {
  if (sound.empty() || protocol.is_register_map()) return {};
  return Frames(protocol.framing(), sound, seed).make();
}

std::vector<std::string_view> malformed_frame_names() {
  return {std::begin(names), std::end(names)};
}

}  // namespace carebench
