// How many frames ought to have come, and which of them did: by a declared period, or by a number
// that the device counts up from frame to frame. Constant memory, however long it goes on; an octet
// of the device can be anything.
//
// Time when the bench was not listening is nobody's loss: resume() begins anew after it.
#pragma once

#include <cstdint>

#include "standards/vocab/time.h"

namespace carebench {

struct FrameBalance {
  std::uint64_t received = 0;      // frames that were expected and came, each once
  std::uint64_t lost = 0;          // that were expected and never came
  std::uint64_t duplicates = 0;    // by period: more than were expected
  std::uint64_t out_of_order = 0;  // came after a later one (part of `received`)
  std::uint64_t restarts = 0;      // the device's count began again
  std::uint64_t expected() const { return received + lost; }
};

// By period. An interval stands for as many frames as it has periods, rounded; so a clock that runs
// a little slow or fast is no loss, and jitter below half a period neither. Frames that come in a
// burst after a long interval were late and are not lost. The beginning and the end of the
// observation count like frames: a device that starts late or stops early loses what it did not
// send.
class FramesByPeriod {
 public:
  FramesByPeriod(Duration period, Stamp begin);
  void add(Stamp stamp) {
    const Nanoseconds interval = stamp.ns - last_.ns;
    last_ = stamp;
    // The usual case, without a division.
    if (interval < period_ + half_ && interval >= half_ && heard_ && owed_ == 0) {
      ++balance_.received;
      return;
    }
    irregular(interval);
  }
  void end(Stamp stamp);  // of the observation, or of what the bench heard before a gap
  void resume(Stamp begin);
  // Of what has ended. More frames than the declared period gives (and one, as the ends fall
  // anywhere) are duplicates.
  FrameBalance balance() const;

 private:
  void irregular(Nanoseconds interval);
  Nanoseconds period_, half_, observed_ = 0;
  Stamp begin_, last_;
  std::uint64_t owed_ = 0;  // missing in the last interval; a burst right after it pays them back
  bool heard_ = false;      // a frame, since the beginning or since the bench listens again
  FrameBalance balance_;
};

// By number. Ahead by one is the next frame; further ahead, frames are missing; a number that was
// missing and comes late is no longer lost but out of order; one that was there is a duplicate; one
// far behind means that the device began to count anew. Where the period is known, it decides which
// of these it was (and how many turns of the counter were missed), and what is missing before the
// first and after the last frame counts as well.
class FramesByNumber {
 public:
  // modulus: the number after modulus - 1 is 0 (>= 2). period 0: not known.
  FramesByNumber(std::uint64_t modulus, Duration period, Stamp begin);
  enum class Kind : std::uint8_t { first, next, ahead, late, duplicate, restart };
  Kind add(std::uint64_t number, Stamp stamp) {
    if (number - top_ == 1 && number < modulus_ && heard_ && stamp.ns - last_.ns < half_turn_) {
      top_ = number;
      seen_ = seen_ << 1 | 1;
      ++span_;
      ++balance_.received;
      last_ = stamp;
      return Kind::next;
    }
    return irregular(number, stamp);
  }
  void end(Stamp stamp);
  void resume(Stamp begin);
  const FrameBalance& balance() const { return balance_; }
  std::uint64_t top() const { return top_; }  // the highest number so far, once one was heard

 private:
  Kind irregular(std::uint64_t number, Stamp stamp);
  Kind advance(std::uint64_t by, std::uint64_t number);
  Kind behind(std::uint64_t by);
  Kind restart(std::uint64_t number, double periods);
  void miss_edge(Duration silent);

  std::uint64_t modulus_;
  Duration period_;
  std::uint64_t window_;   // how far behind a frame is taken for late
  Nanoseconds half_turn_;  // of the counter; the greatest number where the period is not known
  bool heard_ = false;     // a frame, since the beginning or since the bench listens again
  std::uint64_t top_ = 0;
  std::uint64_t seen_ = 0;  // bit i: the frame with number top - i came
  std::uint64_t span_ = 0;  // numbers from the first one to the top
  Stamp last_;
  FrameBalance balance_;
};

}  // namespace carebench
