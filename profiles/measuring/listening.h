// Hearing what comes from one device for a while, in a loop that allocates nothing, and the errors
// that end a check which cannot go on. What a check does with a lost link is its own business:
// where transmission is measured, the time after it counts as lost; elsewhere it is an error.
#pragma once

#include <string>

#include "profiles/context.h"

namespace carebench {

// Tells how far a long step has come, every hundredth of it at most.
class Progress {
 public:
  Progress(Context& context, Stamp begin, Duration length);
  void at(Stamp now) {
    if (now >= next_) tell(now);
  }
  void put_off(Duration by);  // the bench was away that long

 private:
  void tell(Stamp now);
  Context& context_;
  Stamp begin_, next_;
  Duration length_;
};

// How a time of listening ended.
struct Ending {
  enum class Kind { time, lost, gap } kind = Kind::time;
  Stamp at;    // lost: when; gap: when the bench listened again
  Stamp from;  // gap: since when it had not
  std::uint64_t seq = 0;
  std::string how;  // lost, gap
};

enum class LastPacket { heard, left };

// Hands every message that comes before `end` to `take`. The packet in which time ran out is either
// heard as well (its messages bear stamps at or after `end`) or left aside. Whatever the device
// does, this ends: by time, or because nothing can come any more.
// Packets come from `source`: the stream's port, or what stands before it (tapped_port.h).
template <class Source, class Take>
Result<Ending> listen_to(Source& source, MessageStream& stream, Stamp end, LastPacket last,
                         Progress* progress, Take&& take) {
  Message message;
  while (stream.take(message)) take(message);  // left over from the last packet
  while (true) {
    const auto outcome = source.next(end);
    if (!outcome) return tl::unexpected(outcome.error());
    switch (outcome->kind) {
      case Outcome::Kind::frame: {
        const bool over = outcome->stamp >= end;
        if (over && last == LastPacket::left) return Ending{};
        stream.feed(*outcome);
        while (stream.take(message)) take(message);
        if (over) return Ending{};
        if (progress) progress->at(outcome->stamp);
        continue;
      }
      case Outcome::Kind::lost:
        return Ending{
            Ending::Kind::lost, outcome->stamp, {}, outcome->seq, std::string(outcome->text)};
      case Outcome::Kind::gap:
        stream.reader().reset();
        return Ending{Ending::Kind::gap, outcome->stamp, outcome->from, outcome->seq,
                      std::string(outcome->text)};
      default:
        if (stream.port().now() >= end) return Ending{};
    }
  }
}

template <class Take>
Result<Ending> listen(MessageStream& stream, Stamp end, LastPacket last, Progress* progress,
                      Take&& take) {
  return listen_to(stream.port(), stream, end, last, progress, std::forward<Take>(take));
}

// Lets time pass; what comes in is kept. A gap of the bench is an error.
Result<void> pass_time(Context& context, Duration duration);
tl::unexpected<Error> link_lost(const Port& port, std::string_view how);
tl::unexpected<Error> cut_off();  // a gap in a check that cannot go on after one
// Whatever is no done: lost and gap as above, refused as what the driver said.
Result<void> done_or_error(const Port& port, const Result<Outcome>& outcome);

// Lets time pass until `until` and drops what the device says. A lost link is an error, too.
template <class Source>
Result<void> ignore_until(Source& source, MessageStream& stream, Stamp until) {
  Message message;
  while (stream.take(message)) {
  }
  if (stream.port().now() >= until) return {};
  const auto ending =
      listen_to(source, stream, until, LastPacket::heard, nullptr, [](const Message&) {});
  if (!ending) return tl::unexpected(ending.error());
  if (ending->kind == Ending::Kind::lost) return link_lost(stream.port(), ending->how);
  if (ending->kind == Ending::Kind::gap) return cut_off();
  return {};
}
inline Result<void> ignore_until(MessageStream& stream, Stamp until) {
  return ignore_until(stream.port(), stream, until);
}

}  // namespace carebench
