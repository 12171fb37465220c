// A private protocol described as data (probes/protocols/*.yaml): how frames are found in a stream
// of octets, which messages there are, and what their fields mean; or a Modbus register map. Pure:
// no link, no clock, no requirement in here.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "probes/gatt/uuid.h"
#include "standards/vocab/bytes.h"
#include "standards/vocab/error.h"
#include "standards/vocab/json.h"
#include "standards/vocab/quantity.h"
#include "standards/vocab/time.h"
#include "standards/vocab/yaml.h"

namespace carebench {

// How a protocol is founded (catalogue: 具备标准化传输模式): an adopted standard, a specification
// the vendor published, a description by others with known answers, or nothing but observation.
enum class Foundation { adopted, published, documented, undocumented };
std::string_view to_string(Foundation f);

// A field's value in one message. Special values (no signal, unknown, invalid) are never numbers.
struct FieldValue {
  enum class Kind { absent, number, special, text, octets } kind = Kind::absent;
  double number = 0;      // kind number (also the raw code of an enumeration)
  std::string_view text;  // special: its name; text: the text; number: the enumeration's name or ""
  ByteView octets;        // kind octets
};

struct FieldSpec;     // protocol_spec.h
struct MessageSpec;   // protocol_spec.h
struct RegisterSpec;  // protocol_spec.h
struct Framing;       // protocol_spec.h
class Reading;        // gatt/reading.h
struct ValueFinding;  // gatt/reading.h

// An attribute whose values a GATT protocol's messages are (or whose advertising): what a bench has
// to subscribe to before it hears them.
struct GattUse {
  AttributePath attribute;
  bool advertised = false;  // service or manufacturer data: no connection, no subscription
  bool optional = false;    // a device may do without
};

// Where the octets of a frame are written on a GATT device.
struct GattTarget {
  AttributePath attribute;
  bool with_response = true;
  ByteView value;  // points into the frame
};

// Which way messages travel. Some protocols give a question and its answer the same constants; a
// reader that knows whom it hears tells them apart. `either` takes the message with more constants.
enum class Direction { either, from_device, to_device };

// Where a field stands: message and field, resolved once, so that reading one costs no lookup.
struct FieldHandle {
  const MessageSpec* message = nullptr;
  const FieldSpec* field = nullptr;
  explicit operator bool() const { return field != nullptr; }
};

// Values for encode(): a number, or a text (an enumeration's or special value's name, a text
// field).
using FieldInput = std::variant<double, std::string>;
using FieldInputs = std::map<std::string, FieldInput, std::less<>>;

class Protocol {
 public:
  // `source` is where it came from, for errors and for the run's inputs.
  static Result<std::shared_ptr<const Protocol>> parse(const yaml::Document& document);
  // A shipped protocol by its name ("r60abd1"), or a file by its path (has a '/' or ends in .yaml).
  static Result<std::shared_ptr<const Protocol>> load(std::string_view name_or_path);
  ~Protocol();

  std::string name, version;
  Text2 title;
  Foundation founded = Foundation::undocumented;
  std::string source;  // the document or captures it rests on
  // Line settings a serial device of this protocol uses, where the protocol fixes them.
  int baud = 0;      // 0: not fixed
  std::string mode;  // "8N1", or ""
  // GATT protocols: what they are heard on; empty for all others.
  std::vector<GattUse> gatt;

  bool is_register_map() const;  // Modbus registers instead of frames
  // Its messages are values of GATT attributes, or its frames are octets in a pair of them.
  bool is_gatt() const;
  // Where a frame as encode() makes it is written to; nothing when it names no attribute that this
  // protocol writes to.
  std::optional<GattTarget> gatt_target(ByteView frame) const;
  const std::vector<MessageSpec>& messages() const;
  const MessageSpec* message(std::string_view id) const;
  // "heart_rate" when one message has that field, else "message.field"; empty handle: no such
  // field.
  FieldHandle field(std::string_view name) const;
  std::vector<std::string> field_names() const;  // "message.field", for suggestions
  const std::vector<RegisterSpec>& registers() const;
  const RegisterSpec* register_named(std::string_view name) const;
  const Framing& framing() const;

