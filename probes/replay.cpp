#include "probes/replay.h"

#include <cstring>

#include "standards/vocab/text.h"

namespace carebench {

struct ReplayLane::Packet {
  std::uint64_t seq = 0;
  std::uint32_t interface_id = 0;
  Stamp stamp;
  ByteView data;
};

// Walks the packets of up to two interfaces. Evidence::read has checked every block before, so the
// lengths are sound; skipping a foreign packet costs two loads.
struct ReplayLane::Cursor {
  ByteView file;
  std::uint64_t at, end;
  std::uint32_t first, second;
  std::int64_t base;
  bool have = false;
  Packet head;
  // Flushed frames and, after a Connect, what was lost before it were never delivered.
  std::uint64_t frames_from = 0, events_from = 0;

  template <class T>
  T load(std::uint64_t offset) const {
    T value;
    std::memcpy(&value, file.data() + offset, sizeof value);
    return value;
  }

  bool peek() {
    if (have) return true;
    while (at + 12 <= end) {
      const auto size = load<std::uint32_t>(at + 4);
      if (load<std::uint32_t>(at) == 6 && take(size)) {
        at += size;
        return have = true;
      }
      at += size;
    }
    return false;
  }

  bool take(std::uint32_t size) {
    const auto id = load<std::uint32_t>(at + 8);
    if (id != first && id != second) return false;
    const auto ticks =
        std::uint64_t{load<std::uint32_t>(at + 12)} << 32 | load<std::uint32_t>(at + 16);
    const auto length = load<std::uint32_t>(at + 20);
    head.interface_id = id;
    head.stamp = {static_cast<std::int64_t>(ticks) - base};
    head.data = file.subspan(at + 28, length);
    // Our packets end with: [flags], packet id (12 octets), end of options (4), length (4).
    const auto tail = at + size - 20;
    head.seq = load<std::uint64_t>(tail + 4);
    if (first != second && head.seq < (id == first ? frames_from : events_from)) return false;
    const bool flagged =
        load<std::uint16_t>(tail - 8) == 2 && tail - 8 >= at + 28 + ((length + 3) & ~3u);
    return !flagged || (load<std::uint32_t>(tail - 4) & 3) != 2;  // not what went out
  }
};

ReplayLane::ReplayLane(std::shared_ptr<const Evidence> evidence, const AttemptEvidence& attempt,
                       GoLive go_live)
    : evidence_(std::move(evidence)), attempt_(attempt), go_live_(std::move(go_live)) {
  start_stretch(0);
}

ReplayLane::~ReplayLane() = default;

void ReplayLane::start_stretch(std::size_t index) {
  stretch_ = index;
  const auto& stretch = attempt_.stretches[index];
  const auto& layout = evidence_->layout();
  const auto cursor = [&](std::uint32_t first, std::uint32_t second) {
    return std::make_unique<Cursor>(Cursor{evidence_->file(),
                                           stretch.offset,
                                           stretch.end,
                                           first,
                                           second,
                                           evidence_->unix_base_ns(),
                                           false,
                                           {}});
  };
  control_ = cursor(layout.lane(attempt_.lane), layout.lane(attempt_.lane));
  channels_.clear();
  for (std::size_t i = 0; i < layout.channels.size(); ++i)
    channels_.push_back(cursor(layout.octets(i), layout.events(i)));
  now_ = stretch.from;
}

Stamp ReplayLane::now() const { return live_ ? live_->now() : now_; }

const Facts& ReplayLane::facts(ChannelId channel) const {
  static const Facts none;
  const auto& facts = evidence_->opens()[channel].facts;
  return live_ ? live_->facts(channel) : facts ? *facts : none;
}

bool ReplayLane::peek_control() {
  if (!control_->peek()) return false;
  text_ = as_text(pcapng::payload(pcapng::LinkType::wireshark_upper_pdu, control_->head.data));
  return true;
}

tl::unexpected<Error> ReplayLane::diverged(std::string_view asked) const {
  return fail(Errc::diverged, Blame::tool,
              cat("diverged at step ", attempt_.step, ", after packet ",
                  control_->have ? control_->head.seq : evidence_->last_seq(), ": the check asked ",
                  asked, ", the evidence holds ", control_->have ? text_ : "nothing more"));
}

// Nothing more was recorded here: the next stretch, the live bench, or the end.
Result<Outcome> ReplayLane::out_of_evidence(bool may_continue) {
  Outcome gap;
  gap.kind = Outcome::Kind::gap;
  gap.from = now_;
  if (may_continue && stretch_ + 1 < attempt_.stretches.size()) {
    const Stamp from = now_;
    start_stretch(stretch_ + 1);
    gap.from = from;
    gap.stamp = now_;
    gap.seq = attempt_.stretches[stretch_].seq;
    gap.text = "the run was cut off and resumed";
    return gap;
  }
  if (may_continue && go_live_) {
    auto lane = go_live_();
    if (!lane) return tl::unexpected(lane.error());
    live_ = std::move(*lane);
    gap.stamp = live_->now();
    gap.seq = evidence_->last_seq() + 1;
    gap.text = "the run was cut off and resumed";
    return gap;
  }
  return fail(Errc::interrupted, Blame::bench, "the evidence of this attempt ends here");
}

Result<Outcome> ReplayLane::take_outcome(Outcome::Kind kind, std::string text, Stamp from) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.seq = control_->head.seq;
  outcome.stamp = now_ = control_->head.stamp;
  outcome.from = from;
  control_->have = false;
  text_ = std::move(text);
  outcome.text = text_;
  return outcome;
}

