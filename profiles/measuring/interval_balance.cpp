#include "profiles/measuring/interval_balance.h"

#include <algorithm>
#include <cmath>

namespace carebench {
namespace {

constexpr double margin = 1.1;     // of the longest recent interval: delivery jitter
constexpr double drift = 0.25;     // of an interval, from block to block
constexpr double steady = 0.25;    // of an interval: ages of a device that tells each one at once
constexpr double step = 0.75;      // of an interval: the least that is a whole one
constexpr double longest_s = 1e4;  // one that is longer is none
constexpr std::size_t least_in_block = 10, least_steady = 5;

std::uint64_t count(double x) { return static_cast<std::uint64_t>(std::max(0.0, std::round(x))); }

}  // namespace

void FramesByInterval::add(std::span<const double> intervals_s, Stamp stamp) {
  const double passed = (stamp - last_).seconds();
  last_ = stamp;
  double sum = 0;
  for (const double one : intervals_s) {
    if (!(one > 0 && one < longest_s)) continue;
    sum += one;
    mean_s_ = mean_s_ == 0 ? one : mean_s_ + (one - mean_s_) / 16;
    longest_s_ = std::max(one, longest_s_ - (longest_s_ - mean_s_) / 128);
    if (heard_) ++balance_.received;
  }
  if (!heard_) {
    // Its intervals lie before it.
    heard_ = true;
    edge_s_ += passed;
    return;
  }
  age_s_ += passed - sum;
  if (mean_s_ == 0) return;
  look_at_the_step(passed);
  keep();
  look_at_the_span();
  block_sum_s_ += age_s_;
  if (++in_block_ == block) close_block(block);
}

void FramesByInterval::keep() {
  recent_[next_] = age_s_;
  next_ = (next_ + 1) % block;
  filled_ = std::min(filled_ + 1, block);
}

// Of a device that tells each interval at once: the message was late by a whole one, or early.
void FramesByInterval::look_at_the_step(double passed) {
  const bool odd = spacing_s_ > 0 && std::abs(passed - spacing_s_) > spacing_s_ / 2;
  if (!odd) spacing_s_ = spacing_s_ == 0 ? passed : spacing_s_ + (passed - spacing_s_) / 16;
  if (!odd || filled_ < least_steady) return;
  const auto [low, high] =
      std::minmax_element(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(filled_));
  const double usual = (*low + *high) / 2, steps = (age_s_ - usual) / mean_s_;
  if (*high - *low > steady * mean_s_ || std::abs(steps) < step) return;
  (steps > 0 ? balance_.lost : balance_.duplicates) += count(std::abs(steps));
  age_s_ = usual;
}

void FramesByInterval::look_at_the_span() {
  const auto [low, high] =
      std::minmax_element(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(filled_));
  const double span = *high - *low;
  if (span <= margin * longest_s_) return;
  const double steps = std::max(1.0, std::round(span / mean_s_) - 1);
  const bool lost = age_s_ == *high;
  (lost ? balance_.lost : balance_.duplicates) += count(steps);
  age_s_ -= (lost ? steps : -steps) * mean_s_;
  next_ = filled_ = 0;
  keep();
}

void FramesByInterval::close_block(std::size_t least) {
  if (in_block_ >= least) {
    const double level = block_sum_s_ / static_cast<double>(in_block_);
    const double steps = (level - level_s_) / mean_s_;
    if (!has_level_ || std::abs(steps) < drift) {
      level_s_ = level;
    } else if (const double whole = std::round(steps); whole != 0) {
      (whole > 0 ? balance_.lost : balance_.duplicates) += count(std::abs(whole));
      level_s_ += whole * mean_s_;
    }
    has_level_ = true;
  }
  block_sum_s_ = 0;
  in_block_ = 0;
}

// At an end of the observation: as for any frames, the ends fall anywhere.
void FramesByInterval::miss(double seconds, double edge) {
  if (mean_s_ > 0) balance_.lost += count(seconds / mean_s_ - edge);
}

void FramesByInterval::end(Stamp stamp) {
  close_block(least_in_block);
  const double silent = (stamp - last_).seconds();
  miss(edge_s_, 1);
  miss(silent, heard_ ? 1 : 0);
  edge_s_ = 0;
  if (balance_.expected() == 0) balance_.lost = 1;
  last_ = stamp;
}

void FramesByInterval::resume(Stamp begin) {
  last_ = begin;
  heard_ = has_level_ = false;
  age_s_ = 0;
  next_ = filled_ = 0;
}

}  // namespace carebench
