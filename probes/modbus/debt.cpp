#include "probes/modbus/debt.h"

#include <algorithm>

#include "probes/modbus/framing.h"

namespace carebench {
namespace {
constexpr Duration least_wary_quiet = milliseconds(30);
constexpr std::size_t most_late_octets = 4096;

Duration times(int n, Duration d) { return {n * d.ns}; }
}  // namespace

void ModbusDebt::answered(Duration after) { slowest_ = std::max(slowest_, after); }

void ModbusDebt::unanswered(std::uint8_t function, Stamp sent, Stamp gave_up, Duration timeout) {
  owed_ = function;
  sent_ = sent;
  late_.clear();
  not_before_ = std::max(gave_up + std::max(times(2, timeout), setup_.timing.recovery),
                         sent + std::min(times(4, slowest_), times(6, timeout)));
}

void ModbusDebt::arrived(Stamp stamp, ByteView octets) {
  disturbed();
  if (!owed_ || late_.size() > most_late_octets) return;
  late_.insert(late_.end(), octets.begin(), octets.end());
  if (!holds_owed_answer()) return;
  answered(stamp - sent_);
  forget();
}

bool ModbusDebt::holds_owed_answer() const {
  std::size_t begin = 0;
  while (begin < late_.size() && late_[begin] != setup_.unit) ++begin;
  const ByteView frame = ByteView(late_).subspan(begin);
  if (frame.size() < 2) return false;
  const PduLength length = modbus_response_length(frame.subspan(1));
  const std::size_t whole = length.octets + 3;
  return length.kind == PduLength::Kind::known && frame.size() >= whole &&
         (frame[1] & 0x7F) == (*owed_ & 0x7F) &&
         modbus_crc(frame.first(whole - 2)) == (frame[whole - 2] | frame[whole - 1] << 8);
}

void ModbusDebt::cleared() {
  forget();
  if (wary_ > 0) --wary_;
}

void ModbusDebt::forget() {
  owed_.reset();
  late_.clear();
  not_before_ = {};
}

Duration ModbusDebt::quiet() const {
  const Duration quiet = setup_.timing.quiet;
  return wary_ > 0 ? std::max(times(8, quiet), least_wary_quiet) : quiet;
}

}  // namespace carebench