// The recorded request must be this one to the letter; then what came of it.
Result<Outcome> ReplayLane::outcome_of(const std::string& request) {
  if (!peek_control()) return out_of_evidence();
  if (text_.starts_with("{\"step_end\"")) {
    if (text_.find("\"interrupted\"") != std::string::npos) return out_of_evidence(false);
    return diverged(request);
  }
  if (text_ != request) return diverged(request);
  const Stamp began = control_->head.stamp;
  control_->have = false;
  if (!peek_control()) return out_of_evidence();
  const auto json = parse_json(text_, "evidence");
  if (!json) return tl::unexpected(json.error());
  if (json->has("failed")) {
    now_ = control_->head.stamp;
    control_->have = false;
    return tl::unexpected(error_from((*json)["failed"]));
  }
  if (json->has("answer"))
    return take_outcome(Outcome::Kind::answered, (*json)["answer"].dump(), began);
  if (json->has("step_end")) return out_of_evidence(false);
  const auto kind = (*json)["outcome"].string();
  for (const auto candidate :
       {Outcome::Kind::done, Outcome::Kind::timed_out, Outcome::Kind::refused, Outcome::Kind::lost})
    if (kind == to_string(candidate)) {
      octets_ = from_hex((*json)["octets"].string()).value_or(Bytes{});
      auto outcome = take_outcome(candidate, (*json)["text"].string(), began);
      outcome->octets = octets_;
      return outcome;
    }
  return diverged(request);
}

Result<Outcome> ReplayLane::perform(ChannelId channel, const Op& op, Duration timeout) {
  if (live_) return live_->perform(channel, op, timeout);
  auto outcome = outcome_of(to_json(op).set("channel", channel).dump());
  if (outcome && !live_) {
    Cursor& cursor = *channels_[channel];
    if (std::holds_alternative<Flush>(op)) cursor.frames_from = outcome->seq;
    if (std::holds_alternative<Connect>(op)) cursor.events_from = outcome->seq;
    const bool frame = cursor.have && cursor.head.interface_id == cursor.first;
    if (cursor.have && cursor.head.seq < (frame ? cursor.frames_from : cursor.events_from))
      cursor.have = false;
  }
  return outcome;
}

Result<Outcome> ReplayLane::next(std::span<const ChannelId> channels, Stamp deadline) {
  if (live_) return live_->next(channels, deadline);
  Cursor* first = nullptr;
  for (const ChannelId id : channels) {
    Cursor& cursor = *channels_[id];
    if (cursor.peek() && (!first || cursor.head.seq < first->head.seq)) first = &cursor;
  }
  const bool control = control_->peek();
  if (first && (!control || first->head.seq < control_->head.seq)) {
    const Packet& packet = first->head;
    const auto& layout = evidence_->layout();
    const bool event = packet.interface_id == first->second;
    const std::size_t channel = (packet.interface_id - layout.octets(0)) / 2;
    const auto payload = pcapng::payload(
        event ? pcapng::LinkType::wireshark_upper_pdu : link_type(layout.channels[channel].octets),
        packet.data);
    Outcome outcome;
    outcome.kind = event ? Outcome::Kind::lost : Outcome::Kind::frame;
    outcome.seq = packet.seq;
    outcome.channel = static_cast<ChannelId>(channel);
    outcome.stamp = now_ = packet.stamp;
    outcome.octets = event ? ByteView{} : payload;
    if (event) {
      const auto json = parse_json(as_text(payload), "evidence");
      text_ = json ? (*json)["lost"].string() : "";
      outcome.text = text_;
    }
    first->have = false;
    return outcome;
  }
  if (!control) return out_of_evidence();
  peek_control();
  if (text_.starts_with("{\"timed_out\"")) return take_outcome(Outcome::Kind::timed_out, {}, now_);
  if (text_.starts_with("{\"failed\"")) {
    const auto json = parse_json(text_, "evidence");
    now_ = control_->head.stamp;
    control_->have = false;
    if (json) return tl::unexpected(error_from((*json)["failed"]));
  }
  if (text_.starts_with("{\"step_end\"") && text_.find("\"interrupted\"") != std::string::npos)
    return out_of_evidence(false);
  return diverged("for what comes in next");
}

Result<Outcome> ReplayLane::sleep_until(Stamp deadline) { return next({}, deadline); }

Result<Outcome> ReplayLane::ask(const Prompt& prompt) {
  if (live_) return live_->ask(prompt);
  return outcome_of(Json::object().set("ask", to_json(prompt)).dump());
}

Result<Outcome> ReplayLane::measure_wake_up() {
  if (live_) return live_->measure_wake_up();
  if (!peek_control()) return out_of_evidence();
  if (!text_.starts_with("{\"wake_up\"")) {
    if (text_.starts_with("{\"step_end\"") && text_.find("\"interrupted\"") != std::string::npos)
      return out_of_evidence(false);
    return diverged("how late the bench wakes up");
  }
  const auto json = parse_json(text_, "evidence");
  if (!json) return tl::unexpected(json.error());
  return take_outcome(Outcome::Kind::answered, (*json)["wake_up"].dump(), now_);
}

Result<void> ReplayLane::finished() {
  if (live_) return {};
  if (!peek_control() || text_.starts_with("{\"step_end\"")) return {};
  return diverged("nothing more");
}

}  // namespace carebench
