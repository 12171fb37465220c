// The way into a virtual device: octets from the bench become messages of its protocol, Modbus
// frames, lines of text and known patterns. What does not become whole within a pause is dropped,
// as a device must do it to survive noise.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/protocol.h"
#include "probes/sim/device.h"

namespace carebench::sim {

class Receiver {
 public:
  Receiver(const VirtualDevice& device, Duration least_pause);

  // Feed, then take what came of it until there is nothing left.
  void feed(Stamp now, ByteView octets);
  bool next_message(Message& message);          // protocol with messages
  std::optional<ByteView> whole_frame() const;  // Modbus: all that came since the last pause
  void drop_frame() { frame_.clear(); }
  bool next_line(std::string& line);          // without its line end
  bool next_pattern(std::size_t& responder);  // index into Parts::responders

  // When the pause ends; then call paused().
  Stamp pause_ends() const { return pause_ends_; }
  void paused();
  // Frames that were wrong since the last call.
  std::uint64_t take_malformed();
  void reset();

 private:
  void scan_text(std::uint8_t octet);
  void scan_patterns(std::uint8_t octet);

  const VirtualDevice& device_;
  Duration pause_;
  Stamp pause_ends_ = never;
  std::optional<FrameReader> reader_;
  std::uint64_t wrong_seen_ = 0, wrong_ = 0;
  Bytes frame_;
  bool wants_lines_ = false, after_return_ = false;
  std::string line_;
  std::vector<std::string> lines_;
  Bytes recent_;  // as long as the longest pattern
  std::size_t longest_pattern_ = 0;
  std::vector<std::size_t> matched_;
};

}  // namespace carebench::sim
