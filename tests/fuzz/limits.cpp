// Limits files of arbitrary bytes: no crash, every problem has its place, and what was read can be
// told, taken at any index and given any claim.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "standards/limit_library.h"
#include "standards/vocab/text.h"

namespace {

using namespace carebench;

void use(const Limit& limit) {
  if (!valid_utf8(limit.text())) std::abort();
  for (const double index :
       {-1.0, 0.0, 4.2, 99.95, 1e300, std::nan(""), std::numeric_limits<double>::infinity()}) {
    const auto fixed = at_index(limit, index);
    if (fixed && fixed->bound) std::abort();
    for (const Bound& band : limit.band) (void)band.at(index);
  }
  Claim claim;
  claim.value = 5;
  claim.unit = limit.unit;
  claim.comparison = limit.comparison;
  if (const auto claimed = with_claim(limit, claim); claimed && !valid_utf8(claimed->text()))
    std::abort();
  (void)in_force(limit.source, "2026-11-21");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document =
      yaml::Document::parse("fuzz.yaml", std::string(reinterpret_cast<const char*>(data), size));
  if (!document) return 0;
  const auto limits = read_limits(**document);
  if (!limits) {
    const std::string text = limits.error().text();
    if (text.find("fuzz.yaml:") == text.npos || !valid_utf8(text)) std::abort();
    return 0;
  }
  for (const Limit& limit : *limits) use(limit);
  return 0;
}
