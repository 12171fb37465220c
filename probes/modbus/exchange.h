// The discipline of one Modbus request and its answer on a byte conversation: when the line may be
// used, when an answer is complete, whose it is, and what is still owed afterwards (the rules stand
// in client.h). Knows frames, not registers; deterministic: time is what the outcomes carry.
//
// What is taken for an answer: a whole frame by the length its function code gives, right CRC, our
// unit (TCP: our transaction as well), the function asked for or its exception, and the shape
// that was asked for. It may drip in at any pace up to the deadline. In front of it, octets that no
// answer starts with (0x00, 0xF8..0xFF: line glitches) are skipped, at most `max_glitches` of them;
// behind it, exact repetitions and up to 3 octets are tolerated. All of these are counted as
// discarded. Any other surplus in the same breath makes the answer malformed, as the right one
// cannot be told.
#pragma once

#include <optional>

#include "probes/modbus/client.h"
#include "probes/modbus/debt.h"

namespace carebench {

// What an answer has to look like, beyond unit, CRC and length.
struct ModbusExpectation {
  std::uint8_t function = 0;
  std::optional<std::size_t> byte_count;  // octet 1 of the response PDU
  Bytes echo;                             // the response PDU starts with these octets
  std::uint16_t transaction = 0;          // TCP
};

class ModbusExchange {
 public:
  ModbusExchange(ByteConversation& conversation, const ModbusSetup& setup);

  // Sends `octets` (a whole ADU, or anything) and waits for the answer. Of a response or exception
  // only `pdu` and `exception` are filled in; the ADU stays in answer_octets() until the next run.
  Result<ModbusAnswer> run(ByteView octets, const ModbusExpectation& expected, Duration timeout);
  ByteView answer_octets() const { return adu_; }
  const ModbusSetup& setup() const { return setup_; }

 private:
  enum class Look { more, settle, answered, spoiled };
  struct Attempt;

  Result<void> clear_line(Attempt& attempt);
  Result<void> send(Attempt& attempt, ByteView octets);
  Result<void> receive(Attempt& attempt);
  Look look_rtu(Attempt& attempt, bool settled);
  Look look_tcp(Attempt& attempt);
  bool surplus_is_harmless(std::size_t whole) const;
  void accept(Attempt& attempt, std::size_t whole, std::size_t head, std::size_t pdu_octets);
  void drop(Attempt& attempt, std::size_t octets);
  void give_up(Attempt& attempt);
  void remember(const Attempt& attempt);
  void append(ByteView octets);
  void keep_late(const Outcome& outcome, Attempt& attempt);

  ByteConversation& conversation_;
  ModbusSetup setup_;
  Bytes buffer_;  // RTU: since the request; TCP: the stream, from a frame's first octet
  Bytes adu_;
  ModbusDebt debt_;  // RTU: what earlier requests leave behind
  bool misaligned_;  // TCP: where a frame starts is not known
};

}  // namespace carebench
