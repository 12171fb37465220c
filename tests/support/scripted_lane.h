// A lane without bench, links and clock: what comes in is written down beforehand, and what a check
// asks for is kept. For tests that need one exact packet at one exact time, a gap of the bench, a
// lost link, or millions of frames. Time is the script's; writes may bring further packets.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "profiles/context.h"

namespace carebench::test {

class ScriptedLane final : public Lane {
 public:
  struct Event {
    Outcome::Kind kind = Outcome::Kind::frame;
    Stamp stamp;
    Bytes octets;      // frame
    std::string text;  // lost, gap
    Stamp from;        // gap
    ChannelId channel = 0;
  };
  void frame(Stamp stamp, Bytes octets, ChannelId channel = 0);
  void lost(Stamp stamp, std::string how, ChannelId channel = 0);
  void gap(Stamp from, Stamp until);

  // Called for each operation before its outcome; may add events that lie ahead.
  std::function<Outcome::Kind(ChannelId, const Op&)> on_perform;
  std::function<std::string(ChannelId, const Op&)> on_text;  // what an operation that is done tells
  std::function<std::string(const Prompt&)> on_ask;          // the answer's JSON
  Facts link_facts;
  std::vector<std::string> asked;  // ids of the prompts

  Result<Outcome> perform(ChannelId channel, const Op& op, Duration timeout) override;
  Result<Outcome> next(std::span<const ChannelId> channels, Stamp deadline) override;
  Result<Outcome> sleep_until(Stamp deadline) override { return next({}, deadline); }
  Result<Outcome> ask(const Prompt& prompt) override;
  Result<Outcome> measure_wake_up() override;
  Stamp now() const override { return now_; }
  const Facts& facts(ChannelId) const override { return link_facts; }
  void set_now(Stamp now) { now_ = now; }

 private:
  Outcome outcome(Outcome::Kind kind, Stamp from);
  std::deque<Event> events_;  // in the order of time
  Event current_;
  Stamp now_;
  std::uint64_t seq_ = 0;
};

// One check on a scripted lane: the device in the role `test` is channel 0, `reference` channel 1.
class ScriptedCheck {
 public:
  ScriptedCheck(std::string_view check, std::string_view with, std::string_view protocol,
                std::string_view reference_protocol = "");
  ScriptedLane lane;
  std::string problems;  // of parameters and lint hook
  bool tapped = false;   // channel 1 is a tap on the HCI, in the role `monitor`
  std::map<std::string, std::string, std::less<>> files;

  Result<void> run();
  double number(std::string_view output) const;  // NaN when there is none
  const Measurement* find(std::string_view output) const;
  Context& context() { return *context_; }
  const Protocol& protocol() const { return *protocols_[0]; }
  Bytes encode(std::string_view message, const FieldInputs& inputs) const;

 private:
  std::shared_ptr<const yaml::Document> document_;
  std::vector<std::shared_ptr<const Protocol>> protocols_;
  const Check* check_ = nullptr;
  Params with_;
  std::unique_ptr<Context> context_;
};

}  // namespace carebench::test
