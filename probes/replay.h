// A lane that feeds an attempt's outcomes from the evidence, in their order, and compares every
// request with the one recorded. A request that the evidence does not hold is Errc::diverged.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "probes/evidence.h"
#include "probes/lane.h"

namespace carebench {

class ReplayLane final : public Lane {
 public:
  // Where the attempt's evidence ends without a step_end, `go_live` (may be empty) is asked for a
  // lane to go on with; the step sees a gap. Without it the attempt ends as interrupted.
  using GoLive = std::function<Result<std::unique_ptr<Lane>>()>;
  ReplayLane(std::shared_ptr<const Evidence> evidence, const AttemptEvidence& attempt,
             GoLive go_live = {});
  ~ReplayLane() override;

  Result<Outcome> perform(ChannelId channel, const Op& op, Duration timeout) override;
  Result<Outcome> next(std::span<const ChannelId> channels, Stamp deadline) override;
  Result<Outcome> sleep_until(Stamp deadline) override;
  Result<Outcome> ask(const Prompt& prompt) override;
  Result<Outcome> measure_wake_up() override;
  Stamp now() const override;
  const Facts& facts(ChannelId channel) const override;

  // True once the attempt went on live.
  bool live() const { return live_ != nullptr; }
  // The lane that goes on, once live() (the runner writes its step_end there).
  Lane* live_lane() { return live_.get(); }
  // All that the attempt recorded was asked for; what is left over says how it diverged.
  Result<void> finished();

 private:
  struct Packet;
  struct Cursor;
  bool peek_control();
  Result<Outcome> out_of_evidence(bool may_continue = true);
  Result<Outcome> outcome_of(const std::string& request);
  Result<Outcome> take_outcome(Outcome::Kind kind, std::string text, Stamp from);
  tl::unexpected<Error> diverged(std::string_view asked) const;
  void start_stretch(std::size_t index);

  std::shared_ptr<const Evidence> evidence_;
  const AttemptEvidence& attempt_;
  GoLive go_live_;
  std::unique_ptr<Lane> live_;
  std::size_t stretch_ = 0;
  std::unique_ptr<Cursor> control_;
  std::vector<std::unique_ptr<Cursor>> channels_;
  Stamp now_;
  std::string text_;
  Bytes octets_;
};

}  // namespace carebench
