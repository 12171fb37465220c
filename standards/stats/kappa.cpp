#include "standards/stats/kappa.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "standards/stats/distributions.h"

namespace carebench::stats {

void AgreementTable::add(std::size_t reference, std::size_t device, std::int64_t times) {
  assert(reference < classes_ && device < classes_ && times >= 0);
  counts_[reference * classes_ + device] += times;
}

std::int64_t AgreementTable::count(std::size_t reference, std::size_t device) const {
  assert(reference < classes_ && device < classes_);
  return counts_[reference * classes_ + device];
}

std::int64_t AgreementTable::n() const {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts_) sum += count;
  return sum;
}

std::int64_t AgreementTable::agreed() const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < classes_; ++i) sum += count(i, i);
  return sum;
}

std::int64_t AgreementTable::of_reference(std::size_t reference) const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < classes_; ++i) sum += count(reference, i);
  return sum;
}

std::int64_t AgreementTable::of_device(std::size_t device) const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < classes_; ++i) sum += count(i, device);
  return sum;
}

Kappa cohen_kappa(const AgreementTable& table, double confidence) {
  Kappa out{std::nan(""), std::nan(""), {}};
  out.interval.confidence = confidence;
  out.interval.method = "Fleiss-Cohen-Everitt";
  const std::int64_t things = table.n();
  if (things == 0) return out;
  const auto n = static_cast<double>(things);
  const std::size_t k = table.classes();
  const auto row = [&](std::size_t i) { return static_cast<double>(table.of_reference(i)) / n; };
  const auto column = [&](std::size_t i) { return static_cast<double>(table.of_device(i)) / n; };
  double by_chance = 0;
  bool one_class = false;  // 1 - pe would be rounding
  for (std::size_t i = 0; i < k; ++i) {
    by_chance += row(i) * column(i);
    one_class = one_class || table.count(i, i) == things;
  }
  if (one_class) return out;
  const double observed = static_cast<double>(table.agreed()) / n;
  const double kappa = (observed - by_chance) / (1 - by_chance), rest = 1 - kappa;

  double on_diagonal = 0, beside = 0;
  for (std::size_t i = 0; i < k; ++i)
    for (std::size_t j = 0; j < k; ++j) {
      const double p = static_cast<double>(table.count(i, j)) / n;
      const double factor = i == j ? 1 - (row(i) + column(i)) * rest : column(i) + row(j);
      (i == j ? on_diagonal : beside) += p * factor * factor;
    }
  const double chance = kappa - by_chance * rest;
  const double variance = on_diagonal + rest * rest * beside - chance * chance;
  out.value = kappa;
  out.standard_error = std::sqrt(std::max(0.0, variance) / n) / (1 - by_chance);
  const double half = normal_quantile(0.5 + confidence / 2) * out.standard_error;
  out.interval.low = std::max(-1.0, kappa - half);
  out.interval.high = std::min(1.0, kappa + half);
  return out;
}

}  // namespace carebench::stats
