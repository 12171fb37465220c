#include "profiles/run/world.h"

#include "probes/live_lane.h"
#include "probes/replay.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

tl::unexpected<Error> no_such_attempt() {
  return fail(Errc::not_found, Blame::bench, "the run ended before this step");
}

class ReplayWorld final : public World {
 public:
  explicit ReplayWorld(std::shared_ptr<const Evidence> evidence) : evidence_(std::move(evidence)) {}

  Result<std::unique_ptr<Lane>> begin(const AttemptKey& key, std::size_t,
                                      const std::vector<ChannelId>&, bool) override {
    const auto* attempt = evidence_->find(key.step, key.sample, key.number);
    if (!attempt) return no_such_attempt();
    return std::make_unique<ReplayLane>(evidence_, *attempt);
  }

  Result<void> end(Lane& lane, const AttemptKey&, std::string_view) override {
    return static_cast<ReplayLane&>(lane).finished();
  }

  bool is_live(const Lane&) const override { return false; }
  const std::vector<OpenEvidence>& opens(const std::string& step,
                                         const std::string& sample) const override {
    const auto* attempt = evidence_->find(step, sample, 1);
    return attempt ? evidence_->opens_at(attempt->stretches.front().seq) : evidence_->opens();
  }
  bool parallel() const override { return false; }

 private:
  std::shared_ptr<const Evidence> evidence_;
};

class LiveWorld final : public World {
 public:
  LiveWorld(Bench& bench, Recorder& recorder, std::vector<OpenEvidence> opens,
            std::shared_ptr<const Evidence> before, bool virtual_time, std::stop_token stop)
      : bench_(bench),
        recorder_(recorder),
        opens_(std::move(opens)),
        before_(std::move(before)),
        virtual_time_(virtual_time),
        stop_(std::move(stop)) {}

  Result<std::unique_ptr<Lane>> begin(const AttemptKey& key, std::size_t lane,
                                      const std::vector<ChannelId>& channels,
                                      bool resumable) override {
    if (const auto* attempt = before_ ? before_->find(key.step, key.sample, key.number) : nullptr) {
      ReplayLane::GoLive go_live;
      if (!attempt->ended && resumable)
        go_live = [this, key, lane, channels]() -> Result<std::unique_ptr<Lane>> {
          for (const ChannelId channel : channels)
            if (opens_[channel].failed) return tl::unexpected(*opens_[channel].failed);
          return start(Json::object().set("continue", key.step), lane, channels, false);
        };
      return std::make_unique<ReplayLane>(before_, *attempt, std::move(go_live));
    }
    // Safe actions run on every way out, a stop by the user included.
    const bool safe = key.step == "safe";
    if (stop_.stop_requested() && !safe) return no_such_attempt();
    if (auto status = recorder_.status(); !status && !safe) return tl::unexpected(status.error());
    for (const ChannelId channel : channels)
      if (opens_[channel].failed) return tl::unexpected(*opens_[channel].failed);
    Json json = Json::object();
    json.set("step", key.step).set("sample", key.sample).set("attempt", key.number);
    return start(json, lane, channels, safe);
  }

  Result<void> end(Lane& lane, const AttemptKey& key, std::string_view state) override {
    LiveLane* live = nullptr;
    if (auto* replay = dynamic_cast<ReplayLane*>(&lane)) {
      if (!replay->live()) return replay->finished();
      live = static_cast<LiveLane*>(replay->live_lane());
    } else {
      live = static_cast<LiveLane*>(&lane);
    }
    live->mark(Json::object().set("step_end", key.step).set("state", state));
    return recorder_.acknowledge();
  }

  bool is_live(const Lane& lane) const override {
    const auto* replay = dynamic_cast<const ReplayLane*>(&lane);
    return !replay || replay->live();
  }
  const std::vector<OpenEvidence>& opens(const std::string& step,
                                         const std::string& sample) const override {
    const auto* attempt = before_ ? before_->find(step, sample, 1) : nullptr;
    return attempt ? before_->opens_at(attempt->stretches.front().seq) : opens_;
  }
  bool parallel() const override { return !virtual_time_; }

 private:
  Result<std::unique_ptr<Lane>> start(const Json& json, std::size_t index,
                                      const std::vector<ChannelId>& channels, bool unstoppable) {
    auto lane = bench_.lane(index, unstoppable ? std::stop_token{} : stop_);
    lane->begin(json, channels);
    return std::unique_ptr<Lane>(std::move(lane));
  }

  Bench& bench_;
  Recorder& recorder_;
  std::vector<OpenEvidence> opens_;
  std::shared_ptr<const Evidence> before_;
  bool virtual_time_;
  std::stop_token stop_;
};

}  // namespace

std::unique_ptr<World> replay_world(std::shared_ptr<const Evidence> evidence) {
  return std::make_unique<ReplayWorld>(std::move(evidence));
}

std::unique_ptr<World> live_world(Bench& bench, Recorder& recorder, std::vector<OpenEvidence> opens,
                                  std::shared_ptr<const Evidence> before, bool virtual_time,
                                  std::stop_token stop) {
  return std::make_unique<LiveWorld>(bench, recorder, std::move(opens), std::move(before),
                                     virtual_time, std::move(stop));
}

}  // namespace carebench
