#include "standards/stats/blood_pressure.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "standards/stats/distributions.h"
#include "standards/stats/moments.h"
#include "standards/stats/percentiles.h"
#include "standards/stats/proportions.h"

namespace carebench::stats {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// ISO 81060-2:2018 Table 1: mmHg for |pooled mean error| 0.0, 0.1 … 5.0 mmHg.
constexpr std::array<double, 51> largest_subject_mean_sd = {
    6.95, 6.95, 6.95, 6.95, 6.93, 6.92, 6.91, 6.90, 6.89, 6.88,  //
    6.87, 6.86, 6.84, 6.82, 6.80, 6.78, 6.76, 6.73, 6.71, 6.68,  //
    6.65, 6.62, 6.58, 6.55, 6.51, 6.47, 6.43, 6.39, 6.34, 6.30,  //
    6.25, 6.20, 6.14, 6.09, 6.03, 5.97, 5.89, 5.83, 5.77, 5.70,  //
    5.64, 5.56, 5.49, 5.41, 5.33, 5.25, 5.16, 5.08, 5.01, 4.90,  //
    4.79};

// The sums that a mean carries about are off by this much at most, mmHg.
constexpr double rounding = 1e-9;

struct Subject {
  std::int64_t n = 0, within_5 = 0;
};

std::vector<Moments> by_subject(std::span<const double> values,
                                std::span<const std::uint32_t> subject) {
  assert(values.size() == subject.size());
  std::vector<Moments> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (subject[i] >= out.size()) out.resize(subject[i] + std::size_t{1});
    out[subject[i]].add(values[i]);
  }
  return out;
}

}  // namespace

double subject_mean_sd(std::span<const double> errors, std::span<const std::uint32_t> subject) {
  Moments pooled;
  for (const double error : errors) pooled.add(error);
  double squares = 0;
  std::int64_t subjects = 0;
  for (const Moments& one : by_subject(errors, subject)) {
    if (one.n() == 0) continue;
    ++subjects;
    squares += (one.mean() - pooled.mean()) * (one.mean() - pooled.mean());
  }
  if (subjects < 2) return not_a_number;
  return std::sqrt(squares / static_cast<double>(subjects - 1));
}

std::optional<SubjectMeanLimit> subject_mean_limit(double pooled_mean) {
  const double mean = std::abs(pooled_mean);
  if (!(mean <= 5 + rounding)) return std::nullopt;
  const auto at = [](double tenths) {
    return std::min(static_cast<std::size_t>(tenths), largest_subject_mean_sd.size() - 1);
  };
  const std::size_t next = at(std::ceil(10 * (mean - rounding)));
  const std::size_t rounded = at(std::floor(10 * (mean + rounding) + 0.5));
  return SubjectMeanLimit{static_cast<double>(next) / 10, largest_subject_mean_sd[next],
                          static_cast<double>(rounded) / 10, largest_subject_mean_sd[rounded]};
}

double probability_within(double mean, double sd, double within) {
  if (!(sd > 0)) return sd == 0 ? (std::abs(mean) <= within ? 1 : 0) : not_a_number;
  return normal_cdf((within - mean) / sd) - normal_cdf((-within - mean) / sd);
}

double dead_band_error(double device, double reference_mean, double reference_sd) {
  const double error = device - reference_mean;
  if (std::abs(error) <= reference_sd) return 0;
  return error > 0 ? error - reference_sd : error + reference_sd;
}

SharesWithin shares_within(std::span<const double> errors) {
  SharesWithin out{static_cast<std::int64_t>(errors.size())};
  for (const double error : errors) {
    const double off = std::abs(error);
    out.within_5 += off <= 5;
    out.within_10 += off <= 10;
    out.within_15 += off <= 15;
  }
  return out;
}

std::optional<char> bhs_grade(const SharesWithin& shares) {
  struct Grade {
    char letter;
    double within_5, within_10, within_15;
  };
  constexpr std::array grades = {Grade{'A', 0.60, 0.85, 0.95}, Grade{'B', 0.50, 0.75, 0.90},
                                 Grade{'C', 0.40, 0.65, 0.85}};
  if (shares.n == 0) return std::nullopt;
  for (const Grade& grade : grades)
    if (shares.within_5 >= required_count(grade.within_5, shares.n) &&
        shares.within_10 >= required_count(grade.within_10, shares.n) &&
        shares.within_15 >= required_count(grade.within_15, shares.n))
      return grade.letter;
  return 'D';
}

EshSubjects esh_subjects(std::span<const double> errors, std::span<const std::uint32_t> subject) {
  assert(errors.size() == subject.size());
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (subject[i] >= subjects.size()) subjects.resize(subject[i] + std::size_t{1});
    ++subjects[subject[i]].n;
    subjects[subject[i]].within_5 += std::abs(errors[i]) <= 5;
  }
  EshSubjects out;
  for (const Subject& one : subjects) {
    if (one.n == 0) continue;
    if (one.n != 3) {
      ++out.other_counts;
      continue;
    }
    ++out.subjects;
    out.two_of_three += one.within_5 >= 2;
    out.none_of_three += one.within_5 == 0;
  }
  return out;
}

std::optional<char> ieee_1708_grade(double mean_absolute_difference, double bias) {
  if (std::isnan(mean_absolute_difference) || std::isnan(bias)) return std::nullopt;
  if (mean_absolute_difference <= 5) return 'A';
  if (std::abs(bias) > 5 || mean_absolute_difference > 7) return 'D';
  return mean_absolute_difference <= 6 ? 'B' : 'C';
}

ChangeTracking change_tracking(std::span<const double> device_change,
                               std::span<const double> reference_change,
                               std::span<const std::uint32_t> subject, double threshold) {
  assert(device_change.size() == reference_change.size() && subject.size() == device_change.size());
  assert(threshold > 0);
  std::vector<std::vector<double>> percent;
  ChangeTracking out;
  for (std::size_t i = 0; i < subject.size(); ++i) {
    const double device = device_change[i], reference = reference_change[i];
    if (std::abs(reference) < threshold) continue;
    if (subject[i] >= percent.size()) percent.resize(subject[i] + std::size_t{1});
    percent[subject[i]].push_back(100 * std::abs(device - reference) /
                                  std::max(std::abs(device), std::abs(reference)));
    ++out.events;
  }
  for (std::vector<double>& one : percent) {
    if (one.empty()) continue;
    std::sort(one.begin(), one.end());
    ++out.subjects;
    out.p50 += percentile_sorted(one, 0.50);
    out.p85 += percentile_sorted(one, 0.85);
  }
  const double subjects = out.subjects == 0 ? not_a_number : static_cast<double>(out.subjects);
  out.p50 /= subjects;
  out.p85 /= subjects;
  return out;
}

}  // namespace carebench::stats
