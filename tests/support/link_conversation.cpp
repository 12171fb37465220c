#include "tests/support/link_conversation.h"

#include <poll.h>

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench {

Stamp LinkConversation::clock() const {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() -
                                                               start_)
              .count()};
}

Outcome LinkConversation::outcome(Outcome::Kind kind, Stamp stamp) {
  now_ = std::max(now_, stamp);
  Outcome result;
  result.kind = kind;
  result.seq = ++seq_;
  result.stamp = now_;
  return result;
}

void LinkConversation::frame(Stamp stamp, ByteView octets) {
  queue_.push_back({Outcome::Kind::frame, stamp, Bytes(octets.begin(), octets.end()), {}});
}

void LinkConversation::lost(Stamp stamp, std::string_view how) {
  queue_.push_back({Outcome::Kind::lost, stamp, {}, std::string(how)});
}

bool LinkConversation::wait(Stamp deadline) {
  const Duration left = std::max(deadline - clock(), Duration{});
  const timespec at_most{static_cast<time_t>(left.ns / 1'000'000'000),
                         static_cast<long>(left.ns % 1'000'000'000)};
  pollfd wanted{link_.wait_fd(), POLLIN, 0};
  if (::ppoll(&wanted, 1, &at_most, nullptr) <= 0) return false;
  link_.pump(clock(), *this);
  return true;
}

Result<Outcome> LinkConversation::write(ByteView octets, Duration timeout) {
  const Stamp began = clock();
  auto performed = link_.perform(Write{Bytes(octets.begin(), octets.end())}, timeout, {});
  if (!performed) return tl::unexpected(performed.error());
  Outcome result = outcome(performed->kind, began);
  delivered_.text = performed->text;
  result.text = delivered_.text;
  return result;
}

Result<Outcome> LinkConversation::next(Stamp deadline) {
  while (queue_.empty()) {
    if (!wait(deadline) && clock() >= deadline) {
      return outcome(Outcome::Kind::timed_out, std::max(deadline, now_));
    }
  }
  delivered_ = std::move(queue_.front());
  queue_.pop_front();
  Outcome result = outcome(delivered_.kind, delivered_.stamp);
  result.octets = delivered_.octets;
  result.text = delivered_.text;
  return result;
}

Result<Outcome> LinkConversation::flush() {
  while (wait(clock())) {
  }
  std::size_t dropped = 0;
  std::deque<Arrived> kept;
  for (Arrived& arrived : queue_) {
    dropped += arrived.octets.size();
    if (arrived.kind != Outcome::Kind::frame) kept.push_back(std::move(arrived));
  }
  queue_ = std::move(kept);
  Outcome result = outcome(Outcome::Kind::done, clock());
  delivered_.text = std::to_string(dropped);
  result.text = delivered_.text;
  return result;
}

}  // namespace carebench
