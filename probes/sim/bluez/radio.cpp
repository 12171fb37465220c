#include "probes/sim/bluez/radio.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace carebench::sim::bluez {

Radio::Radio(std::unique_ptr<Link> link)
    : link_(std::move(link)),
      ended_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      worker_([this](const std::stop_token& stop) { work(stop); }) {}

Radio::~Radio() {
  worker_.request_stop();
  interrupt();
  worker_.join();
  link_->close();
}

void Radio::begin(Op op, Duration timeout, Then then) {
  const std::lock_guard lock(mutex_);
  todo_.push_back({std::move(op), timeout, std::move(then)});
  waiting_.notify_all();
}

void Radio::interrupt() {
  const std::lock_guard lock(mutex_);
  current_.request_stop();
  for (Job& job : std::exchange(todo_, {})) {
    job.come = fail(Errc::interrupted, Blame::bench, "something else came first");
    end(std::move(job));
  }
}

void Radio::end(Job job) {
  ended_.push_back(std::move(job));
  const std::uint64_t one = 1;
  (void)!::write(ended_fd_.get(), &one, sizeof one);
}

void Radio::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (waiting_.wait(lock, stop, [this] { return !todo_.empty(); })) {
    Job job = std::move(todo_.front());
    todo_.pop_front();
    current_ = std::stop_source();
    const std::stop_token interrupted = current_.get_token();
    lock.unlock();
    job.come = link_->perform(job.op, job.timeout, interrupted);
    lock.lock();
    end(std::move(job));
  }
}

void Radio::settle() {
  std::uint64_t count = 0;
  (void)!::read(ended_fd_.get(), &count, sizeof count);
  std::deque<Job> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
  }
  for (const Job& job : ended) job.then(job.come);
}

}  // namespace carebench::sim::bluez
