// Long values that a device sends in several, each behind a header octet that says which part it
// is. They are joined to what one value would have been, had it fitted.
#pragma once

#include <cstdint>

#include "standards/vocab/bytes.h"

namespace carebench {

enum class Segmentation : std::uint8_t {
  none,
  // Generic health sensors: 0 = first, 1 = last, 2 … 7 = a counter that rolls over.
  health,
  // Binary sensors: 0 = last, 1 … 5 = number of the part, from 0.
  binary,
};

class SegmentJoiner {
 public:
  explicit SegmentJoiner(Segmentation how);

  // Views that joined() gave are void then.
  enum class Taken : std::uint8_t {
    part,   // more is to come
    whole,  // joined() has it
    lost,   // no part of anything: the first one is missing, or one between, or it grew too long
  };
  Taken take(ByteView value);
  // The last call gave up parts that had come before.
  bool gave_up() const { return gave_up_; }
  // The header of a value that came whole, then what stood behind the headers.
  ByteView joined() const { return joined_; }
  void reset();

  static constexpr std::size_t most_octets = 1 + 3 + 65535;  // the longest observation

 private:
  struct Header {
    bool first = false, last = false;
    unsigned number = 0;
    std::uint8_t whole = 0;  // as it is on a value that came whole
  };
  Header read(std::uint8_t octet) const;

  Segmentation how_;
  Bytes joined_;
  bool open_ = false, gave_up_ = false;
  unsigned next_ = 0;  // number of the part to come
};

}  // namespace carebench
