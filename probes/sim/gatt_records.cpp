#include "probes/sim/gatt_records.h"

#include <algorithm>

#include "probes/gatt/refusal.h"

namespace carebench::sim {
namespace {

enum Operation : std::uint8_t {
  report_records = 1,
  delete_records = 2,
  abort_operation = 3,
  report_number = 4,
  number_response = 5,
  general_response = 6
};
enum Operator : std::uint8_t { null_operator, all, at_most, at_least, range, first, last };
enum Code : std::uint8_t {
  success = 1,
  operation_unsupported,
  invalid_operator,
  operator_unsupported,
  invalid_operand,
  no_records,
  operand_unsupported = 9
};
constexpr std::uint8_t by_number = 1;
// Application errors of the Glucose Service.
constexpr std::uint8_t already_in_progress = 0x80, not_configured = 0x81;
constexpr Duration answer_time = milliseconds(20);

std::uint16_t u16(ByteView octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] | octets[at + 1] << 8);
}

bool each(std::size_t place, int every) {
  return every > 0 && (place + 1) % static_cast<std::size_t>(every) == 0;
}

}  // namespace

void GattRecordStore::keep(Stamp when) {
  if (records_.size() >= static_cast<std::size_t>(spec_.most)) records_.erase(records_.begin());
  records_.push_back({next_number_++, when});
}

void GattRecordStore::power_on(Stamp now) {
  link_down();
  // What was stored stays; the first time there is what was taken before.
  if (next_record_ == never)
    for (int i = spec_.at_start; i > 0; --i)
      keep({now.ns - spec_.every.ns * static_cast<Nanoseconds>(i)});
  next_record_ = now + spec_.every;
}

void GattRecordStore::link_down() {
  leaving_.clear();
  answer_.clear();
  due_ = never;
}

std::uint8_t GattRecordStore::choose(ByteView octets, Chosen& chosen) const {
  const ByteView operand = octets.subspan(2);
  std::uint16_t low = 0, high = 0xFFFF;
  const std::uint8_t how = octets[1];
  if (how == null_operator) return invalid_operator;
  if (how > last) return operator_unsupported;
  if (how == all || how == first || how == last) {
    if (!operand.empty()) return invalid_operand;
  } else {
    if (operand.empty()) return invalid_operand;
    if (operand[0] != by_number) return operand_unsupported;
    if (operand.size() != (how == range ? 5U : 3U)) return invalid_operand;
    if (how != at_most) low = u16(operand, 1);
    if (how == at_most) high = u16(operand, 1);
    if (how == range) high = u16(operand, 3);
    if (low > high) return invalid_operand;
  }
  for (std::size_t i = 0; i < records_.size(); ++i)
    if (records_[i].number >= low && records_[i].number <= high) chosen.push_back(i);
  if (how == first && !chosen.empty()) chosen.resize(1);
  if (how == last && !chosen.empty()) chosen = {chosen.back()};
  return success;
}

std::uint8_t GattRecordStore::request(ByteView octets, bool indicates, Stamp now) {
  if (octets.size() < 2) return att_error::invalid_length;
  if (!indicates) return not_configured;
  const std::uint8_t operation = octets[0];
  if (operation == abort_operation) {
    link_down();
    respond(operation, octets[1] == null_operator ? success : invalid_operator, now);
    return 0;
  }
  if (due_ != never) return already_in_progress;
  if (operation != report_records && operation != delete_records && operation != report_number) {
    respond(operation, behaviour_.gatt.any_operation ? success : operation_unsupported, now);
    return 0;
  }
  Chosen chosen;
  const std::uint8_t code = choose(octets, chosen);
  if (code != success) {
    respond(operation, code, now);
  } else if (operation == report_number) {
    const int number =
        std::clamp(static_cast<int>(chosen.size()) + behaviour_.gatt.records_off, 0, 0xFFFF);
    answer_ = {number_response, 0, static_cast<std::uint8_t>(number),
               static_cast<std::uint8_t>(number >> 8)};
    due_ = now + answer_time;
  } else if (chosen.empty()) {
    respond(operation, no_records, now);
  } else if (operation == delete_records) {
    for (auto i = chosen.rbegin(); i != chosen.rend(); ++i)
      records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(*i));
    respond(operation, success, now);
  } else {
    report(chosen, now);
  }
  return 0;
}

void GattRecordStore::respond(std::uint8_t operation, std::uint8_t code, Stamp now) {
  answer_ = {general_response, 0, operation, code};
  due_ = now + answer_time;
}

void GattRecordStore::report(const Chosen& chosen, Stamp now) {
  leaving_.clear();
  left_ = 0;
  const bool faulty = after_loss_ || !behaviour_.stored_after_loss;
  for (std::size_t place = 0; place < chosen.size(); ++place) {
    const Record& record = records_[chosen[place]];
    if (faulty && each(place, behaviour_.lose_stored_every)) continue;
    leaving_.push_back(record);
    if (faulty && each(place, behaviour_.repeat_stored_every)) leaving_.push_back(record);
    if (faulty && each(place, behaviour_.swap_stored_every) && leaving_.size() > 1)
      std::swap(leaving_.back(), leaving_[leaving_.size() - 2]);
  }
  respond(report_records, success, now);
}

Stamp GattRecordStore::next_due() const { return std::min(due_, next_record_); }

GattRecordStore::Due GattRecordStore::take_due(Stamp now) {
  Due due;
  if (next_record_ <= now) {
    keep(next_record_);
    next_record_ = next_record_ + spec_.every;
    return due;
  }
  if (due_ > now) return due;
  if (left_ < leaving_.size()) {
    const Record& record = leaving_[left_++];
    due.kind = Due::Kind::record;
    due.frames = encode_(spec_, record.number, record.taken);
    due_ = due_ + spec_.gap;
    return due;
  }
  due.kind = Due::Kind::answer;
  due.answer = std::exchange(answer_, {});
  leaving_.clear();
  left_ = 0;
  due_ = never;
  return due;
}

}  // namespace carebench::sim
