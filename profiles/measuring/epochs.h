// Sleep stages epoch by epoch (30 s as a rule): how two stagings of the same night agree. Pure.
//
// Classes are numbers 0 … k-1, one of which is wakefulness; the others are sleep. An epoch that the
// reference did not score says nothing. One that the device gave no stage for is a disagreement,
// not missing data: it stands in the table as a class of its own that the reference never has.
//
//   agreement = epochs of the same class / epochs; Cohen's kappa (standards/stats/kappa.h)
//   sensitivity for sleep = epochs of sleep that the device calls sleep / epochs of sleep;
//   specificity for wake = epochs of wake that it calls wake / epochs of wake
//   total sleep time = epochs of sleep; sleep onset latency = epochs before the first of sleep;
//   wake after sleep onset = epochs of wake after that; sleep efficiency = sleep / all epochs
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "standards/stats/kappa.h"

namespace carebench {

using Staging = std::vector<std::optional<std::size_t>>;  // a class or nothing, by epoch

struct Night {
  double sleep_min = 0, efficiency = 0;  // efficiency: 0 … 1
  // Nothing where there was no sleep at all.
  std::optional<double> onset_min, wake_after_min;
};

struct Share {
  std::int64_t part = 0, all = 0;
};

struct EpochComparison {
  explicit EpochComparison(std::size_t classes) : table(classes + 1), by_class(classes) {}
  stats::AgreementTable table;                        // the last class: no stage
  std::int64_t epochs = 0, unscored = 0, staged = 0;  // unscored: by the reference
  Share sleep, wake;
  std::vector<Share> by_class;  // of the reference's epochs, those the device calls so
  Night device, reference;
};
// Both begin with the same epoch; epochs that only one of them has are unscored by the other one.
EpochComparison compare_epochs(const Staging& device, const Staging& reference, std::size_t classes,
                               std::size_t wake, double epoch_s);

// Stages that were told from time to time, as epochs: each holds until the next one, but no longer
// than `hold_s`; an epoch is what took most of it (of equal ones, the earlier), and nothing where
// that was no stage.
struct ToldStage {
  double time_s = 0;
  std::optional<std::size_t> stage;
};
Staging staged_epochs(std::span<const ToldStage> told, std::size_t classes, double epoch_s,
                      double hold_s, double observed_s);

}  // namespace carebench
