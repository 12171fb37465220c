// The part of a frame reader that takes events of GATT devices: which message a value is, and what
// its decoder makes of it. Nothing here allocates but the constructor.
#pragma once

#include <optional>
#include <vector>

#include "probes/gatt/characteristic.h"
#include "probes/gatt/event.h"
#include "probes/protocol_spec.h"

namespace carebench {

class GattFrames {
 public:
  GattFrames(const Protocol& protocol, Direction heard);

  // One event, or the value that was read of a message's attribute; then next() until it says
  // false. They must stay valid until then.
  void take(ByteView event, std::uint64_t seq);
  void take(const MessageSpec& spec, ByteView value);
  // Fills in all of a message but seq and stamp. Values that come in segments are joined first.
  bool next(Message& message, FrameCounts& counts, std::string_view& last_error);
  std::uint64_t first_seq() const { return first_seq_; }  // of the event that it began in
  std::size_t pending() const;                            // octets of unfinished values
  void reset();                                           // forget them

 private:
  // Segments of a message that came so far.
  struct Joining {
    SegmentJoiner joiner;
    std::size_t octets = 0;  // of their events
    std::uint64_t first_seq = 0;
  };

  bool begin(Message& message, FrameCounts& counts, std::string_view& last_error);
  bool join(ByteView event, ByteView value, FrameCounts& counts, std::string_view& last_error);
  bool record(Message& message, FrameCounts& counts, std::string_view& last_error);
  bool interpret(ByteView value);
  void observe_method();

  const Framing& framing_;
  const MessageSpec* first_;  // of the protocol's messages
  const Direction heard_;
  std::size_t index() const { return static_cast<std::size_t>(spec_ - first_); }

  std::vector<std::optional<UnitWatch>> watches_;  // one a message
  std::vector<std::optional<Joining>> joinings_;   // one a message

  ByteView event_;  // not looked at yet
  std::uint64_t seq_ = 0, first_seq_ = 0;
  const MessageSpec* spec_ = nullptr;  // of what is left
  EventKind kind_ = EventKind::value;  // how it came
  ByteView frame_, rest_;              // of the value: with what stands before it, and what is left
  bool left_ = false;
  Reading reading_;
};

}  // namespace carebench
