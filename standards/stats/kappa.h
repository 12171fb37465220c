// Agreement of two classifications of the same things (sleep stages of epochs, events and
// non-events of trials): accuracy, Cohen's kappa, and what is found of each class.
//
//   po = sum p_ii, pe = sum p_i. p_.i, kappa = (po - pe) / (1 - pe)
// Interval: kappa +- z SE with the large-sample variance of Fleiss, Cohen and Everitt (1969),
//   n (1 - pe)^2 SE^2 = sum p_ii [1 - (p_i. + p_.i)(1 - kappa)]^2
//                       + (1 - kappa)^2 sum_{i != j} p_ij (p_.i + p_j.)^2 - [kappa - pe (1 -
//                       kappa)]^2
// which takes the things as independent. Neighbouring epochs of one night are not: the report says
// so, and several subjects want the cluster bootstrap.
//
// A class that the device never gave, or the reference never gave, is a row or column of zeros. No
// things at all, or pe = 1 (both gave one and the same class only): kappa is NaN, its interval
// open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "standards/vocab/quantity.h"

namespace carebench::stats {

// Counts by class of the reference (row) and of the device (column).
class AgreementTable {
 public:
  explicit AgreementTable(std::size_t classes) : classes_(classes), counts_(classes * classes) {}
  void add(std::size_t reference, std::size_t device, std::int64_t times = 1);  // both < classes
  std::size_t classes() const { return classes_; }
  std::int64_t count(std::size_t reference, std::size_t device) const;
  std::int64_t n() const;
  std::int64_t agreed() const;                             // on the diagonal
  std::int64_t of_reference(std::size_t reference) const;  // row sum
  std::int64_t of_device(std::size_t device) const;        // column sum

 private:
  std::size_t classes_;
  std::vector<std::int64_t> counts_;
};

struct Kappa {
  double value = 0, standard_error = 0;
  Interval interval;
};
Kappa cohen_kappa(const AgreementTable& table, double confidence = 0.95);

}  // namespace carebench::stats
