// The way out of a virtual device: frames wait for their time, meet the faults of the line, and
// take the time that their octets need at the line's speed. Whole frames leave one after the other;
// each comes out as one burst, stamped when its last octet has arrived.
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "probes/sim/device.h"

namespace carebench::sim {

class Transmitter {
 public:
  Transmitter(const VirtualDevice& device, std::uint64_t seed);

  // `message` is for faults that hit some messages only; "" for plain text.
  void send(Stamp start, std::string_view message, bool answer, ByteView octets);
  // The same, past the faults of the line.
  void pass(Stamp start, ByteView octets) { wait(start, Bytes(octets.begin(), octets.end()), {}); }
  // Puts on the line what starts until `now`.
  void advance(Stamp now);
  Stamp next_start() const { return waiting_.empty() ? never : waiting_.front().start; }

  // What has arrived at the other end.
  struct Burst {
    Stamp due;
    Bytes octets;
  };
  const Burst* front() const { return line_.empty() ? nullptr : &line_.front(); }
  void pop();

  void power_on(Stamp now);
  // Drops what has not arrived yet, as a device does that stops.
  void cut(Stamp now);
  // Drops everything, as a port does that closes.
  void clear(Stamp now);

  Duration time_of(std::size_t octets) const;
  std::uint64_t sent_octets() const { return sent_octets_; }

 private:
  struct Waiting {
    Stamp start;
    std::uint64_t order = 0;
    Bytes octets;
    Duration gap;  // between octets; 0: in one go
  };
  bool picked(std::size_t index, Stamp start, std::string_view message, bool answer);
  void corrupt(Bytes& octets, ByteView head, const Disturbance& disturbance) const;
  void corrupt_value(Bytes& octets, ByteView head) const;
  Bytes garbage(const Disturbance& disturbance, ByteView frame);
  void wait(Stamp start, Bytes octets, Duration gap);
  void put_on_line(Stamp start, Bytes octets);

  const VirtualDevice& device_;
  std::uint64_t seed_;
  Nanoseconds octet_ns_ = 0;
  Stamp powered_, free_;             // the line is free from then on
  std::vector<std::uint64_t> hits_;  // per disturbance: frames it could have hit
  std::uint64_t order_ = 0, drawn_ = 0, sent_octets_ = 0;
  std::vector<Waiting> waiting_;  // a heap, earliest first
  std::deque<Burst> line_;
  std::vector<Bytes> spare_;
};

}  // namespace carebench::sim
