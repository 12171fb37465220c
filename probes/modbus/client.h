// A Modbus client (MODBUS Application Protocol V1.1b3, MODBUS over Serial Line V1.02) that stands
// above the recorder: it speaks through a ByteConversation, takes no time and no octet from
// anywhere else, and so asks and answers the same live and in a replay. What it is not for:
// retries, register maps and scaling (the caller's), judging (nobody's here). libmodbus, behind
// codec.h, encodes requests and checks and decodes complete answers; when a request is complete,
// whose an answer is, and when the line may be used again is decided here.
//
// No late or duplicated answer may become a value. TCP: the transaction identifier tells. RTU:
// nothing in a frame tells two answers of the same request apart, so the line has to be known
// empty:
// - Before each request: flush, then ModbusTiming::quiet without an octet. What came is counted
//   in discarded_octets.
// - Whatever is decided at the deadline (time-out, short answer, only foreign or misfitting frames)
//   leaves an answer owed: the next request waits until max(2 x that time-out,
//   ModbusTiming::recovery) after the deadline, or until the owed answer has come; longer where
//   the device has been slower (4 x its slowest answer, at most 6 x the time-out). An answer
//   later than that cannot be told from the next one: choose time-outs no shorter than a third
//   of the slowest answer. The same holds after a gap.
// - After octets that belong to no request (repetitions, late or broken answers, noise) the next 64
//   requests want max(8 x quiet, 30 ms) of silence: a repetition later than that cannot be told.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probes/link.h"
#include "standards/vocab/bytes.h"
#include "standards/vocab/error.h"
#include "standards/vocab/time.h"

namespace carebench {

// Octets to and from one device, over the recorder. Errors are faults of bench or tool; what the
// device or the line does is an Outcome. Views in an Outcome hold until the next call.
class ByteConversation {
 public:
  virtual ~ByteConversation() = default;
  // done | timed_out (not all could be sent) | refused | lost. The stamp is when writing began.
  virtual Result<Outcome> write(ByteView octets, Duration timeout) = 0;
  // frame (any octets, cut anywhere) | timed_out | lost | gap. What is queued is delivered even
  // when the deadline has passed; timed_out is stamped no earlier than the deadline.
  virtual Result<Outcome> next(Stamp deadline) = 0;
  // Drops what is queued: done, stamped now; the text may be the number of octets dropped.
  virtual Result<Outcome> flush() = 0;
  // The stamp of the last outcome.
  virtual Stamp now() const = 0;
};

enum class ModbusFraming { rtu, tcp };

struct ModbusTiming {
  Duration char_time;  // one character on the line, start, parity and stop bits included; TCP: 0
  Duration quiet;      // without an octet before a request; TCP: 0
  Duration recovery;   // least wait for an owed answer, see above

