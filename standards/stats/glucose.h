// Bands about a reference, absolute below a switch and relative above it, as the glucose standards
// have them. Values are finite and >= 0. Limits of a band belong to it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace carebench::stats {

struct Band {
  double switch_at = 0;             // unit of the readings
  bool switch_is_absolute = false;  // does the absolute tolerance hold at the switch itself?
  double absolute = 0;              // |device - reference| <= absolute below the switch
  double percent = 0;               // |device - reference| <= percent of the reference above it
};
// ISO 15197:2013 6.3.3 a): +-15 mg/dL below 100 mg/dL, +-15 % from there on; in mmol/L +-0.83
// below 5.55.
inline constexpr Band iso_15197_mg_dl{100, false, 15, 15};
inline constexpr Band iso_15197_mmol_l{5.55, false, 0.83, 15};
// GB/T 19634-2005 (superseded): +-0.83 mmol/L up to 4.2 mmol/L, +-20 % above.
inline constexpr Band gb_19634_2005_mmol_l{4.2, true, 0.83, 20};

bool in_band(const Band& band, double device, double reference);

struct BandCount {
  std::int64_t n = 0, within = 0;
};
BandCount count_in_band(const Band& band, std::span<const double> device,
                        std::span<const double> reference);
// ISO 15197 judges each reagent lot by itself: one count a lot, lot numbers 0 … k-1 (lot.size() ==
// device.size(), asserted).
std::vector<BandCount> count_in_band_by_lot(const Band& band, std::span<const double> device,
                                            std::span<const double> reference,
                                            std::span<const std::uint32_t> lot);

}  // namespace carebench::stats
