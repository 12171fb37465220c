#include "probes/frame_gatt.h"

#include <algorithm>
#include <utility>

#include "probes/frame_scan.h"
#include "probes/protocol_fields.h"

namespace carebench {
namespace {

// All that a message of laid-out fields has to have is there.
bool is_whole(const MessageSpec& spec, ByteView value) {
  if (value.size() < static_cast<std::size_t>(spec.least)) return false;
  return std::ranges::all_of(spec.fields, [&](const FieldSpec& field) {
    if (field.flag_field < 0) return true;
    const Place place = locate(spec, field, value);
    return place.there || place.left_out;
  });
}

bool told_apart(EventKind kind) { return kind != EventKind::value; }

}  // namespace

GattFrames::GattFrames(const Protocol& protocol, Direction heard)
    : framing_(protocol.framing()), first_(protocol.messages().data()), heard_(heard) {
  for (const MessageSpec& message : protocol.messages()) {
    watches_.emplace_back();
    joinings_.emplace_back();
    const GattCharacteristic* adopted = message.gatt->adopted;
    if (!adopted) continue;
    watches_.back().emplace(*adopted);
    if (adopted->segmentation != Segmentation::none)
      joinings_.back().emplace(Joining{SegmentJoiner(adopted->segmentation)});
  }
}

void GattFrames::take(ByteView event, std::uint64_t seq) {
  event_ = event;
  seq_ = first_seq_ = seq;
  left_ = false;
}

void GattFrames::take(const MessageSpec& spec, ByteView value) {
  event_ = {};
  spec_ = &spec;
  kind_ = EventKind::value;
  frame_ = rest_ = value;
  left_ = true;
}

bool GattFrames::next(Message& message, FrameCounts& counts, std::string_view& last_error) {
  if (!event_.empty()) return begin(message, counts, last_error);
  return left_ && record(message, counts, last_error);
}

bool GattFrames::begin(Message& message, FrameCounts& counts, std::string_view& last_error) {
  const ByteView event = std::exchange(event_, {});
  const Scanned scanned = scan_frame(framing_, event);
  kind_ = scanned.status == Scanned::Status::frame ? static_cast<EventKind>(event[0])
                                                   : EventKind::value;
  if (kind_ == EventKind::advertising) {
    counts.octets -= event.size();
    return false;
  }
  if (scanned.status != Scanned::Status::frame) {
    ++counts.malformed;
    counts.dropped_octets += event.size();
    last_error = scanned.why;
    return false;
  }
  const ByteView value = event.subspan(scanned.data_at);
  spec_ = match_message(framing_, heard_, 0, event, value);
  if (spec_) {
    frame_ = event;
    rest_ = value;
    if (joinings_[index()] && !join(event, value, counts, last_error)) return false;
    left_ = true;
    return record(message, counts, last_error);
  }
  if (kind_ == EventKind::service_data || kind_ == EventKind::manufacturer_data) {
    counts.octets -= event.size();
    return false;
  }
  ++counts.frames;
  ++counts.unknown;
  reading_.clear();
  message.spec = nullptr;
  message.frame = event;
  message.data = value;
  message.reading = &reading_;
  return true;
}

// A gap gives up what came before it.
bool GattFrames::join(ByteView event, ByteView value, FrameCounts& counts,
                      std::string_view& last_error) {
  Joining& joining = *joinings_[index()];
  const SegmentJoiner::Taken taken = joining.joiner.take(value);
  const bool lost = taken == SegmentJoiner::Taken::lost;
  if (lost || joining.joiner.gave_up()) {
    ++counts.malformed;
    counts.dropped_octets += joining.octets + (lost ? event.size() : 0);
    joining.octets = 0;
    last_error = "segments: one of them is missing";
  }
  if (lost) return false;
  if (joining.octets == 0) joining.first_seq = seq_;
  joining.octets += event.size();
  if (taken == SegmentJoiner::Taken::part) return false;
  first_seq_ = joining.first_seq;
  frame_ = rest_ = joining.joiner.joined();
  // The headers of its parts are no octets of the message.
  counts.octets -= joining.octets - frame_.size();
  joining.octets = 0;
  return true;
}

std::size_t GattFrames::pending() const {
  std::size_t octets = 0;
  for (const auto& joining : joinings_) octets += joining ? joining->octets : 0;
  return octets;
}

void GattFrames::reset() {
  event_ = {};
  left_ = false;
  for (auto& joining : joinings_) {
    if (!joining) continue;
    joining->joiner.reset();
    joining->octets = 0;
  }
}

bool GattFrames::record(Message& message, FrameCounts& counts, std::string_view& last_error) {
  left_ = false;
  if (!interpret(rest_)) {
    ++counts.malformed;
    counts.dropped_octets += frame_.size();
    last_error = reading_.refusal();
    return false;
  }
  observe_method();
  const bool several = spec_->gatt->adopted && spec_->gatt->adopted->several;
  const std::size_t before = frame_.size() - rest_.size();
  const std::size_t size =
      several ? std::clamp<std::size_t>(reading_.octets(), std::min<std::size_t>(1, rest_.size()),
                                        rest_.size())
              : rest_.size();
  message.spec = spec_;
  message.frame = frame_.first(before + size);
  message.data = rest_.first(size);
  message.reading = &reading_;
  frame_ = rest_ = rest_.subspan(size);
  left_ = !rest_.empty();
  ++counts.frames;
  for (const ValueFinding* finding : reading_.findings()) {
    ++counts.findings;
    if (finding->severity == ValueFinding::Severity::violation) ++counts.violations;
  }
  return true;
}

bool GattFrames::interpret(ByteView value) {
  const GattBinding& binding = *spec_->gatt;
  if (!binding.adopted) {
    reading_.clear();
    reading_.covers(value.size());
    return is_whole(*spec_, value) ||
           reading_.refuse("truncated: the value ends before its fields do");
  }
  GattOptions options;
  options.direction = spec_->direction;
  options.nordic_cgm_order = binding.nordic_order;
  if (!read_value(*binding.adopted, value, reading_, options)) return false;
  watches_[index()]->observe(reading_);
  return true;
}

void GattFrames::observe_method() {
  if (!told_apart(kind_) || spec_->gatt->advertised()) return;
  const bool right = spec_->gatt->method ==
                     (kind_ == EventKind::indication ? GattMethod::indicate : GattMethod::notify);
  if (!right) reading_.find(findings::wrong_method);
}

}  // namespace carebench
