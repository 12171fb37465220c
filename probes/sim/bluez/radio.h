// The virtual device as the stand-in for bluetoothd reaches it: a link, whose operations run one
// after another on a thread of their own, as an ATT client's do, while the bus is served.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "probes/dbus/value.h"
#include "probes/link.h"

namespace carebench::sim::bluez {

class Radio {
 public:
  explicit Radio(std::unique_ptr<Link> link);
  ~Radio();
  Radio(const Radio&) = delete;
  Radio& operator=(const Radio&) = delete;

  Link& link() { return *link_; }
  using Then = std::function<void(const Result<Link::Performed>& come)>;
  // Queued; `then` is told by settle().
  void begin(Op op, Duration timeout, Then then);
  // Ends the operation under way and all that wait: told Errc::interrupted.
  void interrupt();
  int fd() const { return ended_fd_.get(); }  // readable when settle() has something to tell
  void settle();

 private:
  struct Job {
    Op op;
    Duration timeout;
    Then then;
    Result<Link::Performed> come = Link::Performed{};
  };
  void work(const std::stop_token& stop);
  void end(Job job);

  const std::unique_ptr<Link> link_;
  const dbus::Descriptor ended_fd_;
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  std::deque<Job> todo_, ended_;
  std::stop_source current_;
  std::jthread worker_;  // last: ends before the rest goes
};

}  // namespace carebench::sim::bluez
