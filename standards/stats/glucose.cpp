#include "standards/stats/glucose.h"

#include <cassert>
#include <cmath>

namespace carebench::stats {

bool in_band(const Band& band, double device, double reference) {
  // A reading at the limit belongs to the band, also where its decimals are not exact in binary.
  constexpr double rounding = 1e-12;
  const double error = std::abs(device - reference), slack = rounding * (device + reference);
  const bool absolute =
      band.switch_is_absolute ? reference <= band.switch_at : reference < band.switch_at;
  return absolute ? error <= band.absolute + slack
                  : 100 * (error - slack) <= band.percent * reference;
}

BandCount count_in_band(const Band& band, std::span<const double> device,
                        std::span<const double> reference) {
  assert(device.size() == reference.size());
  BandCount out{static_cast<std::int64_t>(device.size()), 0};
  for (std::size_t i = 0; i < device.size(); ++i)
    if (in_band(band, device[i], reference[i])) ++out.within;
  return out;
}

std::vector<BandCount> count_in_band_by_lot(const Band& band, std::span<const double> device,
                                            std::span<const double> reference,
                                            std::span<const std::uint32_t> lot) {
  assert(device.size() == reference.size() && device.size() == lot.size());
  std::vector<BandCount> out;
  for (std::size_t i = 0; i < device.size(); ++i) {
    if (lot[i] >= out.size()) out.resize(lot[i] + std::size_t{1});
    ++out[lot[i]].n;
    if (in_band(band, device[i], reference[i])) ++out[lot[i]].within;
  }
  return out;
}

}  // namespace carebench::stats