  // quiet: 3.5 characters, 1.75 ms above 19200 baud (Serial Line V1.02, 2.5.1.1), plus `slack` for
  // what the host cannot see: adapters hand over late, and a busy host runs late.
  static ModbusTiming rtu(int baud, double bits_per_char = 11, Duration slack = milliseconds(5));
  static ModbusTiming tcp();
};

struct ModbusSetup {
  ModbusFraming framing = ModbusFraming::rtu;
  std::uint8_t unit = 1;  // RTU: 1..247, 0 = broadcast (never answered); TCP: 0..255
  ModbusTiming timing = ModbusTiming::rtu(19200);
};
// From the facts of an open link (details.modbus, baud, mode, latency_timer), so that a replay
// gets the same. bad_input when they hold no "modbus": the address was not a modbus: one.
Result<ModbusSetup> modbus_setup(const Facts& facts);

struct ModbusAnswer {
  enum class Kind {
    response,   // the answer to this request, complete and checked
    exception,  // an exception response; `exception` is its code
    timed_out,  // no octet came (nor could the request be sent, then `problem` says so)
    malformed,  // octets came, no acceptable answer: CRC, length, byte count, echo; short
    foreign,    // only whole frames that answer somebody or something else: unit, function, tid
    lost,       // the link went away, or refused to send
    gap,        // the bench was not listening for a while: nothing can be said
  };
  Kind kind = Kind::timed_out;
  std::uint8_t function = 0;             // as asked
  int exception = 0;                     // 1 illegal function, 2 address, 3 value, 4 failure …
  Bytes pdu;                             // response, exception: function code and data
  std::vector<std::uint16_t> registers;  // FC 3, 4
  std::vector<bool> bits;                // FC 1, 2; as many as asked for
  Stamp sent, received;                  // writing began; the last octet was there, or gave up
  std::uint64_t first_seq = 0;           // evidence: the write …
  std::uint64_t last_seq = 0;            // … to the last outcome that was looked at
  bool bad_crc = false;                  // malformed: a whole frame but for its CRC
  std::string problem;                   // kinds other than response, exception: what was wrong
  std::uint64_t discarded_octets = 0;    // not of this answer: before the request, before, after
};
std::string_view to_string(ModbusAnswer::Kind kind);
// "exception 2 (illegal data address)"
std::string modbus_exception_text(int code);
// One line for humans: "10 registers: 0000 0001 …", "exception 3 (illegal data value)",
// "malformed: CRC 1234, computed 5678".
std::string describe(const ModbusAnswer& answer);

// What FC 43/14 tells: object id -> its octets (0 VendorName, 1 ProductCode, 2 MajorMinorRevision,
// 3 VendorUrl, 4 ProductName, 5 ModelName, 6 UserApplicationName, from 0x80 private).
struct ModbusIdentity {
  ModbusAnswer answer;          // the last one; not a response -> objects hold what came before it
  std::uint8_t conformity = 0;  // 0x01..0x03 stream only, 0x81..0x83 individual access as well
  std::map<std::uint8_t, std::string> objects;
  bool complete = false;  // stepped to the end
};
std::string_view modbus_object_name(std::uint8_t id);  // "VendorName", "" when private

// One conversation with one unit. Keep one client per link: it knows what is still owed. Not for
// several threads. Counts outside the specification's range are bad_input errors (blame: profile);
// raw_pdu() sends them. With unit 0 on RTU a write is done when sent: kind timed_out is right then.
class ModbusClient {
 public:
  ModbusClient(ByteConversation& conversation, const ModbusSetup& setup);
  ~ModbusClient();
  ModbusClient(ModbusClient&&) noexcept;
  ModbusClient& operator=(ModbusClient&&) = delete;

  // Addresses are those of the PDU, from 0. The time-out runs from the end of the request on the
  // wire to the last octet of its answer.
  Result<ModbusAnswer> read_coils(std::uint16_t address, int count, Duration timeout);
  Result<ModbusAnswer> read_discrete_inputs(std::uint16_t address, int count, Duration timeout);
  Result<ModbusAnswer> read_holding_registers(std::uint16_t address, int count, Duration timeout);
  Result<ModbusAnswer> read_input_registers(std::uint16_t address, int count, Duration timeout);
  Result<ModbusAnswer> write_coil(std::uint16_t address, bool on, Duration timeout);
  Result<ModbusAnswer> write_register(std::uint16_t address, std::uint16_t value, Duration timeout);
  Result<ModbusAnswer> write_coils(std::uint16_t address, const std::vector<bool>& values,
                                   Duration timeout);
  Result<ModbusAnswer> write_registers(std::uint16_t address,
                                       const std::vector<std::uint16_t>& values, Duration timeout);

  // FC 43/14. `level` 1 basic, 2 regular, 3 extended, 4 one object (`object`). Steps while "more
  // follows", at most 32 times, and stops as malformed where the next object id does not advance.
  Result<ModbusIdentity> read_device_identification(int level, std::uint8_t object,
                                                    Duration timeout);

  // Any PDU, legal or not: function code and data, 1..253 octets. The answer is held only to unit,
  // function, length by function code and CRC; for functions of unknown shape the end of an RTU
  // answer is the quiet line.
  Result<ModbusAnswer> raw_pdu(ByteView pdu, Duration timeout);
  // Any octets, sent as they are (wrong CRC, other unit, cut short); octet 1 (RTU) or 7 (TCP) is
  // taken for the function code. On TCP the answer must carry the transaction id of the octets.
  Result<ModbusAnswer> raw_frame(ByteView octets, Duration timeout);

  const ModbusSetup& setup() const;

 private:
  struct State;
  Result<ModbusAnswer> read(std::uint8_t function, std::uint16_t address, int count,
                            Duration timeout);
  std::unique_ptr<State> state_;
};

}  // namespace carebench
