#include "standards/stats/panel.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "standards/stats/difference_select.h"
#include "standards/stats/panel_sums.h"
#include "standards/stats/percentiles.h"
#include "standards/stats/zone_table.h"

namespace carebench::stats {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t chunks_of_a_block = 32;
constexpr std::size_t block_pairs = chunks_of_a_block * panel_chunk;
constexpr std::size_t most_threads = 64;

// What one thread counts; whole numbers, whose sum does not depend on who counted them.
struct Tally {
  LeadingCounts leading;
  GridCounts zones;
};

// The sums of one block; its zones and leading digits go to the tally.
PanelSums sum_block(std::span<const double> device, std::span<const double> reference,
                    const ZoneTable* zones, Tally& tally) {
  PanelSums out;
  std::array<double, panel_chunk> errors;
  for (std::size_t begin = 0; begin < device.size(); begin += panel_chunk) {
    const std::size_t size = std::min(panel_chunk, device.size() - begin);
    const auto y = device.subspan(begin, size), x = reference.subspan(begin, size);
    out.append(sum_chunk(y.data(), x.data(), size, errors.data()));
    tally.leading.add(std::span(errors).first(size));
    if (zones != nullptr) zones->count(y, x, tally.zones);
  }
  return out;
}

Panel no_numbers(std::int64_t n, std::int64_t not_finite) {
  Panel out;
  out.n = n;
  out.not_finite = not_finite;
  for (double* figure : {&out.bias, &out.sd, &out.rms, &out.mae, &out.max_abs, &out.mape, &out.p5,
                         &out.p50, &out.p95, &out.p99})
    *figure = not_a_number;
  out.loa = limits_of_agreement(0, not_a_number, not_a_number);
  return out;
}

}  // namespace

Panel panel(std::span<const double> device, std::span<const double> reference,
            const PanelOptions& options) {
  assert(device.size() == reference.size());
  const std::size_t n = device.size(), blocks = (n + block_pairs - 1) / block_pairs;
  if (n == 0) return no_numbers(0, 0);
  const std::size_t threads =
      std::clamp<std::size_t>(options.threads, 1, std::min(blocks, most_threads));
  const auto zones = options.glucose_mg_dl ? std::make_unique<ZoneTable>() : nullptr;
  std::vector<Tally> tallies(threads);
  std::vector<PanelSums> sums(blocks);
  in_threads(static_cast<unsigned>(threads), [&](unsigned t) {
    for (std::size_t b = t; b < blocks; b += threads) {
      const std::size_t begin = b * block_pairs, size = std::min(block_pairs, n - begin);
      sums[b] = sum_block(device.subspan(begin, size), reference.subspan(begin, size), zones.get(),
                          tallies[t]);
    }
  });
  PanelSums all;
  for (const PanelSums& block : sums) all.append(block);
  if (all.finite != all.n) return no_numbers(all.n, all.n - all.finite);
  for (std::size_t t = 1; t < threads; ++t) {
    tallies[0].leading += tallies[t].leading;
    tallies[0].zones += tallies[t].zones;
  }

  const double count = static_cast<double>(all.n);
  Panel out;
  out.n = all.n;
  out.bias = all.mean;
  out.sd = all.n < 2 ? not_a_number : std::sqrt(all.squares / (count - 1));
  out.rms = std::sqrt(all.mean * all.mean + all.squares / count);
  out.mae = all.absolute / count;
  out.max_abs = all.max_abs;
  out.zero_references = all.n - all.percent_pairs;
  out.mape = all.percent_pairs == 0 ? not_a_number
                                    : 100 * (all.relative / static_cast<double>(all.percent_pairs));
  out.loa = limits_of_agreement(all.n, out.bias, out.sd);
  const std::array ranks = {nearest_rank(all.n, 0.05), nearest_rank(all.n, 0.50),
                            nearest_rank(all.n, 0.95), nearest_rank(all.n, 0.99)};
  const std::vector<double> values = select_differences(device, reference, tallies[0].leading,
                                                        ranks, static_cast<unsigned>(threads));
  out.p5 = values[0];
  out.p50 = values[1];
  out.p95 = values[2];
  out.p99 = values[3];
  if (zones != nullptr) {
    out.clarke = tallies[0].zones.clarke;
    out.parkes_1 = tallies[0].zones.parkes_1;
    out.parkes_2 = tallies[0].zones.parkes_2;
  }
  return out;
}

double median_percentage_error(std::span<const double> device, std::span<const double> reference) {
  assert(device.size() == reference.size());
  std::vector<double> percent;
  for (std::size_t i = 0; i < device.size(); ++i)
    if (reference[i] != 0)
      percent.push_back(100 * std::abs(device[i] - reference[i]) / std::abs(reference[i]));
  if (percent.empty()) return not_a_number;
  const auto rank = nearest_rank(static_cast<std::int64_t>(percent.size()), 0.5);
  const auto median = percent.begin() + (rank - 1);
  std::nth_element(percent.begin(), median, percent.end());
  return *median;
}

}  // namespace carebench::stats
