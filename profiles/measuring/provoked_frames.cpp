// A device that speaks frames, under malformed frames.
#include <algorithm>

#include "probes/protocol_spec.h"
#include "profiles/measuring/console_signs.h"
#include "profiles/measuring/identity.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/malformed_frames.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/provoked.h"

namespace carebench {
namespace {

class FrameSpeaker final : public Provoked {
 public:
  FrameSpeaker(Context& context, Port& port)
      : context_(context), port_(port), stream_(port), unframed_(port.protocol()) {}

  Result<void> prepare() {
    const Params& with = context_.with();
    const Protocol& protocol = *port_.protocol();
    answer_time_ = with.duration("answer_time");
    heartbeat_ = with.has("heartbeat") ? protocol.message(with.text("heartbeat")) : nullptr;
    boot_ = with.has("boot_message") ? protocol.message(with.text("boot_message")) : nullptr;
    if (with.has("uptime")) {
      const auto field = heard_field(&protocol, with.text("uptime"));
      if (!field) return tl::unexpected(field.error());
      uptime_ = *field;
      uptime_watch_ = UptimeWatch(seconds_per_unit(uptime_.field->unit));
    }
    auto frame = sound_frame(protocol);
    if (!frame) return tl::unexpected(frame.error());
    cases_ = malformed_frames(protocol, *frame, static_cast<std::uint64_t>(with.integer("seed")));
    if (with.has("ask")) question_ = std::move(*frame);
    if (question_.empty()) return {};
    // Does the answer come unasked as well?
    const auto before = answers_;
    if (auto done = watch(std::max(seconds(3), Duration{3 * answer_time_.ns})); !done) return done;
    tells_answers_ = answers_ == before;
    return {};
  }

  std::vector<std::string_view> cases() const override {
    std::vector<std::string_view> list;
    for (const MalformedFrame& one : cases_) list.push_back(one.name);
    return list;
  }
  std::int64_t restarts() const override { return restarts_; }
  bool tells_answers() const override { return tells_answers_; }

  Result<Reaction> provoke(std::size_t index) override {
    Reaction reaction;
    provoked_ = true;
    const auto before = answers_;
    const auto written = port_.write(cases_[index].octets);
    if (!written) return tl::unexpected(written.error());
    reaction.evidence.extend(written->seq);
    reaction.lost = written->kind == Outcome::Kind::lost;
    if (reaction.lost) return reaction;
    const auto heard = hear(port_.now() + answer_time_, false);
    if (!heard) return tl::unexpected(heard.error());
    widen(reaction.evidence, heard->evidence);
    reaction.lost = heard->lost;
    reaction.answered = cases_[index].unsound && tells_answers_ && answers_ > before;
    return reaction;
  }

  Result<Life> wait_for_life(Duration patience) override {
    const Stamp begin = port_.now(), end = begin + patience;
    const Duration between = {std::max(patience.ns / 4, milliseconds(200).ns)};
    Life life;
    std::int64_t asked = 0;
    const auto before = answers_;
    while (!life.alive && !life.lost && port_.now() < end) {
      if (!question_.empty()) {
        const auto written = port_.write(question_);
        if (!written) return tl::unexpected(written.error());
        life.evidence.extend(written->seq);
        if (written->kind == Outcome::Kind::lost) {
          life.lost = true;
          break;
        }
        ++asked;
      }
      const auto heard = hear(question_.empty() ? end : std::min(end, port_.now() + between), true);
      if (!heard) return tl::unexpected(heard.error());
      life.alive = heard->alive;
      life.lost = heard->lost;
      widen(life.evidence, heard->evidence);
    }
    life.after = port_.now() - begin;
    // Answers still under way must not be taken for answers to what comes next.
    if (life.alive && answers_ - before < asked)
      if (auto done = watch(Duration{2 * between.ns}); !done) return tl::unexpected(done.error());
    return life;
  }

  Result<void> watch(Duration time) override {
    const auto heard = hear(port_.now() + time, false);
    if (!heard) return tl::unexpected(heard.error());
    return {};
  }

 private:
  // The question, or else the first message that the device takes.
  Result<Bytes> sound_frame(const Protocol& protocol) const {
    const Params& with = context_.with();
    if (with.has("ask"))
      return protocol.encode(with.text("ask"), field_inputs(with.tree("ask_fields")));
    for (const Direction wanted : {Direction::to_device, Direction::either, Direction::from_device})
      for (const MessageSpec& message : protocol.messages())
        if (message.direction == wanted)
          if (auto frame = protocol.encode(message.id, {})) return frame;
    return fail(
        Errc::bad_input, Blame::profile,
        "no message of the protocol can be made without fields: give `ask` and `ask_fields`");
  }

  // Takes in what comes; with `first` it ends at the first sign of life.
  Result<Life> hear(Stamp end, bool first) {
    Life life;
    while (port_.now() < end && !(first && life.alive)) {
      const auto outcome = port_.next(end);
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::gap) return cut_off();
      life.evidence.extend(outcome->seq);
      if (outcome->kind == Outcome::Kind::lost) {
        life.lost = true;
        break;
      }
      if (outcome->kind != Outcome::Kind::frame) continue;
      stream_.feed(*outcome);
      for (Message message; stream_.take(message);) life.alive |= is_life(message);
      unframed_.feed(outcome->octets);
      for (const ConsoleFind& find : find_console_signs(unframed_.take(false)))
        if (find.sign == ConsoleSign::boot_banner) restarted();
    }
    return life;
  }

  bool is_life(const Message& message) {
    if (boot_ && message.spec == boot_) restarted();
    if (uptime_ && message.spec == uptime_.message) {
      const FieldValue value = message.value(uptime_);
      if (value.kind == FieldValue::Kind::number &&
          uptime_watch_.restarted(value.number, message.stamp))
        restarted();
    }
    const bool life = !heartbeat_ || message.spec == heartbeat_;
    if (life) ++answers_;
    return life;
  }

  // Several signs of one start are one restart.
  void restarted() {
    if (!provoked_) return;
    if (restarts_ > 0 && port_.now() - last_restart_ < seconds(2)) return;
    ++restarts_;
    last_restart_ = port_.now();
  }

  Context& context_;
  Port& port_;
  MessageStream stream_;
  UnframedText unframed_;
  Duration answer_time_;
  const MessageSpec* heartbeat_ = nullptr;
  const MessageSpec* boot_ = nullptr;
  FieldHandle uptime_;
  UptimeWatch uptime_watch_;
  Bytes question_;
  std::vector<MalformedFrame> cases_;
  std::int64_t answers_ = 0, restarts_ = 0;
  Stamp last_restart_;
  bool tells_answers_ = false;
  bool provoked_ = false;  // a device that was just switched on did not restart
};

}  // namespace

Result<std::unique_ptr<Provoked>> provoked_by_frames(Context& context, Port& port) {
  auto device = std::make_unique<FrameSpeaker>(context, port);
  if (auto done = device->prepare(); !done) return tl::unexpected(done.error());
  return device;
}

}  // namespace carebench
