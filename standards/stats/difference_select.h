// Order statistics of the differences e = device - reference, without a copy of them: the bit
// patterns of e, in an order as of the numbers, are counted by their leading digits; further passes
// count or gather only those that share the digits of a rank that is sought. Exact; bounded memory
// (some MiB) for any number of pairs; independent of how the pairs are shared out among threads.
// +0 and -0 are one number. Differences that are no number have some rank, and harm nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace carebench::stats {

// How many differences have these leading 18 bits (sign, exponent, 6 of the fraction).
class LeadingCounts {
 public:
  LeadingCounts();
  void add(std::span<const double> differences);
  void operator+=(const LeadingCounts& other);
  std::span<const std::uint64_t> counts() const { return counts_; }

 private:
  std::vector<std::uint64_t> counts_;
};

// Calls part(t) for t = 0 … threads-1, each in a thread of its own where there are several.
void in_threads(unsigned threads, const std::function<void(unsigned)>& part);

// The values of these ranks (1-based, ascending, each at most the number of pairs, `leading` being
// the counts of all pairs). Sizes alike (asserted).
std::vector<double> select_differences(std::span<const double> device,
                                       std::span<const double> reference,
                                       const LeadingCounts& leading,
                                       std::span<const std::int64_t> ranks, unsigned threads);

}  // namespace carebench::stats
