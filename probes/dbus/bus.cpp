#include "probes/dbus/bus.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "standards/vocab/text.h"

namespace carebench::dbus {
namespace {

// What may wait to be taken away: events, and the values in all of them together.
constexpr std::size_t most_events = 65536;
constexpr int most_queued_values = 8'000'000;
constexpr std::size_t most_incoming = 64;
constexpr Duration errand_time = seconds(10);

void signal_fd(int fd) {
  const std::uint64_t one = 1;
  (void)!::write(fd, &one, sizeof one);
}

void drain(int fd) {
  std::uint64_t count = 0;
  (void)!::read(fd, &count, sizeof count);
}

// Who was asked is gone, bluetoothd or the bus: we set no time-out that could give NoReply, too.
bool means_lost(const Answer& answer) {
  constexpr std::string_view endings[] = {"DBus.Error.NoReply", "DBus.Error.Disconnected",
                                          "Error.ECONNRESET", "Error.ENOTCONN", "Error.EPIPE"};
  return answer.kind == Answer::Kind::refused &&
         std::ranges::any_of(endings, [&](auto end) { return answer.error.ends_with(end); });
}

}  // namespace

struct Bus::Pending {
  explicit Pending(std::uint64_t number = 0) : id(number) {}
  const std::uint64_t id;
  bool answered = false;  // guarded by the bus's mutex, as is …
  Answer answer;          // … this
};

struct Bus::Impl final : Connection::Listener {
  explicit Impl(const Clock& bench_clock)
      : clock(bench_clock),
        wake_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        event_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Impl() override {
    loop.request_stop();
    signal_fd(wake_fd.get());
    if (loop.joinable()) loop.join();
  }

  const Clock& clock;
  const Descriptor wake_fd, event_fd;
  mutable std::mutex mutex;
  mutable std::condition_variable_any changed;
  std::deque<std::function<void()>> errands;  // for the loop
  std::deque<Event> events;
  int queued_values = 0;
  bool overflowed = false, lost = false;
  std::string lost_how;
  std::uint64_t next_id = 1;
  std::deque<Incoming> incoming;

  std::unique_ptr<Connection> connection;          // the loop's own from its start on, as are …
  std::string owner;                               // … bluetoothd's unique name …
  std::map<std::uint64_t, PendingCall> under_way;  // … these …
  std::vector<std::pair<Event, int>> gathered;     // … and what is to be handed over
  std::jthread loop;                               // last: ends before the rest goes

  void run(const std::stop_token& stop) {
    links::ask_for_real_time();
    while (!stop.stop_requested()) {
      do_errands();
      if (std::string how = connection->process(); !how.empty()) return end_of_bus(how);
      hand_over();
      connection->wait(wake_fd.get());
    }
  }

  void do_errands() {
    std::deque<std::function<void()>> todo;
    {
      const std::lock_guard lock(mutex);
      drain(wake_fd.get());
      todo.swap(errands);
    }
    for (const auto& errand : todo) errand();
  }

  void end_of_bus(const std::string& how) {
    const std::string said = cat("the D-Bus daemon has ended (", how, ")");
    {
      const std::lock_guard lock(mutex);
      lost = true;
      lost_how = said;
    }
    do_errands();
    for (const auto& [id, call] : std::exchange(under_way, {}))
      answer(call, {Answer::Kind::lost, {}, {}, said});
    push({Event::Kind::lost, clock.now(), {}, said, {}, 0}, 1);
    hand_over();
  }

  // False: nobody does it any more.
  bool post(std::function<void()> errand) {
    {
      const std::lock_guard lock(mutex);
      if (lost) return false;
      errands.push_back(std::move(errand));
    }
    signal_fd(wake_fd.get());
    return true;
  }

  void answer(const PendingCall& call, Answer with) {
    const std::lock_guard lock(mutex);
    call->answer = std::move(with);
    call->answered = true;
    changed.notify_all();
  }

  // Something to be done by the loop, and what came of it.
  Answer errand(std::function<Answer()> work) {
    const auto done = std::make_shared<Pending>();
    if (!post([this, done, work = std::move(work)] { answer(done, work()); }))
      return {Answer::Kind::lost, {}, {}, lost_how};
    std::unique_lock lock(mutex);
    const auto time = std::chrono::nanoseconds(errand_time.ns);
    if (!changed.wait_for(lock, time, [&] { return done->answered || lost; }) || !done->answered)
      return {Answer::Kind::timed_out};
    return done->answer;
  }

  void send(const PendingCall& pending, const Call& call, std::uint64_t mark) {
    const bool owner_asked = call.method == "GetNameOwner";
    under_way.emplace(pending->id, pending);
    connection->send(pending->id, call, [this, pending, mark, owner_asked](Answer with) {
      if (owner_asked && with.done()) owner = with.values[0].text();
      if (means_lost(with)) with.kind = Answer::Kind::lost;
      close(pending, std::move(with), mark);
    });
  }

  void close(const PendingCall& pending, Answer with, std::uint64_t mark) {
    if (under_way.erase(pending->id) == 0) return;
    Values values = mark ? with.values : Values();
    answer(pending, std::move(with));
    if (mark) push({Event::Kind::answered, clock.now(), {}, {}, std::move(values), mark}, 1);
  }

  void push(Event event, int count) { gathered.emplace_back(std::move(event), count); }

  // All that came at once wakes the reader once.
  void hand_over() {
    if (gathered.empty()) return;
    bool first = false;
    {
      const std::lock_guard lock(mutex);
      first = events.empty();
      for (auto& [event, count] : gathered) queue(std::move(event), count);
    }
    gathered.clear();
    if (first) signal_fd(event_fd.get());
  }

