#include "profiles/measuring/backlog.h"

#include <algorithm>

namespace carebench {

Backlog::Backlog(std::uint64_t modulus) : modulus_(modulus), frames_(modulus, {}, {}) {}

void Backlog::live(std::uint64_t number, Stamp stamp) {
  number %= modulus_;
  frames_.add(number, stamp);
  if (cut_ && last_live_) {
    const std::uint64_t ahead = (number + modulus_ - *last_live_) % modulus_;
    if (ahead == 0 || ahead > modulus_ / 2)
      ++restarts_;
    else
      gap_ = ahead - 1;
  }
  any_ = true;
  cut_ = false;
}

void Backlog::stored(std::uint64_t number) {
  if (!last_live_) return;  // from before the first cut
  if (stored_.size() == most_stored) {
    ++duplicates_;
    return;
  }
  stored_.push_back((number % modulus_ + modulus_ - *last_live_) % modulus_);
}

void Backlog::cut(Stamp stamp) {
  if (any_) last_live_ = frames_.top();
  frames_.resume(stamp);
  cut_ = true;
  gap_.reset();
  stored_.clear();
}

void Backlog::settle() {
  if (!gap_) return;
  // Numbers count from the last live record: 1 … gap are the backlog, the rest had come live.
  const auto of_backlog = [gap = *gap_](std::uint64_t n) { return n >= 1 && n <= gap; };
  std::erase_if(stored_, [&](std::uint64_t n) {
    if (!of_backlog(n)) ++duplicates_;
    return !of_backlog(n);
  });
  in_order_ = in_order_ && std::is_sorted(stored_.begin(), stored_.end());
  const std::uint64_t came = stored_.size();
  std::sort(stored_.begin(), stored_.end());
  stored_.erase(std::unique(stored_.begin(), stored_.end()), stored_.end());
  duplicates_ += came - stored_.size();
  records_ += *gap_;
  missing_ += *gap_ - stored_.size();
  gap_.reset();
  stored_.clear();
}

}  // namespace carebench
