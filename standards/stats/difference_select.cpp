#include "standards/stats/difference_select.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <thread>

namespace carebench::stats {
namespace {

constexpr int leading_bits = 18;
constexpr int step_bits = 16;  // of each further count: 18 + 16 + 16 + 14 = 64
constexpr std::uint64_t sign = std::uint64_t{1} << 63;
// So few keys are gathered and sorted; more are counted by further digits first.
constexpr std::uint64_t few = std::uint64_t{1} << 19;

// Without a branch: which sign comes next cannot be foretold.
std::uint64_t key_of(double x) {
  const auto bits = std::bit_cast<std::int64_t>(x + 0.0);  // -0 becomes +0
  return static_cast<std::uint64_t>(bits) ^ (static_cast<std::uint64_t>(bits >> 63) | sign);
}

double of_key(std::uint64_t key) {
  return std::bit_cast<double>((key & sign) != 0 ? key & ~sign : ~key);
}

// The keys that share their first `known` bits with `prefix`, among them a rank that is sought.
struct Bin {
  Bin(std::uint64_t bits, int bits_known, std::uint64_t keys_in_it)
      : prefix(bits), known(bits_known), count(keys_in_it) {}

  std::uint64_t prefix;  // in the last bits
  int known;
  std::uint64_t count;
  std::uint64_t least = ~std::uint64_t{0}, greatest = 0;  // of the keys seen in it, once counted
  std::vector<std::uint64_t> counts;                      // by their next digits
  std::vector<std::uint64_t> keys;

  bool holds(std::uint64_t key) const { return key >> (64 - known) == prefix; }
  int next_bits() const { return std::min(step_bits, 64 - known); }
  bool alike() const { return known == 64 || least == greatest; }
  // Do its keys need counting by their next digits? Only to be asked between passes.
  bool large() const { return count > few && !alike(); }
};

struct Sought {
  std::uint64_t rank = 0;  // 1-based, within its bin
  std::size_t bin = 0;
};

// Goes once through all pairs, sharing them out among threads; `see(bin, key)` is called on a copy
// of `bins` for each thread, and `join` brings the copies together.
template <class See, class Join>
void pass(std::span<const double> device, std::span<const double> reference, unsigned threads,
          std::vector<Bin>& bins, const See& see, const Join& join) {
  // Which bin the leading bits belong to, so that nearly all keys cost one look.
  std::vector<std::uint8_t> first(std::size_t{1} << leading_bits);
  for (const Bin& bin : bins) first[bin.prefix >> (bin.known - leading_bits)] = 1;
  std::vector<std::vector<Bin>> parts(threads, bins);
  in_threads(threads, [&](unsigned t) {
    const std::size_t n = device.size(), begin = n * t / threads, end = n * (t + 1) / threads;
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint64_t key = key_of(device[i] - reference[i]);
      if (first[key >> (64 - leading_bits)] == 0) continue;
      for (Bin& bin : parts[t])
        if (bin.holds(key)) see(bin, key);
    }
  });
  for (std::size_t b = 0; b < bins.size(); ++b)
    for (unsigned t = 0; t < threads; ++t) join(bins[b], parts[t][b]);
}

void count_next_digits(std::span<const double> device, std::span<const double> reference,
                       unsigned threads, std::vector<Bin>& bins) {
  for (Bin& bin : bins)
    if (bin.large()) bin.counts.resize(std::size_t{1} << bin.next_bits());
  pass(
      device, reference, threads, bins,
      [](Bin& bin, std::uint64_t key) {
        if (bin.counts.empty()) return;
        const int shift = 64 - bin.known - bin.next_bits();
        ++bin.counts[(key >> shift) & ((std::uint64_t{1} << bin.next_bits()) - 1)];
        bin.least = std::min(bin.least, key);
        bin.greatest = std::max(bin.greatest, key);
      },
      [](Bin& bin, const Bin& part) {
        for (std::size_t i = 0; i < part.counts.size(); ++i) bin.counts[i] += part.counts[i];
        bin.least = std::min(bin.least, part.least);
        bin.greatest = std::max(bin.greatest, part.greatest);
      });
}

void gather(std::span<const double> device, std::span<const double> reference, unsigned threads,
            std::vector<Bin>& bins) {
  pass(
      device, reference, threads, bins,
      [](Bin& bin, std::uint64_t key) {
        if (!bin.alike()) bin.keys.push_back(key);
      },
      [](Bin& bin, const Bin& part) {
        bin.keys.insert(bin.keys.end(), part.keys.begin(), part.keys.end());
      });
}

// The place of a rank in counts: the index, and the rank within it.
std::pair<std::uint64_t, std::uint64_t> place(std::span<const std::uint64_t> counts,
                                              std::uint64_t rank) {
  std::uint64_t index = 0;
  while (rank > counts[index]) rank -= counts[index++];
  return {index, rank};
}

// Puts every rank into the bin of its next digits.
void narrow(const std::vector<Bin>& bins, std::vector<Sought>& sought, std::vector<Bin>& into) {
  for (Sought& one : sought) {
    const Bin& bin = bins[one.bin];
    Bin next = bin;  // as it is, where its keys are all alike or few
    if (!bin.counts.empty() && bin.least != bin.greatest) {
      const auto [index, rank] = place(bin.counts, one.rank);
      next = Bin(bin.prefix << bin.next_bits() | index, bin.known + bin.next_bits(),
                 bin.counts[index]);
      one.rank = rank;
    }
    next.counts.clear();
    if (into.empty() || into.back().prefix != next.prefix || into.back().known != next.known)
      into.push_back(next);
    one.bin = into.size() - 1;
  }
}

}  // namespace

