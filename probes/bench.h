// The live side: channels, the one reader thread that polls them all, and the lanes that steps run
// on. The reader stamps before it lets a link read, records, queues, and never waits for a step.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "probes/lane.h"
#include "probes/link_driver.h"
#include "probes/operator.h"
#include "probes/recorder.h"

namespace carebench {

class LiveLane;  // live_lane.h

class Bench {
 public:
  // `op` may be null (no operator). Nothing is opened yet.
  Bench(Recorder& recorder, Clock& clock, Operator* op);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // Opens channel `id` of the recorder's layout and records its facts, or why it could not be
  // opened.
  Result<void> open(ChannelId id, const Address& address);
  const Facts& facts(ChannelId id) const { return channels_[id]->facts; }

  // A lane whose requests and outcomes are recorded as lane `index` of the layout. Stopping `stop`
  // ends its waits with Errc::interrupted.
  std::unique_ptr<LiveLane> lane(std::size_t index, std::stop_token stop);
  void close_all();

 private:
  friend class LiveLane;
  struct Item {
    Outcome::Kind kind;
    std::uint64_t seq;
    Stamp stamp;
    Bytes octets;
    std::string text;
  };
  struct Channel final : Ingest {
    Channel(Bench& owner, ChannelId number) : bench(owner), id(number) {}
    void frame(Stamp stamp, ByteView octets) override;
    void lost(Stamp stamp, std::string_view how) override;
    void push(Item item);

    Bench& bench;
    ChannelId id;
    std::unique_ptr<Link> link;
    Facts facts;
    int watched_fd = -1;       // the reader's own
    std::mutex link_mutex;     // the reader pumps, or a step connects and disconnects
    std::deque<Item> queue;    // guarded by bench.mutex_, like all below
    std::vector<Bytes> spare;  // octet buffers used again
    std::size_t queued_octets = 0;
    bool overflowed = false;
    std::string lost_how;  // the link is lost and was not connected again; how
  };

  void read_loop(std::stop_token stop);
  int make_watch();
  void wake_reader();
  void pump_virtual(Stamp until);
  // Drops the frames queued on the channels so far; that a link was lost stays. Nothing is queued
  // until the lock is let go.
  std::unique_lock<std::mutex> drop_queued(std::span<const ChannelId> channels);

  Recorder& recorder_;
  Clock& clock_;
  Operator* operator_;
  int wake_fd_ = -1;
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::jthread reader_;
};

}  // namespace carebench
