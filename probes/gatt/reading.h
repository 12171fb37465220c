// What one value of an adopted GATT characteristic says: its fields, and what is wrong with it.
// A Reading is filled again and again and allocates nothing; texts and octets in it point into
// static names or into the value's own octets, which must outlive it. Pure: no link, no clock, no
// requirement in here.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>

#include "probes/protocol.h"
#include "standards/vocab/bytes.h"

namespace carebench {

struct Title {
  std::string_view zh, en;
};

enum class FieldKind : std::uint8_t {
  number,  // a quantity in `unit`, or a count
  code,    // one of `names`: the number is the code, the text its name ("" for a reserved code)
  truth,   // 0 or 1
  flags,   // a mask of bits, `names[n]` is the meaning of bit n (least significant = 0)
  list,    // several numbers: Reading::items(); the FieldValue holds their octets
  text,
  octets,
  // Date and time of the device's own clock: seconds from 1970-01-01T00:00:00 of that clock, as a
  // number; special "unknown" when the device does not know a part of it. The FieldValue's octets
  // are the 7 octets as sent.
  time,
};

// One field of a characteristic. Its place in GattCharacteristic::fields is the index in a Reading.
struct ReadingField {
  std::string_view name;  // as `carebench decode` prints it
  FieldKind kind = FieldKind::number;
  std::string_view unit;  // UCUM, of Reading::value(); "" for what has none
  Title title;
  std::span<const std::string_view> names{};
  bool plain = false;  // code and flags: JSON shows the number, and the names beside it
};

// Something about a value that a judge should hear of, though the value can be read.
struct ValueFinding {
  enum class Severity : std::uint8_t { note, violation } severity = Severity::note;
  std::string_view code;  // "trailing_octets"
  Title title;
};

class Reading {
 public:
  static constexpr std::size_t most_fields = 48, most_items = 512, most_findings = 8;

  // Absent, number, special, text or octets. A number is in the field's declared unit whatever unit
  // the device sends in; what it sent is sent(). Special values are never numbers.
  const FieldValue& value(std::size_t field) const {
    static constexpr FieldValue none{};
    return present_ >> field & 1 ? values_[field] : none;
  }
  bool has(std::size_t field) const { return present_ >> field & 1; }
  double sent(std::size_t field) const {
    return converted_ >> field & 1 ? sent_[field] : value(field).number;
  }
  // Whether sent() is another number than value(): another unit, or withheld from a judge.
  bool converted(std::size_t field) const { return converted_ >> field & 1; }
  // The numbers of a list field; a characteristic has one list at most.
  std::span<const double> items() const { return {items_.data(), item_count_}; }
  std::span<const ValueFinding* const> findings() const {
    return {findings_.data(), finding_count_};
  }
  bool found(const ValueFinding& finding) const;
  // Octets that this reading covers. Fewer than the value has when the value holds several records
  // (CGM): decode the rest for the next one.
  std::size_t octets() const { return octets_; }
  // Why decode() said false, one word first: "truncated: …".
  std::string_view refusal() const { return refusal_; }

  // For decoders.
  void clear() {
    present_ = converted_ = 0;
    item_count_ = finding_count_ = octets_ = 0;
    refusal_ = {};
  }
  void number(std::size_t field, double number) {
    put(field) = {FieldValue::Kind::number, number, {}, {}};
  }
  void number(std::size_t field, double number, double sent) {
    this->number(field, number);
    sent_[field] = sent;
    converted_ |= std::uint64_t{1} << field;
  }
  void code(std::size_t field, double code, std::string_view name) {
    put(field) = {FieldValue::Kind::number, code, name, {}};
  }
  void special(std::size_t field, std::string_view name, ByteView octets = {}) {
    put(field) = {FieldValue::Kind::special, 0, name, octets};
  }
  // The device sent a number and says itself that it is no valid reading: special `why` for a
  // judge, and sent() for who looks.
  void withheld(std::size_t field, std::string_view why, double sent) {
    special(field, why);
    sent_[field] = sent;
    converted_ |= std::uint64_t{1} << field;
  }
  void text(std::size_t field, std::string_view text) {
    put(field) = {FieldValue::Kind::text, 0, text, {}};
  }
  void octets(std::size_t field, ByteView octets) {
    put(field) = {FieldValue::Kind::octets, 0, {}, octets};
  }
  void time(std::size_t field, double seconds, ByteView octets) {
    put(field) = {FieldValue::Kind::number, seconds, {}, octets};
  }
  void item(double number) {
    if (item_count_ < most_items) items_[item_count_++] = number;
  }
  void find(const ValueFinding& finding);
  void covers(std::size_t octets) { octets_ = octets; }
  bool refuse(std::string_view why) {
    refusal_ = why;
    return false;
  }

 private:
  FieldValue& put(std::size_t field) {
    assert(field < most_fields);
    present_ |= std::uint64_t{1} << field;
    return values_[field];
  }

  std::uint64_t present_ = 0, converted_ = 0;
  std::size_t item_count_ = 0, finding_count_ = 0, octets_ = 0;
  std::string_view refusal_;
  std::array<const ValueFinding*, most_findings> findings_{};
  std::array<FieldValue, most_fields> values_{};
  std::array<double, most_fields> sent_{};
  std::array<double, most_items> items_{};
};

namespace findings {
extern const ValueFinding trailing_octets, unannounced_octets, rfu_flags, rfu_value, out_of_range,
    wrong_direction, wrong_method, unit_flip, bad_utf8;
}

}  // namespace carebench
