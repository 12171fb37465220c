#include "profiles/measuring/epochs.h"

#include <algorithm>
#include <cmath>

namespace carebench {
namespace {

Night night_of(const std::vector<std::optional<std::size_t>>& epochs, std::size_t wake,
               double epoch_s) {
  Night night;
  std::int64_t sleep = 0, wake_after = 0, before = 0;
  for (const auto& one : epochs) {
    const bool asleep = one && *one != wake;
    if (sleep == 0 && !asleep) ++before;
    if (sleep > 0 && one == wake) ++wake_after;
    if (asleep) ++sleep;
  }
  const double minutes = epoch_s / 60;
  night.sleep_min = static_cast<double>(sleep) * minutes;
  night.efficiency = epochs.empty()
                         ? std::nan("")
                         : static_cast<double>(sleep) / static_cast<double>(epochs.size());
  if (sleep > 0) {
    night.onset_min = static_cast<double>(before) * minutes;
    night.wake_after_min = static_cast<double>(wake_after) * minutes;
  }
  return night;
}

}  // namespace

EpochComparison compare_epochs(const Staging& device, const Staging& reference, std::size_t classes,
                               std::size_t wake, double epoch_s) {
  EpochComparison out(classes);
  std::vector<std::optional<std::size_t>> of_device, of_reference;  // epochs that count
  for (std::size_t i = 0; i < std::max(device.size(), reference.size()); ++i) {
    const auto truth = i < reference.size() ? reference[i] : std::nullopt;
    const auto told = i < device.size() ? device[i] : std::nullopt;
    if (!truth) {
      ++out.unscored;
      continue;
    }
    of_device.push_back(told);
    of_reference.push_back(truth);
    ++out.epochs;
    if (told) ++out.staged;
    out.table.add(*truth, told.value_or(classes));
    Share& side = *truth == wake ? out.wake : out.sleep;
    ++side.all;
    if (told && (*told == wake) == (*truth == wake)) ++side.part;
    ++out.by_class[*truth].all;
    if (told == truth) ++out.by_class[*truth].part;
  }
  out.device = night_of(of_device, wake, epoch_s);
  out.reference = night_of(of_reference, wake, epoch_s);
  return out;
}

Staging staged_epochs(std::span<const ToldStage> told, std::size_t classes, double epoch_s,
                      double hold_s, double observed_s) {
  const auto count = static_cast<std::size_t>(std::floor(observed_s / epoch_s + 1e-9));
  // Seconds of each class in each epoch, in the order of classes; no stage takes the rest.
  std::vector<std::vector<double>> seconds(count, std::vector<double>(classes));
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (!told[i].stage) continue;
    const double next = i + 1 < told.size() ? told[i + 1].time_s : observed_s;
    double from = std::max(0.0, told[i].time_s);
    const double to = std::min({next, told[i].time_s + hold_s, observed_s});
    while (from < to) {
      const auto epoch = static_cast<std::size_t>(from / epoch_s);
      if (epoch >= count) break;
      const double end = std::min(to, static_cast<double>(epoch + 1) * epoch_s);
      seconds[epoch][*told[i].stage] += end - from;
      if (end <= from) break;
      from = end;
    }
  }
  Staging out(count);
  for (std::size_t epoch = 0; epoch < count; ++epoch) {
    double staged = 0;
    for (const double one : seconds[epoch]) staged += one;
    const auto most = std::max_element(seconds[epoch].begin(), seconds[epoch].end());
    // Strictly more than the time without a stage.
    if (*most > epoch_s - staged)
      out[epoch] = static_cast<std::size_t>(most - seconds[epoch].begin());
  }
  return out;
}

}  // namespace carebench
