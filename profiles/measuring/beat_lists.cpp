#include "profiles/measuring/beat_lists.h"

#include <algorithm>
#include <cmath>

#include "profiles/measuring/pairing.h"

namespace carebench {
namespace {

struct BeatPair {
  std::size_t device, reference;
};

std::vector<BeatPair> match(std::span<const double> device, std::span<const double> reference,
                            double window_s) {
  std::vector<BeatPair> pairs;
  // Rounding to nanoseconds must not push what lies on the edge out of the window.
  Pairing pairing(from_seconds(window_s) + nanoseconds(1));
  const auto take = [&](const std::optional<ReadingPair>& settled) {
    if (settled)
      pairs.push_back({static_cast<std::size_t>(settled->device),
                       static_cast<std::size_t>(settled->reference)});
  };
  std::size_t d = 0, r = 0;
  while (d < device.size() || r < reference.size()) {
    const bool from_device =
        r == reference.size() || (d < device.size() && device[d] <= reference[r]);
    const std::size_t i = from_device ? d++ : r++;
    const double at = from_device ? device[i] : reference[i];
    take(pairing.add(from_device ? Pairing::Side::device : Pairing::Side::reference,
                     {from_seconds(at).ns}, static_cast<double>(i)));
  }
  take(pairing.finish());
  return pairs;
}

// The interval that ends at a beat, in s; NaN where there is none.
std::vector<double> intervals_of(const BeatList& list, double longest_s) {
  std::vector<double> out(list.time_s.size(), std::nan(""));
  for (std::size_t i = 1; i < list.time_s.size(); ++i) {
    const double rr = list.time_s[i] - list.time_s[i - 1];
    if (rr > 0 && rr <= longest_s) out[i] = rr;
  }
  for (const std::size_t i : list.breaks)
    if (i < out.size()) out[i] = std::nan("");
  return out;
}

void vary(const std::vector<double>& time_s, const std::vector<double>& rr_s, double from,
          double to, stats::HeartRateVariability& out, std::vector<double>& x,
          std::vector<double>& y) {
  for (std::size_t i = 0; i < time_s.size(); ++i) {
    if (time_s[i] < from || time_s[i] > to) continue;
    x.push_back(time_s[i]);
    y.push_back(rr_s[i] * 1000);
    if (std::isnan(rr_s[i]) || time_s[i] - rr_s[i] < from)
      out.interrupt();
    else
      out.add(rr_s[i] * 1000);
  }
}

}  // namespace

void RrClock::take(double arrival_s, std::span<const double> rr_s) {
  if (rr_s.empty()) return;
  double sum = 0;
  for (const double rr : rr_s) sum += rr;
  constexpr double together_s = 3;
  double at = arrival_s - sum;
  const bool begins = list_.time_s.empty();
  if (!begins && std::abs(list_.time_s.back() + sum - arrival_s) <= together_s) {
    at = list_.time_s.back();
  } else {
    if (!begins) ++resets_;
    if (!begins) at = std::max(at, list_.time_s.back());
    list_.breaks.push_back(list_.time_s.size());
    list_.time_s.push_back(at);
  }
  for (const double rr : rr_s) list_.time_s.push_back(at += rr);
}

double beat_lag(std::span<const double> device, std::span<const double> reference, double window_s,
                double most_s) {
  // How many differences device - reference lie in each hundredth of a second.
  constexpr double bin_s = 0.010;
  const auto half = static_cast<std::int64_t>(std::ceil(most_s / bin_s));
  const auto reach = static_cast<std::int64_t>(std::ceil(window_s / bin_s));
  std::vector<std::int64_t> counts(static_cast<std::size_t>(2 * (half + reach) + 1));
  std::size_t first = 0;
  const double wide = most_s + window_s;
  for (const double at : reference) {
    while (first < device.size() && device[first] < at - wide) ++first;
    for (std::size_t d = first; d < device.size() && device[d] <= at + wide; ++d) {
      const auto bin = static_cast<std::int64_t>(std::lround((device[d] - at) / bin_s));
      if (std::abs(bin) <= half + reach) ++counts[static_cast<std::size_t>(bin + half + reach)];
    }
  }
  // What lies close counts more: a steady rhythm has many lags at which each beat finds some other.
  std::int64_t best = 0, best_count = -1;
  for (std::int64_t lag = -half; lag <= half; ++lag) {
    std::int64_t sum = 0;
    for (std::int64_t bin = lag - reach; bin <= lag + reach; ++bin)
      sum +=
          counts[static_cast<std::size_t>(bin + half + reach)] * (reach + 1 - std::abs(bin - lag));
    if (sum > best_count || (sum == best_count && std::abs(lag) < std::abs(best)))
      best = lag, best_count = sum;
  }
  const double about = static_cast<double>(best) * bin_s;
  std::vector<double> moved(device.begin(), device.end()), differences;
  for (double& at : moved) at -= about;
  for (const BeatPair& pair : match(moved, reference, window_s))
    differences.push_back(moved[pair.device] - reference[pair.reference]);
  if (differences.empty()) return about;
  const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
  std::nth_element(differences.begin(), middle, differences.end());
  return std::clamp(about + *middle, -most_s, most_s);
}

BeatComparison compare_beats(const BeatList& device, const BeatList& reference,
                             const BeatScoring& scoring) {
  BeatComparison out;
  BeatList moved = device;
  if (scoring.lag_search_s > 0) {
    out.lag_s = beat_lag(device.time_s, reference.time_s, scoring.window_s, scoring.lag_search_s);
    out.lag_at_the_edge = std::abs(out.lag_s) >= scoring.lag_search_s - 0.010;
    for (double& at : moved.time_s) at -= out.lag_s;
  }
  const double from = scoring.learning_s;
  const double last = reference.time_s.empty() ? 0 : reference.time_s.back();
  const double end = std::min(last, scoring.observed_s), to = end + scoring.window_s;
  const auto scored = [&](double at) { return at >= from && at <= end; };

  const std::vector<double> rr = intervals_of(moved, scoring.longest_rr_s);
  const std::vector<double> reference_rr = intervals_of(reference, scoring.longest_rr_s);
  std::vector<bool> used(moved.time_s.size());
  double squares = 0;
  const BeatPair* before = nullptr;
  const std::vector<BeatPair> pairs = match(moved.time_s, reference.time_s, scoring.window_s);
  for (const BeatPair& pair : pairs) {
    used[pair.device] = true;
    if (!scored(reference.time_s[pair.reference])) continue;
    ++out.matched;
    const bool neighbours =
        before && before->device + 1 == pair.device && before->reference + 1 == pair.reference;
    before = &pair;
    const double difference = (rr[pair.device] - reference_rr[pair.reference]) * 1000;
    if (!neighbours || std::isnan(difference)) continue;
    squares += difference * difference;
    ++out.rr_pairs;
  }
  for (const double at : reference.time_s)
    if (scored(at)) ++out.reference;
  out.missed = out.reference - out.matched;
  for (std::size_t i = 0; i < moved.time_s.size(); ++i) {
    if (moved.time_s[i] > to) ++out.unscored;
    if (!used[i] && moved.time_s[i] >= from && moved.time_s[i] <= to) ++out.extra;
  }
  out.rr_rms_ms =
      out.rr_pairs > 0 ? std::sqrt(squares / static_cast<double>(out.rr_pairs)) : std::nan("");
  vary(moved.time_s, rr, from, to, out.device_rr, out.device_x, out.device_y);
  vary(reference.time_s, reference_rr, from, to, out.reference_rr, out.reference_x,
       out.reference_y);
  return out;
}

}  // namespace carebench
