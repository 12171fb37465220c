// A lane that drives real or virtual links and records every request and outcome. Private to bench.
#pragma once

#include <functional>

#include "probes/bench.h"

namespace carebench {

class LiveLane final : public Lane {
 public:
  LiveLane(Bench& bench, std::size_t index, std::stop_token stop);

  Result<Outcome> perform(ChannelId channel, const Op& op, Duration timeout) override;
  Result<Outcome> next(std::span<const ChannelId> channels, Stamp deadline) override;
  Result<Outcome> sleep_until(Stamp deadline) override;
  Result<Outcome> ask(const Prompt& prompt) override;
  Result<Outcome> measure_wake_up() override;
  Stamp now() const override { return now_; }
  const Facts& facts(ChannelId channel) const override { return bench_.facts(channel); }

  // A record of the runner's own on this lane (a step ends); sets now().
  std::uint64_t mark(const Json& json);
  // A record that begins an attempt, and drops what was queued on its channels before.
  void begin(const Json& json, std::span<const ChannelId> channels);

 private:
  Result<Outcome> deliver(Bench::Channel& channel);
  Result<Outcome> record_outcome(Outcome::Kind kind, Json json, std::string text, Stamp from);
  tl::unexpected<Error> record_failure(const Error& error);
  // Waits for an arrival on `channels` (none: just time) until the deadline.
  void wait(std::unique_lock<std::mutex>& lock, Stamp deadline);
  Bench::Channel* first_arrived(std::span<const ChannelId> channels);
  tl::unexpected<Error> stopped() const;

  Bench& bench_;
  std::uint32_t interface_;
  std::stop_token stop_;
  Stamp now_;
  Bytes current_octets_;
  std::string current_text_;
  std::stop_callback<std::function<void()>> wake_on_stop_;
};

}  // namespace carebench
