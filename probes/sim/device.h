// A virtual device as its YAML file describes it (probes/sim/devices/*.yaml): what it is, what it
// knows, says and answers, and how it can be broken. Pure data by name, checked against the
// protocol it speaks; engine.h makes it live. The shape is explained in devices/README.md.
//
// What is written here is a simulation, never a test (design law 10).
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/protocol.h"
#include "probes/sim/gatt_spec.h"
#include "probes/sim/operand.h"
#include "probes/sim/wave.h"
#include "standards/vocab/bytes.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/time.h"
#include "standards/vocab/yaml.h"

namespace carebench::sim {

// A named value of the device; where it comes from is one of the kinds.
struct ValueSpec {
  enum class Kind {
    truth,     // a wave, read through the device's error
    text,      // an identifier, a version; may hold {sample:3}, {serial} …
    counter,   // goes on each time it is sent
    memory,    // what was written to it
    motion,    // a position that is driven between two ends, at its own speed
    moving,    // 1 while one of some motions is on its way, else 0
    calendar,  // date or time of day
    samples,   // a truth, sampled so often since the last time it was sent: octets of 16 bits each
  };
  std::string name;
  Kind kind = Kind::memory;
  Unit unit;

  // truth: reading = gain * wave(t - lag) + bias + noise, stepped, kept within low and high;
  // a motion is read with bias and gain, too
  Wave wave;
  double bias = 0, gain = 1, noise = 0;
  Duration lag;
  double step = 0;  // 0: none
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::optional<Duration> stuck_after;  // since power-on
  int special_every = 0;                // each n-th reading is `special`
  Operand special;
  Condition only_while;  // else it reads `otherwise`
  Operand otherwise;

