// What earlier requests leave behind on an RTU line, where no frame says which request it answers:
// an answer that may still come, and the habits of the device (slow, repeats itself, noisy). Tells
// how long the line has to be left alone before the next request. Deterministic: knows only what it
// is told.
#pragma once

#include <optional>

#include "probes/modbus/client.h"

namespace carebench {

class ModbusDebt {
 public:
  explicit ModbusDebt(const ModbusSetup& setup) : setup_(setup) {}

  // An answer came `after` its request was sent. One that is owed is waited for four times as long
  // as the slowest one seen took, but no longer than six time-outs.
  void answered(Duration after);
  // No answer to `function` until `gave_up`; one is owed until max(2 x time-out, recovery) later.
  void unanswered(std::uint8_t function, Stamp sent, Stamp gave_up, Duration timeout);
  // Octets came that belong to no request, or broken: the next `wary_requests` requests want a
  // longer quiet line.
  void disturbed() { wary_ = wary_requests; }
  // Octets that came outside of a request. They pay the debt when they hold the answer owed.
  void arrived(Stamp stamp, ByteView octets);
  // The line has been left alone for long enough, and a request goes out.
  void cleared();
  void forget();  // the link was lost: nothing can come any more

  Duration quiet() const;  // that long without an octet; max(8 x quiet, 30 ms) when wary
  Stamp not_before() const { return not_before_; }

 private:
  static constexpr int wary_requests = 64;
  bool holds_owed_answer() const;

  ModbusSetup setup_;
  Duration slowest_;
  int wary_ = 0;
  std::optional<std::uint8_t> owed_;  // its function
  Stamp sent_;                        // when it was asked for
  Stamp not_before_;
  Bytes late_;  // what came since
};

}  // namespace carebench
