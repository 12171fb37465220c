// A client's connection to the system bus that runs on its own: one private thread sends what
// others ask for, and of what comes in it takes the time, moves it into a bounded queue and goes
// on. The end of the dbus-daemon is an event like any other.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "probes/dbus/connection.h"
#include "probes/link.h"
#include "probes/links/wait.h"

namespace carebench::dbus {

// What came in on its own.
struct Event {
  enum class Kind {
    signal,
    answered,  // the call `mark` was answered with `body` (Bus::begin): what follows came after it
    overflow,  // more came than was taken away: signals are missing from here on
    lost,      // the bus is gone; `member` says how
  } kind = Kind::signal;
  Stamp stamp;
  std::string path, member;  // the object and the name of the signal
  Values body;
  std::uint64_t mark = 0;
};

// A call of our pairing agent, waiting for Bus::reply() or refuse().
struct Incoming {
  std::uint64_t serial = 0;
  std::string method;
  Values arguments;
};

class Bus {
 public:
  // The errors of Connection::open().
  static Result<std::unique_ptr<Bus>> open(const Clock& clock);
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  // A call under way. It is answered once: by a reply, an error, or the end of its receiver or of
  // the bus (lost).
  struct Pending;
  using PendingCall = std::shared_ptr<Pending>;
  // With a mark an Event::answered takes its place among the signals.
  PendingCall begin(Call call, std::uint64_t mark = 0);
  bool answered(const PendingCall& call) const;
  // Until the call is answered (ready) or, if asked for, one of our agent's methods was called.
  links::Waited wait(const PendingCall& call, const links::Countdown& countdown,
                     const std::stop_token& stop, bool or_incoming = false) const;
  // The answer; timed_out while there is none, and what comes later is dropped. Takes the mark that
  // begin() was given.
  Answer end(const PendingCall& call, std::uint64_t mark = 0);
  Answer call(Call call, Duration timeout, const std::stop_token& stop = {});

  // Signals of these rules come in as events, where bluetoothd or the bus itself sends them. Call
  // it once.
  Answer watch(const std::vector<std::string>& rules);
  int event_fd() const;      // readable when events came in
  std::deque<Event> take();  // what came in since, oldest first
  bool lost() const;         // the bus is gone

  // The pairing agent; calls of others than bluetoothd are refused.
  Answer serve_agent(const std::string& path);
  std::optional<Incoming> incoming();
  void reply(std::uint64_t serial, Values values);
  void refuse(std::uint64_t serial, std::string error, std::string message);

 private:
  struct Impl;
  explicit Bus(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace carebench::dbus
