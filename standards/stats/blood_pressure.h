// The statistics that blood pressure standards fix. Unit: mmHg; error = device - reference.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace carebench::stats {

// ISO 81060-2:2018 5.2.4.1.2 b): Sm = sqrt(sum (xbar_i - xbar)^2 / (m - 1)), xbar_i the mean error
// of subject i, xbar the mean of ALL pairs, m subjects. `subject[i]`: number of the subject of
// errors[i], 0 … m-1; of the same length (asserted). NaN for fewer than two subjects.
double subject_mean_sd(std::span<const double> errors, std::span<const std::uint32_t> subject);

// Table 1 of the same clause: the largest Sm allowed at a pooled mean error. The table is normative
// and not the 85 % theory behind it. It has steps of 0.1 mmHg; between two of them the next higher
// index holds (conservative), and the limit of the rounded mean is given to be printed beside it.
// Above 5.0 mmHg there is no limit: criterion 2 fails (nullopt; so for NaN).
struct SubjectMeanLimit {
  double index = 0, limit = 0;                  // next higher 0.1 mmHg, and its Sm
  double rounded_index = 0, rounded_limit = 0;  // |mean| rounded to 0.1 mmHg, half up
};
std::optional<SubjectMeanLimit> subject_mean_limit(double pooled_mean);

// P(|e| <= within) of normal errors: the theory behind Table 1 (0.85 within 10 mmHg). Not
// normative.
double probability_within(double mean, double sd, double within = 10);

// ISO 81060-2:2018 6.2.5-6.2.6, invasive reference: 0 inside reference mean +- 1 SD of its beats,
// else the distance, signed, to the nearer limit.
double dead_band_error(double device, double reference_mean, double reference_sd);

// How many errors lie within 5, 10 and 15 mmHg, limits included.
struct SharesWithin {
  std::int64_t n = 0, within_5 = 0, within_10 = 0, within_15 = 0;
};
SharesWithin shares_within(std::span<const double> errors);
// BHS revised protocol 1993, informative: A 60/85/95 %, B 50/75/90 %, C 40/65/85 %, else D, by the
// count rule. nullopt for n = 0.
std::optional<char> bhs_grade(const SharesWithin& shares);
// ESH international protocol rev. 2010, part 2, of the subjects with exactly three pairs: with at
// least two, and with none, of the three errors within 5 mmHg.
struct EshSubjects {
  std::int64_t subjects = 0, two_of_three = 0, none_of_three = 0, other_counts = 0;
};
EshSubjects esh_subjects(std::span<const double> errors, std::span<const std::uint32_t> subject);

// IEEE 1708-2025 Table 6: A for a mean absolute difference <= 5; B <= 6 and C <= 7, both with
// |bias| <= 5; else D. nullopt for NaN.
std::optional<char> ieee_1708_grade(double mean_absolute_difference, double bias);

// ISO 81060-3:2022 5.3.2, 5.3.5, tracking of changes: 100 |dp - dr| / max(|dp|, |dr|) in % for each
// event with |dr| >= threshold (15 SBP, 10 DBP, 12 MAP); P50 and P85 (nearest rank) of each
// subject, averaged over the subjects that have an event. NaN where none has.
struct ChangeTracking {
  std::int64_t events = 0, subjects = 0;
  double p50 = 0, p85 = 0;  // %
};
ChangeTracking change_tracking(std::span<const double> device_change,
                               std::span<const double> reference_change,
                               std::span<const std::uint32_t> subject, double threshold);

}  // namespace carebench::stats