  void queue(Event event, int count) {  // locked
    const bool full = events.size() >= most_events || queued_values > most_queued_values;
    if (full && overflowed && event.kind == Event::Kind::signal) return;
    if (full && event.kind == Event::Kind::signal) {
      overflowed = true;
      event = {Event::Kind::overflow, event.stamp, {}, {}, {}, 0};
    }
    queued_values += count;
    events.push_back(std::move(event));
  }

  void signal(std::string sender, std::string path, std::string member, Values body,
              int count) override {
    const Stamp now = clock.now();
    const bool of_names = member == "NameOwnerChanged";
    if (sender != (of_names ? bus_name : std::string_view(owner))) return;
    if (of_names && body[0].text() == bluez) owner = body[2].text();
    push({Event::Kind::signal, now, std::move(path), std::move(member), std::move(body), 0}, count);
  }

  void agent_called(std::uint64_t serial, std::string sender, std::string method,
                    Values arguments) override {
    bool taken = false;
    {
      const std::lock_guard lock(mutex);
      taken = sender == owner && incoming.size() < most_incoming;
      if (taken) incoming.push_back({serial, std::move(method), std::move(arguments)});
      changed.notify_all();
    }
    if (!taken) connection->refuse(serial, "org.bluez.Error.Rejected", "not asked for");
  }
};

Bus::Bus(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Bus::~Bus() = default;

Result<std::unique_ptr<Bus>> Bus::open(const Clock& clock) {
  auto impl = std::make_unique<Impl>(clock);
  auto connection = Connection::open(*impl);
  if (!connection) return tl::unexpected(connection.error());
  impl->connection = std::move(*connection);
  impl->loop = std::jthread([impl = impl.get()](std::stop_token stop) { impl->run(stop); });
  return std::unique_ptr<Bus>(new Bus(std::move(impl)));
}

Bus::PendingCall Bus::begin(Call call, std::uint64_t mark) {
  PendingCall pending;
  {
    const std::lock_guard lock(impl_->mutex);
    pending = std::make_shared<Pending>(impl_->next_id++);
  }
  if (!impl_->post([impl = impl_.get(), pending, call = std::move(call), mark] {
        impl->send(pending, call, mark);
      }))
    impl_->answer(pending, {Answer::Kind::lost, {}, {}, impl_->lost_how});
  return pending;
}

bool Bus::answered(const PendingCall& call) const {
  const std::lock_guard lock(impl_->mutex);
  return call->answered;
}

links::Waited Bus::wait(const PendingCall& call, const links::Countdown& countdown,
                        const std::stop_token& stop, bool or_incoming) const {
  std::unique_lock lock(impl_->mutex);
  const auto ready = [&] { return call->answered || (or_incoming && !impl_->incoming.empty()); };
  const auto left = std::chrono::nanoseconds(countdown.left().ns);
  if (impl_->changed.wait_for(lock, stop, left, ready)) return links::Waited::ready;
  return stop.stop_requested() ? links::Waited::stopped : links::Waited::timed_out;
}

Answer Bus::end(const PendingCall& call, std::uint64_t mark) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (call->answered) return std::move(call->answer);
  }
  impl_->post([impl = impl_.get(), call, mark] {
    impl->connection->drop(call->id);
    impl->close(call, {Answer::Kind::timed_out}, mark);
  });
  return {Answer::Kind::timed_out};
}

Answer Bus::call(Call call, Duration timeout, const std::stop_token& stop) {
  const PendingCall pending = begin(std::move(call));
  const links::Waited waited = wait(pending, links::Countdown(timeout), stop);
  Answer answer = end(pending);
  if (waited == links::Waited::stopped) answer.kind = Answer::Kind::stopped;
  return answer;
}

Answer Bus::watch(const std::vector<std::string>& rules) {
  Answer answer = impl_->errand([impl = impl_.get(), rules] {
    Answer added{Answer::Kind::done};
    for (std::size_t i = 0; i < rules.size() && added.done(); ++i)
      added = impl->connection->watch(rules[i]);
    return added;
  });
  if (!answer.done()) return answer;
  const Call owner{
      "/org/freedesktop/DBus", std::string(bus_name), "GetNameOwner", {text(bluez)}, "s",
      std::string(bus_name)};
  return call(owner, errand_time);
}

int Bus::event_fd() const { return impl_->event_fd.get(); }

std::deque<Event> Bus::take() {
  const std::lock_guard lock(impl_->mutex);
  drain(impl_->event_fd.get());
  impl_->queued_values = 0;
  impl_->overflowed = false;
  return std::exchange(impl_->events, {});
}

bool Bus::lost() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->lost;
}

Answer Bus::serve_agent(const std::string& path) {
  return impl_->errand([impl = impl_.get(), path] { return impl->connection->serve_agent(path); });
}

std::optional<Incoming> Bus::incoming() {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->incoming.empty()) return std::nullopt;
  Incoming first = std::move(impl_->incoming.front());
  impl_->incoming.pop_front();
  return first;
}

void Bus::reply(std::uint64_t serial, Values values) {
  impl_->post([impl = impl_.get(), serial, values = std::move(values)] {
    impl->connection->reply(serial, values);
  });
}

void Bus::refuse(std::uint64_t serial, std::string error, std::string message) {
  impl_->post([impl = impl_.get(), serial, error = std::move(error), message = std::move(message)] {
    impl->connection->refuse(serial, error, message);
  });
}

}  // namespace carebench::dbus