  std::string text;                  // text
  bool luhn = false;                 // text: a check digit is appended
  std::vector<std::string> motions;  // moving
  Operand initial;                   // memory; motion and counter: a number
  double increment = 1;              // counter; motion: its speed, per second
  double wrap = 0;                   // counter: starts again there, 0: never
  std::int64_t from_unix = 0;        // calendar
  std::string sampled;               // samples: the truth
  int sample_count = 0;              // samples
  Duration sample_every;             // samples
  std::string form;                  // calendar: "hhmmss", "hhmmss.ss", "ddmmyy", "unix", "weekday"
};

// Something the device does.
struct Action {
  enum class Kind { send, say, set, drive, go, reboot, disconnect, none } kind = Kind::none;
  std::string message;  // send
  Bytes octets;         // say; with `pieces` it is a text with {value} in it
  bool pieces = false;
  // send: fields; set: values; drive: 1 up, -1 down, 0 stop (times the speed); go: where to
  Operands operands;
  Duration after;
};

// What starts a responder.
struct Trigger {
  enum class Kind { message, hex, line, write, connect, boot } kind = Kind::message;
  std::string name;                    // message id, register name
  Operands where;                      // message: fields that must be so
  std::optional<Operand> equals;       // write: the value written
  std::vector<std::uint16_t> pattern;  // hex: octets, 0x100 = any
  std::string text;                    // line; '*' at the end: any rest
};

struct Responder {
  std::string id;
  Trigger on;
  Condition only_while;
  std::vector<Action> actions;
};

struct Stream {
  std::string id;
  std::string message;
  Operands fields;
  Duration every, offset, jitter;
  Condition only_while;
  // While the port is closed the frames are kept, with these fields changed, and sent after it
  // opened.
  int store_most = 0;     // 0: not kept
  Operands store_fields;  // constants
  Duration store_gap;
};

struct Event {
  std::string id;
  Duration at;                   // since power-on
  std::optional<Duration> each;  // again and again
  std::vector<Action> actions;
};

// Which of the frames a disturbance hits.
struct Pick {
  int every = 1;  // the n-th, 2n-th …
  enum class Of { all, streams, answers } of = Of::all;
  std::vector<std::string> messages;  // empty: any
  Duration from;                      // since power-on; with `lasting` only that long
  std::optional<Duration> lasting, each;
};

// What happens to octets on their way out.
struct Disturbance {
  enum class Kind { drop, truncate, corrupt, garbage, duplicate, drip, late };  // in this order
  Kind kind = Kind::drop;
  Pick pick;
  std::optional<int> at;     // corrupt: the octet, < 0 from the end; else one that is noticed
  int octets = 0;            // garbage: how many; truncate: how many are left, 0 = half
  bool start_marks = false;  // garbage: holds the beginning of a frame
  Duration by;               // late: that much; drip: between two octets
};

enum class Illegal { exception, data, silence, wrong_exception };
enum class Malformed { ignored, hang, reboot };

// Behaviour that faults change; the defaults are a sound device.
struct Behaviour {
  std::vector<Disturbance> disturbances;
  double pace = 1;                     // of all streams: 2 = half as often
  Duration jitter;                     // of all streams, added
  std::optional<Duration> stop_after;  // streams end
  std::string skip_counter;            // counter that leaves out a number …
  int skip_every = 0;                  // … each n-th time
  std::optional<Duration> unplug_after;
  bool silent_after_disconnect = false;
  Duration slow_after_disconnect;
  // Of stored frames and records that are sent: each n-th is left out (1: all of them), comes
  // twice, comes after the next one; only once the link was lost.
  int lose_stored_every = 0, repeat_stored_every = 0, swap_stored_every = 0;
  bool stored_after_loss = false;
  double clock_ahead = 0, clock_fast = 0;  // of all calendars: seconds, and seconds a day
  GattBehaviour gatt;
  Malformed malformed = Malformed::ignored;
  // Modbus
  Illegal illegal = Illegal::exception;
  int answer_unit = -1;                  // -1: its own
  bool takes_any_value = false;          // writes beyond min, max and enumeration
  std::vector<std::string> unprotected;  // registers that take writes though the map forbids it
  // The identifier
  bool identity_changes = false;  // at each connection
  bool identity_shared = false;   // the same on each sample
  bool identity_wrong_check = false;
  bool identity_silent = false;
  std::optional<std::string> identity_text;
};

// What a device is made of. A fault may bring such parts, too.
struct Parts {
  std::vector<ValueSpec> values;
  std::vector<Stream> streams;
  std::vector<Responder> responders;
  std::vector<Event> events;
};

struct Fault {
  std::string name;
  Text2 title;
  Behaviour behaviour;  // what differs from a sound device's
  Parts parts;          // come to the device's; what has the same name is replaced
  std::optional<GattPatch> gatt;
  std::vector<std::string> omits;  // ids of streams, responders and events; attributes
};

struct VirtualDevice {
  std::string name;
  Text2 title;
  std::shared_ptr<const Protocol> protocol;  // null: it speaks plain text only
  int unit = 1;                              // Modbus
  int baud = 0;                              // 0: octets take no time
  std::string mode = "8N1";
  Duration turnaround;  // Modbus: from request to answer
  Duration boot_time;   // silence after power-on and reboot
  std::uint64_t seed = 1;
  // The value that identifies the unit, and who tells it.
  std::string identity;
  std::vector<std::string> identity_told_by;
  std::map<int, std::string> identification;  // Modbus FC 43/14: object id -> text
  std::optional<GattSpec> gatt;
  Parts parts;
  Behaviour behaviour;
  std::vector<Fault> faults;  // sorted by name

  const Fault* fault(std::string_view fault_name) const;
  const ValueSpec* value(std::string_view value_name) const;
  bool is_modbus() const { return protocol && protocol->is_register_map(); }

  // The device with these faults, "a+b". Unknown: usage error with a suggestion.
  Result<std::shared_ptr<const VirtualDevice>> with_faults(std::string_view fault_names) const;
};

// A shipped device by name ("r60abd1-monitor"), or a file by path (has a '/' or ends in .yaml).
// Unknown name: usage with a suggestion; a bad file: bad_input with all its problems.
Result<std::shared_ptr<const VirtualDevice>> load(std::string_view name_or_path);
Result<std::shared_ptr<const VirtualDevice>> parse(const yaml::Document& document);
std::vector<std::string_view> shipped_devices();  // names, sorted

// Why the device as a whole could not live, for the reader and for combinations of faults.
std::optional<std::string> unsound(const VirtualDevice& device);
// Lets it live for three virtual seconds: bad_input when it has to send what its protocol refuses.
// parse() does so without faults; lint and tests do with each of them.
Result<void> try_out(std::shared_ptr<const VirtualDevice> device, std::string_view faults);

}  // namespace carebench::sim
