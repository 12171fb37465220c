#include "probes/sim/receiver.h"

#include <algorithm>

#include "probes/modbus/framing.h"

namespace carebench::sim {
namespace {

constexpr std::size_t longest_rtu = 256;
constexpr std::size_t longest_line = 512;

// Modbus: 3.5 characters, 1.75 ms above 19200 baud; others: what a patient parser waits.
Duration pause_of(const VirtualDevice& device) {
  if (!device.is_modbus()) return milliseconds(200);
  if (device.baud <= 0 || device.baud > 19200) return microseconds(1750);
  return nanoseconds(Nanoseconds{35} * 11 * 100'000'000 / device.baud);
}

}  // namespace

Receiver::Receiver(const VirtualDevice& device, Duration least_pause)
    : device_(device), pause_(std::max(pause_of(device), least_pause)) {
  if (device.protocol && !device.is_modbus())
    reader_.emplace(*device.protocol, Direction::to_device);
  for (const Responder& responder : device.parts.responders) {
    wants_lines_ = wants_lines_ || responder.on.kind == Trigger::Kind::line;
    longest_pattern_ = std::max(longest_pattern_, responder.on.pattern.size());
  }
}

void Receiver::feed(Stamp now, ByteView octets) {
  pause_ends_ = now + pause_;
  if (device_.is_modbus() && frame_.size() <= longest_rtu)
    frame_.insert(frame_.end(), octets.begin(), octets.end());
  if (reader_) reader_->feed(octets, now, 0);
  if (!wants_lines_ && longest_pattern_ == 0) return;
  for (const std::uint8_t octet : octets) {
    if (wants_lines_) scan_text(octet);
    if (longest_pattern_ > 0) scan_patterns(octet);
  }
}

bool Receiver::next_message(Message& message) {
  const bool found = reader_ && reader_->next(message);
  if (reader_) {
    const FrameCounts& counts = reader_->counts();
    const std::uint64_t wrong = counts.checksum_errors + counts.malformed;
    wrong_ += wrong - wrong_seen_;
    wrong_seen_ = wrong;
  }
  return found;
}

std::optional<ByteView> Receiver::whole_frame() const {
  if (frame_.size() < 4 || frame_.size() > longest_rtu) return std::nullopt;
  const std::size_t end = frame_.size() - 2;
  const auto sent = static_cast<std::uint16_t>(frame_[end] | frame_[end + 1] << 8);
  if (modbus_crc(ByteView(frame_).first(end)) != sent) return std::nullopt;
  return ByteView(frame_);
}

// CR, LF and CR LF end a line; octets that are no text are no part of a console's input.
void Receiver::scan_text(std::uint8_t octet) {
  const bool line_feed_of_pair = octet == '\n' && after_return_;
  after_return_ = octet == '\r';
  if (line_feed_of_pair) return;
  if (octet == '\r' || octet == '\n') {
    lines_.push_back(std::exchange(line_, {}));
  } else if (octet >= 0x80 || (octet < 0x20 && octet != '\t') || line_.size() >= longest_line) {
    line_.clear();
  } else {
    line_ += static_cast<char>(octet);
  }
}

bool Receiver::next_line(std::string& line) {
  if (lines_.empty()) return false;
  line = std::move(lines_.front());
  lines_.erase(lines_.begin());
  return true;
}

void Receiver::scan_patterns(std::uint8_t octet) {
  recent_.push_back(octet);
  if (recent_.size() > longest_pattern_) recent_.erase(recent_.begin());
  const auto& responders = device_.parts.responders;
  for (std::size_t i = 0; i < responders.size(); ++i) {
    const auto& pattern = responders[i].on.pattern;
    if (pattern.empty() || pattern.size() > recent_.size()) continue;
    const bool match = std::equal(
        pattern.rbegin(), pattern.rend(), recent_.rbegin(),
        [](std::uint16_t wanted, std::uint8_t got) { return wanted == 0x100 || wanted == got; });
    if (match) matched_.push_back(i);
  }
}

bool Receiver::next_pattern(std::size_t& responder) {
  if (matched_.empty()) return false;
  responder = matched_.front();
  matched_.erase(matched_.begin());
  return true;
}

void Receiver::paused() {
  pause_ends_ = never;
  if (!frame_.empty()) ++wrong_;
  frame_.clear();
  recent_.clear();
  if (!reader_) return;
  if (reader_->pending() > 0) ++wrong_;
  reader_->reset();
}

std::uint64_t Receiver::take_malformed() { return std::exchange(wrong_, 0); }

void Receiver::reset() {
  paused();
  wrong_ = 0;
  line_.clear();
  lines_.clear();
  matched_.clear();
}

}  // namespace carebench::sim
