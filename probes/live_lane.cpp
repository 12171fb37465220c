#include "probes/live_lane.h"

#include <algorithm>

#include "probes/evidence.h"
#include "standards/vocab/text.h"

namespace carebench {
LiveLane::LiveLane(Bench& bench, std::size_t index, std::stop_token stop)
    : bench_(bench),
      interface_(bench.recorder_.layout().lane(index)),
      stop_(std::move(stop)),
      now_(bench.clock_.now()),
      wake_on_stop_(stop_, [&bench] {
        const std::lock_guard lock(bench.mutex_);
        bench.arrived_.notify_all();
      }) {}

std::uint64_t LiveLane::mark(const Json& json) {
  now_ = bench_.clock_.now();
  return bench_.recorder_.event(interface_, now_, json);
}

void LiveLane::begin(const Json& json, std::span<const ChannelId> channels) {
  // One lock over both: whatever has a greater seq than the mark is still queued.
  const auto lock = bench_.drop_queued(channels);
  mark(json);
  // What happened to a link before is told again, where a replay of this attempt begins.
  for (const ChannelId id : channels) {
    Bench::Channel& channel = *bench_.channels_[id];
    channel.queue.clear();
    if (channel.lost_how.empty()) continue;
    const auto seq = bench_.recorder_.event(bench_.recorder_.layout().events(id), now_,
                                            Json::object().set("lost", channel.lost_how));
    channel.push({Outcome::Kind::lost, seq, now_, {}, channel.lost_how});
  }
}

tl::unexpected<Error> LiveLane::stopped() const {
  return fail(Errc::interrupted, Blame::bench, "stopped by the user");
}

tl::unexpected<Error> LiveLane::record_failure(const Error& error) {
  mark(Json::object().set("failed", error_json(error)));
  return tl::unexpected(error);
}

Result<Outcome> LiveLane::record_outcome(Outcome::Kind kind, Json json, std::string text,
                                         Stamp from) {
  now_ = bench_.clock_.now();
  current_text_ = std::move(text);
  const auto seq = bench_.recorder_.event(interface_, now_, json);
  Outcome outcome;
  outcome.kind = kind;
  outcome.seq = seq;
  outcome.stamp = now_;
  outcome.text = current_text_;
  outcome.from = from;
  return outcome;
}

Result<Outcome> LiveLane::perform(ChannelId id, const Op& op, Duration timeout) {
  if (stop_.stop_requested()) return stopped();
  Bench::Channel& channel = *bench_.channels_[id];
  const Stamp began = bench_.clock_.now();
  Json request = to_json(op);
  request.set("channel", id);
  const auto request_seq = bench_.recorder_.event(interface_, began, request);
  Link::Performed performed;
  if (std::holds_alternative<Flush>(op)) {
    const auto lock = bench_.drop_queued({&id, 1});
    return record_outcome(Outcome::Kind::done,
                          Json::object().set("outcome", "done").set("of", request_seq), {}, began);
  }
  {
    if (const auto* write = std::get_if<Write>(&op))
      bench_.recorder_.octets(bench_.recorder_.layout().octets(id), began,
                              pcapng::Direction::outbound, write->octets);
    // Writing and reading may overlap; opening and closing may not, unless the link says so.
    const bool reopens =
        std::holds_alternative<Connect>(op) || std::holds_alternative<Disconnect>(op);
    const bool exclusive = reopens && !channel.link->overlaps();
    std::unique_lock<std::mutex> lock(channel.link_mutex, std::defer_lock);
    if (exclusive) lock.lock();
    if (std::holds_alternative<Connect>(op)) {
      const std::lock_guard queue_lock(bench_.mutex_);
      channel.lost_how.clear();
      std::erase_if(channel.queue,
                    [](const auto& item) { return item.kind == Outcome::Kind::lost; });
    }
    auto result = channel.link->perform(op, timeout, stop_);
    if (exclusive) lock.unlock();
    if (reopens) bench_.wake_reader();
    if (!result) {
      if (result.error().code == Errc::interrupted) return tl::unexpected(result.error());
      return record_failure(result.error());
    }
    performed = std::move(*result);
  }
  Json json = Json::object();
  json.set("outcome", to_string(performed.kind)).set("of", request_seq);
  json.set_if("text", performed.text);
  if (!performed.octets.empty()) json.set("octets", to_hex(performed.octets));
  auto outcome = record_outcome(performed.kind, std::move(json), std::move(performed.text), began);
  current_octets_ = std::move(performed.octets);
  outcome->octets = current_octets_;
  return outcome;
}

Bench::Channel* LiveLane::first_arrived(std::span<const ChannelId> channels) {
  Bench::Channel* first = nullptr;
  for (const ChannelId id : channels) {
    Bench::Channel& channel = *bench_.channels_[id];
    if (!channel.queue.empty() && (!first || channel.queue.front().seq < first->queue.front().seq))
      first = &channel;
  }
  return first;
}

Result<Outcome> LiveLane::deliver(Bench::Channel& channel) {
  Bench::Item& item = channel.queue.front();
  if (current_octets_.capacity() > 0 && channel.spare.size() < 64)
    channel.spare.push_back(std::move(current_octets_));
  current_octets_ = std::move(item.octets);
  current_text_ = std::move(item.text);
  Outcome outcome;
  outcome.kind = item.kind;
  outcome.channel = channel.id;
  outcome.seq = item.seq;
  outcome.stamp = now_ = item.stamp;
  outcome.octets = current_octets_;
  outcome.text = current_text_;
  channel.queued_octets -= current_octets_.size();
  channel.queue.pop_front();
  return outcome;
}

void LiveLane::wait(std::unique_lock<std::mutex>& lock, Stamp deadline) {
  if (!bench_.clock_.is_virtual()) {
    const auto left = std::chrono::nanoseconds((deadline - bench_.clock_.now()).ns);
    const auto most = std::chrono::nanoseconds(std::chrono::hours(1));
    if (left.count() > 0) bench_.arrived_.wait_for(lock, std::min(left, most));
    return;
  }
  Stamp due = deadline;
  for (const auto& channel : bench_.channels_)
    if (channel->link) due = std::min(due, channel->link->next_due());
  lock.unlock();
  bench_.clock_.advance_to(due);
  bench_.pump_virtual(bench_.clock_.now());
  lock.lock();
}

Result<Outcome> LiveLane::next(std::span<const ChannelId> channels, Stamp deadline) {
  std::unique_lock lock(bench_.mutex_);
  while (true) {
    if (Bench::Channel* channel = first_arrived(channels)) return deliver(*channel);
    if (stop_.stop_requested()) return stopped();
    for (const ChannelId id : channels)
      if (bench_.channels_[id]->overflowed)
        return record_failure({Errc::not_ready,
                               Blame::bench,
                               "more octets came in than the bench can queue; nothing was read "
                               "from this channel for too long",
                               {},
                               {}});
    // Recorded under the lock: whatever has a smaller seq was delivered before.
    if (bench_.clock_.now() >= deadline)
      return record_outcome(Outcome::Kind::timed_out, Json::object().set("timed_out", true), {},
                            now_);
    wait(lock, deadline);
  }
}

Result<Outcome> LiveLane::sleep_until(Stamp deadline) { return next({}, deadline); }

Result<Outcome> LiveLane::ask(const Prompt& prompt) {
  if (stop_.stop_requested()) return stopped();
  const Stamp asked = bench_.clock_.now();
  bench_.recorder_.event(interface_, asked, Json::object().set("ask", to_json(prompt)));
  if (!bench_.operator_)
    return record_failure({Errc::not_ready,
                           Blame::bench,
                           cat("nobody can answer the prompt \"", prompt.id,
                               "\": run on a terminal or give --answers FILE"),
                           {},
                           {}});
  auto answer = bench_.operator_->ask(prompt, stop_);
  if (!answer) {
    if (answer.error().code == Errc::interrupted) return tl::unexpected(answer.error());
    return record_failure(answer.error());
  }
  return record_outcome(Outcome::Kind::answered, Json::object().set("answer", *answer),
                        answer->dump(), asked);
}

Result<Outcome> LiveLane::measure_wake_up() {
  constexpr int rounds = 101;
  std::vector<Nanoseconds> late(rounds, 0);
  if (!bench_.clock_.is_virtual()) {
    for (auto& delay : late) {
      if (stop_.stop_requested()) return stopped();
      const Stamp planned = bench_.clock_.now() + microseconds(500);
      std::unique_lock lock(bench_.mutex_);
      while (bench_.clock_.now() < planned)
        bench_.arrived_.wait_for(lock,
                                 std::chrono::nanoseconds((planned - bench_.clock_.now()).ns));
      delay = (bench_.clock_.now() - planned).ns;
    }
    std::sort(late.begin(), late.end());
  }
  const Json noise = Json::object()
                         .set("n", rounds)
                         .set("p50_ns", late[rounds / 2])
                         .set("p95_ns", late[rounds * 95 / 100])
                         .set("max_ns", late[rounds - 1]);
  return record_outcome(Outcome::Kind::answered, Json::object().set("wake_up", noise), noise.dump(),
                        now_);
}

}  // namespace carebench