LeadingCounts::LeadingCounts() : counts_(std::size_t{1} << leading_bits) {}

void LeadingCounts::add(std::span<const double> differences) {
  for (const double x : differences) ++counts_[key_of(x) >> (64 - leading_bits)];
}

void LeadingCounts::operator+=(const LeadingCounts& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

void in_threads(unsigned threads, const std::function<void(unsigned)>& part) {
  assert(threads >= 1);
  std::vector<std::jthread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back([&part, t] { part(t); });
  part(0);
}

std::vector<double> select_differences(std::span<const double> device,
                                       std::span<const double> reference,
                                       const LeadingCounts& leading,
                                       std::span<const std::int64_t> ranks, unsigned threads) {
  assert(device.size() == reference.size() && std::is_sorted(ranks.begin(), ranks.end()));
  std::vector<Bin> bins;
  std::vector<Sought> sought;
  for (const std::int64_t rank : ranks) {
    assert(rank >= 1 && static_cast<std::size_t>(rank) <= device.size());
    const auto [index, within] = place(leading.counts(), static_cast<std::uint64_t>(rank));
    if (bins.empty() || bins.back().prefix != index)
      bins.emplace_back(index, leading_bits, leading.counts()[index]);
    sought.push_back({within, bins.size() - 1});
  }
  while (std::any_of(bins.begin(), bins.end(), [](const Bin& bin) { return bin.large(); })) {
    count_next_digits(device, reference, threads, bins);
    std::vector<Bin> next;
    narrow(bins, sought, next);
    bins = std::move(next);
  }
  gather(device, reference, threads, bins);
  std::vector<double> out;
  for (const Sought& one : sought) {
    Bin& bin = bins[one.bin];
    if (bin.alike()) {
      out.push_back(of_key(bin.known == 64 ? bin.prefix : bin.least));
      continue;
    }
    const auto wanted = bin.keys.begin() + static_cast<std::ptrdiff_t>(one.rank - 1);
    std::nth_element(bin.keys.begin(), wanted, bin.keys.end());
    out.push_back(of_key(*wanted));
  }
  return out;
}

}  // namespace carebench::stats