  // One whole frame: marks, length, fields, checksum. Missing fields take the message's constants,
  // else 0; an unknown field or a value out of range is bad_input. A message of a GATT protocol
  // makes an event (gatt/event.h): the header that names its attribute, and the value. Its only
  // input may be "octets", the value as it stands, in hexadecimal.
  Result<Bytes> encode(std::string_view message, const FieldInputs& inputs) const;

 private:
  Protocol();
  struct Data;
  std::unique_ptr<Data> data_;
};

// One frame as it came. Views point into the reader and hold until its next call.
struct Message {
  const MessageSpec* spec =
      nullptr;     // nullptr: a sound frame that no message of the protocol names
  ByteView frame;  // from start mark to end mark
  ByteView data;   // its data; text: from the address to the last field
  Stamp stamp;     // of the packet that completed it
  std::uint64_t first_seq = 0, last_seq = 0;  // evidence packets it came in
  // GATT protocols: what the decoder of an adopted characteristic made of the value; of other
  // characteristics its findings only. nullptr: no GATT protocol.
  const Reading* reading = nullptr;

  std::string_view id() const;  // "" when spec is nullptr
  // absent when the handle is for another message, or the frame is too short for an optional field.
  FieldValue value(FieldHandle handle) const;
  // What is wrong with it, though it can be read (GATT protocols).
  std::span<const ValueFinding* const> findings() const;
  // All fields by name, for `decode` and for listings; unknown frames give header fields and
  // "data".
  Json to_json(const Protocol& protocol) const;
};

struct FrameCounts {
  std::uint64_t octets = 0;           // fed
  std::uint64_t frames = 0;           // sound frames, unknown ones included
  std::uint64_t unknown = 0;          // sound frames that no message names
  std::uint64_t checksum_errors = 0;  // start, length and end fit, the checksum does not
  std::uint64_t malformed = 0;        // impossible length, missing end mark
  std::uint64_t resyncs = 0;          // times the start mark had to be looked for (runs of
                                      // dropped octets)
  std::uint64_t dropped_octets = 0;   // octets that belong to no sound frame
  // GATT protocols: malformed are values that their decoder refuses.
  std::uint64_t findings = 0;    // of the decoders, in values that could be read
  std::uint64_t violations = 0;  // those of them that contradict the specification
};

// Finds frames in a stream split anywhere. On any failure it advances one octet and looks for the
// start mark again (a start mark may sit inside rejected data). Memory is bounded by the protocol's
// largest frame; next() allocates nothing.
//
// Of a GATT protocol each feed is one event (gatt/event.h), and one value is one frame; a value
// that holds several records is as many. Advertising that no message names is passed over. Where
// the frames are octets in a pair of characteristics, headers are taken off first.
class FrameReader {
 public:
  // The protocol must outlive the reader. In a register map there are no frames: all is dropped.
  explicit FrameReader(const Protocol& protocol, Direction heard = Direction::from_device);
  ~FrameReader();
  FrameReader(FrameReader&&) noexcept;
  // Feed, then call next() until it says false, before feeding again. The octets must stay valid
  // until then.
  void feed(ByteView octets, Stamp stamp, std::uint64_t seq);
  bool next(Message& message);
  // A value that the bench read from the attribute of a message (method: read); false: refused. The
  // value must stay valid as long as the message. Counts like a frame.
  bool read(const MessageSpec& spec, ByteView value, Stamp stamp, std::uint64_t seq,
            Message& message);
  // Forget what is buffered (after a flush, a reconnect or a gap); buffered octets count as
  // dropped.
  void reset();
  std::size_t pending() const;  // octets of an unfinished frame
  const FrameCounts& counts() const;
  // Why the last rejected candidate was rejected: "checksum", "footer", "length" or ""; a value of
  // GATT: one word and why.
  std::string_view last_error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace carebench
