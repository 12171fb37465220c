#include "profiles/measuring/expected_frames.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace carebench {
namespace {

constexpr std::uint64_t widest_window = 32;

// Whole periods in a time, rounded.
std::uint64_t periods_in(Nanoseconds time, Nanoseconds period) {
  if (time <= 0 || period <= 0) return 0;
  return static_cast<std::uint64_t>((time + period / 2) / period);
}

// Frames missing between two that came (or between one and an end of the observation).
std::uint64_t missing_in(Nanoseconds time, Nanoseconds period) {
  const std::uint64_t periods = periods_in(time, period);
  return periods > 0 ? periods - 1 : 0;
}

}  // namespace

FramesByPeriod::FramesByPeriod(Duration period, Stamp begin)
    : period_(period.ns), half_(period.ns / 2), begin_(begin), last_(begin) {
  assert(period.ns > 0);
}

void FramesByPeriod::irregular(Nanoseconds interval) {
  if (heard_ && interval < half_) {
    if (owed_ == 0) {
      ++balance_.duplicates;
      return;
    }
    --owed_;
  } else {
    balance_.lost += owed_;
    owed_ = missing_in(interval, period_);
  }
  heard_ = true;
  ++balance_.received;
}

void FramesByPeriod::end(Stamp stamp) {
  const Nanoseconds silent = stamp.ns - last_.ns;
  balance_.lost += owed_;
  // Without a single frame there is none at either end of the silence.
  balance_.lost += heard_ ? missing_in(silent, period_) : periods_in(silent, period_);
  if (balance_.expected() == 0) balance_.lost = 1;
  owed_ = 0;
  observed_ += stamp.ns - begin_.ns;
  begin_ = last_ = stamp;
}

FrameBalance FramesByPeriod::balance() const {
  FrameBalance balance = balance_;
  const std::uint64_t most = periods_in(observed_, period_) + 1;
  if (balance.expected() > most) {
    const std::uint64_t surplus = std::min(balance.received, balance.expected() - most);
    balance.received -= surplus;
    balance.duplicates += surplus;
  }
  return balance;
}

void FramesByPeriod::resume(Stamp begin) {
  begin_ = last_ = begin;
  owed_ = 0;
  heard_ = false;
}

FramesByNumber::FramesByNumber(std::uint64_t modulus, Duration period, Stamp begin)
    : modulus_(modulus),
      period_(period),
      window_(std::clamp<std::uint64_t>(modulus / 4, 1, widest_window)),
      half_turn_(std::numeric_limits<Nanoseconds>::max()),
      last_(begin) {
  assert(modulus >= 2);
  const double half_turn = static_cast<double>(period.ns) * static_cast<double>(modulus) / 2;
  if (period.ns > 0 && half_turn < 9e18) half_turn_ = static_cast<Nanoseconds>(half_turn);
}

void FramesByNumber::miss_edge(Duration silent) {
  if (period_.ns > 0) balance_.lost += missing_in(silent.ns, period_.ns);
}

FramesByNumber::Kind FramesByNumber::irregular(std::uint64_t number, Stamp stamp) {
  number %= modulus_;
  const Duration since = stamp - last_;
  last_ = stamp;
  if (!heard_) {
    miss_edge(since);
    heard_ = true;
    top_ = number;
    seen_ = 1;
    span_ = 1;
    ++balance_.received;
    return Kind::first;
  }
  const std::uint64_t ahead = (number + modulus_ - top_) % modulus_;
  const std::uint64_t back = modulus_ - ahead;
  if (period_.ns > 0) {
    // Of all advances that give this number, the one that fits the time best.
    const double periods = since.seconds() / period_.seconds();
    const double turn = static_cast<double>(modulus_);
    const double turns = std::round((periods - static_cast<double>(ahead)) / turn);
    if (turns >= 1) return advance(ahead + static_cast<std::uint64_t>(turns) * modulus_, number);
    if (ahead == 0) return behind(0);
    const double misfit_ahead = std::abs(static_cast<double>(ahead) - periods);
    if (misfit_ahead <= static_cast<double>(back) + periods) return advance(ahead, number);
    return back < window_ ? behind(back) : restart(number, periods);
  }
  if (ahead == 0) return behind(0);
  if (back < window_) return behind(back);
  return ahead <= modulus_ / 2 ? advance(ahead, number) : restart(number, 0);
}

FramesByNumber::Kind FramesByNumber::advance(std::uint64_t by, std::uint64_t number) {
  balance_.lost += by - 1;
  ++balance_.received;
  top_ = number;
  span_ += by;
  seen_ = by < 64 ? seen_ << by | 1 : 1;
  return by == 1 ? Kind::next : Kind::ahead;
}

FramesByNumber::Kind FramesByNumber::behind(std::uint64_t by) {
  const std::uint64_t bit = std::uint64_t{1} << by;
  if (seen_ & bit) {
    ++balance_.duplicates;
    return Kind::duplicate;
  }
  seen_ |= bit;
  ++balance_.received;
  ++balance_.out_of_order;
  // Numbers from before the first frame were not missed.
  if (by < span_ && balance_.lost > 0) --balance_.lost;
  return Kind::late;
}

FramesByNumber::Kind FramesByNumber::restart(std::uint64_t number, double periods) {
  ++balance_.restarts;
  ++balance_.received;
  if (periods >= 1.5) balance_.lost += static_cast<std::uint64_t>(std::lround(periods)) - 1;
  top_ = number;
  seen_ = 1;
  span_ = 1;
  return Kind::restart;
}

void FramesByNumber::end(Stamp stamp) {
  const Duration silent = stamp - last_;
  if (heard_)
    miss_edge(silent);
  else
    balance_.lost += periods_in(silent.ns, period_.ns);
  if (balance_.expected() == 0) balance_.lost = 1;
  last_ = stamp;
}

void FramesByNumber::resume(Stamp begin) {
  last_ = begin;
  heard_ = false;
}

}  // namespace carebench
