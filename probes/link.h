// The seam to the world: a Link is one attached device over one transport. Operations and what
// comes of them are data, so that recording and replaying them is one piece of code for every
// transport. A link stamps and moves octets; it knows no protocol, no requirement and no verdict.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "standards/vocab/bytes.h"
#include "standards/vocab/error.h"
#include "standards/vocab/json.h"
#include "standards/vocab/time.h"

namespace carebench {

// What a step can ask of a link. What a link supports stands in its Facts.
struct Connect {};     // open (again)
struct Disconnect {};  // close, keep the address
struct Write {         // send octets; done when they have left the process (tcdrain on a tty)
  Bytes octets;
};
struct SetLine {  // serial line: only what is set changes
  std::optional<int> baud;
  std::optional<std::string> mode;  // "8N1"
  std::optional<bool> dtr, rts;
  std::optional<Duration> break_for;  // hold a break condition that long
};
struct Flush {};  // drop what has arrived and was not delivered yet

// Of GATT devices. Attributes are named by path, as "180D/2A37" (probes/gatt/uuid.h). Refused: the
// text is the ATT error or the name and message of the stack's error.
struct Discover {};  // done: the text is the GATT database as JSON (probes/gatt/database.h)
struct Status {};    // done: the text is what the stack knows of the device now, as JSON
struct ReadValue {   // done: the octets are the value, long values whole
  std::string attribute;
};
struct WriteValue {
  std::string attribute;
  Bytes octets;
  enum class Mode { request, command, reliable } mode = Mode::request;
};
struct Subscribe {  // done: the text is "notify" or "indicate"; what comes is a GattEvent frame
  std::string attribute;
  enum class Mode { off, acquire, start } mode = Mode::acquire;
};
// Pairing is a dialogue: done, and the text is {"state": "paired" | "wants_passkey" |
// "shows_passkey" | "compare", "passkey": "123456"}; what is wanted comes with PairReply, which
// goes on to the next state. Refused and timed_out end it.
struct Pair {
  std::string capability;  // NoInputNoOutput, DisplayOnly, DisplayYesNo, KeyboardOnly,
                           // KeyboardDisplay
};
struct PairReply {
  bool accept = true;
  std::string passkey;  // six digits, where it is wanted
};
struct Unpair {};  // drops bond and connection on the bench's side
struct Scan {      // advertising of this device comes as GattEvent frames
  bool on = true;
};
using Op = std::variant<Connect, Disconnect, Write, SetLine, Flush, Discover, Status, ReadValue,
                        WriteValue, Subscribe, Pair, PairReply, Unpair, Scan>;
enum class OpKind {
  connect,
  disconnect,
  write,
  set_line,
  flush,
  discover,
  status,
  read_value,
  write_value,
  subscribe,
  pair,
  pair_reply,
  unpair,
  scan,
};
std::string_view to_string(WriteValue::Mode mode);
std::string_view to_string(Subscribe::Mode mode);
OpKind kind_of(const Op& op);
std::string_view to_string(OpKind kind);
std::optional<OpKind> op_kind_from(std::string_view text);
// {"op": "write", "octets": "0103…"}: what is written to the evidence and compared in a replay.
Json to_json(const Op& op);
std::optional<Op> op_from(const Json& json);  // nothing when it is no operation

// What came of an operation or of waiting. The views hold until the next call on the same lane.
struct Outcome {
  enum class Kind {
    done,       // the operation was carried out
    frame,      // octets came in
    timed_out,  // nothing came until the deadline
    refused,    // the device or its driver said no; `text` says what
    lost,       // the link went away (unplugged, hung up); `text` says how
    gap,        // the bench was not listening from `from` until the stamp; `text` says why
    answered,   // the operator answered; `text` is the JSON of the answer
  };
  Kind kind = Kind::timed_out;
  std::uint64_t seq = 0;      // evidence packet
  std::uint32_t channel = 0;  // kinds frame and lost: which channel it came in on
  Stamp stamp;                // when, on the run's axis
  ByteView octets;            // kind frame; done: what was read
  std::string_view text;
  Stamp from;  // kind gap
};
std::string_view to_string(Outcome::Kind kind);

// What the octets of a link are, and so how the evidence keeps them: of a serial line, of a stream
// (the frames of GATT devices, probes/gatt/event.h, included), or packets of the kernel's HCI
// monitor channel (adapter and opcode in front, as btmon writes them).
enum class OctetKind : std::uint8_t { serial, stream, hci };

// What a link is, as found when it was opened. Part of the evidence.
struct Facts {
  std::string transport;   // "serial", "tcp", "sim"
  std::string address;     // as the user typed it
  bool simulated = false;  // a virtual device or a pseudo-terminal: never a test
  std::vector<OpKind> supports;
  std::string stamp_source;    // "user space after poll", "virtual clock"
  Duration stamp_uncertainty;  // standard uncertainty of a stamp; 0 in virtual time
  Json details;                // baud, mode, driver, latency_timer, USB ids, …
  bool operator==(const Facts&) const = delete;
};
Json to_json(const Facts& facts);
Facts facts_from(const Json& json);

// Where a link hands in what arrived. The lane stamps before it lets the link read.
class Ingest {
 public:
  virtual ~Ingest() = default;
  virtual void frame(Stamp stamp, ByteView octets) = 0;
  virtual void lost(Stamp stamp, std::string_view how) = 0;
};

class Link {
 public:
  virtual ~Link() = default;
  virtual const Facts& facts() const = 0;
  // Carries out one operation (Flush excepted: the lane does that). Called by the step's thread
  // while the reader thread may call pump(). Error only for faults of bench or tool; what the
  // device does is a Done, TimedOut, Refused or Lost kind (seq and stamp are filled in by the
  // lane).
  struct Performed {
    Outcome::Kind kind = Outcome::Kind::done;
    std::string text = {};
    Bytes octets = {};  // of a value that was read
  };
  virtual Result<Performed> perform(const Op& op, Duration timeout, std::stop_token stop) = 0;
  // Whether Connect and Disconnect may overlap with pump(); else the lane keeps them apart.
  virtual bool overlaps() const { return false; }
  // Real links: a descriptor to poll for input, -1 while closed. pump() reads what is there.
  virtual int wait_fd() const { return -1; }
  virtual void pump(Stamp now, Ingest& ingest) = 0;
  // Virtual links: when the device does something next on its own; `never` when nothing is planned.
  virtual Stamp next_due() const { return never; }
  virtual void close() noexcept = 0;

 protected:
  // The link does not support this operation: refused.
  static Performed cannot(const Op& op);
};

// The bench's clock: real (CLOCK_MONOTONIC since the start of the run) or virtual.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Stamp now() const = 0;
  virtual bool is_virtual() const { return false; }
  virtual void advance_to(Stamp) {}  // virtual clocks only; never goes back
};

}  // namespace carebench
