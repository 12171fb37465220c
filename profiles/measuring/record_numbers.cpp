#include "profiles/measuring/record_numbers.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace carebench {
namespace {

constexpr std::int64_t turn = 65536;

std::int64_t in_turn(std::int64_t number) { return (number % turn + turn) % turn; }

}  // namespace

RecordNumbers record_numbers(const std::vector<std::int64_t>& came, std::int64_t step) {
  RecordNumbers found;
  std::set<std::int64_t> sorted;
  for (const std::int64_t number : came) sorted.insert(in_turn(number));
  if (sorted.empty()) return found;
  std::int64_t first = *sorted.begin(), widest = first + turn - *sorted.rbegin();
  for (auto it = sorted.begin(); std::next(it) != sorted.end(); ++it)
    if (const std::int64_t gap = *std::next(it) - *it; gap > widest) {
      widest = gap;
      first = *std::next(it);
    }
  const auto distinct = static_cast<std::int64_t>(sorted.size());
  found.missing = std::max<std::int64_t>(0, (turn - widest) / step + 1 - distinct);
  found.repeated = static_cast<std::int64_t>(came.size()) - distinct;
  const auto age = [&](std::int64_t number) { return in_turn(number - first); };
  for (std::size_t i = 1; i < came.size(); ++i) found.backwards += age(came[i]) < age(came[i - 1]);
  return found;
}

}  // namespace carebench
