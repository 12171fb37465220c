#include "probes/bench.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

#include "probes/evidence.h"
#include "probes/links/wait.h"
#include "probes/live_lane.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

// What may wait unread on one channel before a step asks for it: hours of a busy serial line.
constexpr std::size_t most_queued_octets = 256u * 1024 * 1024;

constexpr std::uint32_t no_channel = 0xFFFF'FFFF;

}  // namespace

Bench::Bench(Recorder& recorder, Clock& clock, Operator* op)
    : recorder_(recorder),
      clock_(clock),
      operator_(op),
      wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (ChannelId id = 0; id < recorder.layout().channels.size(); ++id)
    channels_.push_back(std::make_unique<Channel>(*this, id));
  if (!clock_.is_virtual())
    reader_ = std::jthread([this](std::stop_token stop) { read_loop(stop); });
}

Bench::~Bench() {
  if (reader_.joinable()) {
    reader_.request_stop();
    wake_reader();
    reader_.join();
  }
  close_all();
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

Result<void> Bench::open(ChannelId id, const Address& address) {
  Channel& channel = *channels_[id];
  const auto& name = recorder_.layout().channels[id].name;
  auto link = open_link(address, clock_);
  Json json = Json::object().set("open", name).set("channel", id);
  if (!link) {
    recorder_.event(EvidenceLayout::run, clock_.now(),
                    json.set("failed", error_json(link.error())));
    return tl::unexpected(link.error());
  }
  {
    const std::lock_guard lock(channel.link_mutex);
    channel.link = std::move(*link);
    channel.facts = channel.link->facts();
  }
  recorder_.event(EvidenceLayout::run, clock_.now(), json.set("facts", to_json(channel.facts)));
  wake_reader();
  return {};
}

std::unique_ptr<LiveLane> Bench::lane(std::size_t index, std::stop_token stop) {
  return std::make_unique<LiveLane>(*this, index, std::move(stop));
}

std::unique_lock<std::mutex> Bench::drop_queued(std::span<const ChannelId> channels) {
  if (clock_.is_virtual()) pump_virtual(clock_.now());
  std::unique_lock lock(mutex_);
  for (const ChannelId id : channels) {
    std::erase_if(channels_[id]->queue,
                  [](const Item& item) { return item.kind == Outcome::Kind::frame; });
    channels_[id]->queued_octets = 0;
    channels_[id]->overflowed = false;
  }
  return lock;
}

void Bench::close_all() {
  for (auto& channel : channels_) {
    const std::lock_guard lock(channel->link_mutex);
    if (channel->link) channel->link->close();
  }
}

void Bench::wake_reader() {
  const std::uint64_t one = 1;
  (void)!::write(wake_fd_, &one, sizeof one);
}

void Bench::Channel::push(Item item) {
  if (queued_octets + item.octets.size() > most_queued_octets) {
    overflowed = true;
    return;
  }
  queued_octets += item.octets.size();
  queue.push_back(std::move(item));
}

void Bench::Channel::frame(Stamp stamp, ByteView octets) {
  const std::lock_guard lock(bench.mutex_);
  const auto& layout = bench.recorder_.layout();
  const auto seq =
      bench.recorder_.octets(layout.octets(id), stamp, pcapng::Direction::inbound, octets);
  Bytes buffer;
  if (!spare.empty()) {
    buffer = std::move(spare.back());
    spare.pop_back();
  }
  buffer.assign(octets.begin(), octets.end());
  push({Outcome::Kind::frame, seq, stamp, std::move(buffer), {}});
}

void Bench::Channel::lost(Stamp stamp, std::string_view how) {
  const std::lock_guard lock(bench.mutex_);
  const auto seq = bench.recorder_.event(bench.recorder_.layout().events(id), stamp,
                                         Json::object().set("lost", how));
  lost_how = how;
  push({Outcome::Kind::lost, seq, stamp, {}, std::string(how)});
}

// The descriptors that are open now, level-triggered; data.u32 is the channel, `no_channel` the
// wake-up.
int Bench::make_watch() {
  const int watch = epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = no_channel;
  (void)epoll_ctl(watch, EPOLL_CTL_ADD, wake_fd_, &event);
  for (auto& channel : channels_) {
    const std::lock_guard lock(channel->link_mutex);
    channel->watched_fd = channel->link ? channel->link->wait_fd() : -1;
    if (channel->watched_fd < 0) continue;
    event.data.u32 = channel->id;
    (void)epoll_ctl(watch, EPOLL_CTL_ADD, channel->watched_fd, &event);
  }
  return watch;
}

void Bench::read_loop(std::stop_token stop) {
  links::ask_for_real_time();
  std::array<epoll_event, 64> events;
  int watch = make_watch();
  while (!stop.stop_requested()) {
    const int n = epoll_wait(watch, events.data(), static_cast<int>(events.size()), -1);
    const Stamp now = clock_.now();
    bool changed = false;  // a link was opened, closed or lost
    for (int i = 0; i < n; ++i) {
      if (events[static_cast<std::size_t>(i)].data.u32 == no_channel) {
        std::uint64_t drained = 0;
        (void)!::read(wake_fd_, &drained, sizeof drained);
        changed = true;
        continue;
      }
      Channel& channel = *channels_[events[static_cast<std::size_t>(i)].data.u32];
      const std::lock_guard lock(channel.link_mutex);
      if (channel.link->wait_fd() == channel.watched_fd) channel.link->pump(now, channel);
      changed |= channel.link->wait_fd() != channel.watched_fd;
    }
    arrived_.notify_all();  // once for all that came together
    if (changed) {
      ::close(watch);
      watch = make_watch();
    }
  }
  ::close(watch);
}

void Bench::pump_virtual(Stamp until) {
  for (auto& channel : channels_)
    if (channel->link && channel->link->next_due() <= until) channel->link->pump(until, *channel);
}

}  // namespace carebench
