#include "profiles/measuring/lag_search.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "standards/stats/moments.h"

namespace carebench {
namespace {

struct Tried {
  Nanoseconds lag = 0;
  std::int64_t pairs = 0;
  double sd = 0;
};

// The least scatter; of equal ones the smallest lag, and of these the one behind.
const Tried& best_of(const std::vector<Tried>& all) {
  std::int64_t most_pairs = 0;
  for (const Tried& one : all) most_pairs = std::max(most_pairs, one.pairs);
  const Tried* best = nullptr;
  for (const Tried& one : all) {
    if (one.pairs * 10 < most_pairs * 9) continue;
    if (!best || one.sd < best->sd ||
        (one.sd == best->sd && std::abs(one.lag) < std::abs(best->lag)))
      best = &one;
  }
  return *best;
}

}  // namespace

LagFound search_lag(std::span<const TimedReading> device, std::span<const TimedReading> reference,
                    Duration tolerance, Duration most) {
  const auto tried = [&](Nanoseconds lag) {
    stats::Moments deviations;
    pair_with_lag(device, reference, tolerance, {lag},
                  [&](const ReadingPair& pair) { deviations.add(pair.device - pair.reference); });
    return Tried{lag, deviations.n(), deviations.n() > 1 ? deviations.sd() : std::nan("")};
  };
  constexpr int coarse_steps = 100, fine_steps = 10;
  const Nanoseconds coarse = std::max<Nanoseconds>(1, most.ns / coarse_steps);
  const Nanoseconds fine = std::max<Nanoseconds>(1, coarse / fine_steps);
  LagFound out;
  out.resolution = {fine};
  std::vector<Tried> all;
  for (int i = -coarse_steps; i <= coarse_steps; ++i)
    if (Tried one = tried(i * coarse); one.pairs > 1) all.push_back(one);
  out.sd_without = tried(0).sd;
  if (all.empty()) {
    out.sd = out.sd_without;
    return out;
  }
  const Nanoseconds about = best_of(all).lag;
  out.at_the_edge = std::abs(about) == coarse_steps * coarse;
  for (int i = -fine_steps; i <= fine_steps; ++i)
    if (Tried one = tried(about + i * fine); one.pairs > 1) all.push_back(one);
  const Tried& best = best_of(all);
  out.lag = {best.lag};
  out.pairs = best.pairs;
  out.sd = best.sd;
  return out;
}

}  // namespace carebench
