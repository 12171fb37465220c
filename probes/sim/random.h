// Randomness that can be asked for at any place: number n of a seed is a pure function, so that two
// devices (or two processes) with one seed agree, and a fault that draws more numbers disturbs no
// other series. Arithmetic on integers and sums only: the same octets with every libm.
#pragma once

#include <cstdint>
#include <string_view>

namespace carebench::sim {

constexpr std::uint64_t mix(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t n) { return mix(mix(seed) ^ n); }

// The seed of a series that has a name.
constexpr std::uint64_t mix(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mix(seed, hash);
}

// Number n of a series, in [0, 1).
constexpr double uniform(std::uint64_t seed, std::uint64_t n) {
  return static_cast<double>(mix(seed, n) >> 11) * 0x1p-53;
}

// Number n of a series, mean 0, standard deviation 1, within +-6: the sum of twelve uniform
// numbers.
constexpr double gaussian(std::uint64_t seed, std::uint64_t n) {
  double sum = -6 + 12 * 0x1p-17;
  for (std::uint64_t word = 0; word < 3; ++word)
    for (std::uint64_t bits = mix(seed, 3 * n + word), i = 0; i < 4; ++i, bits >>= 16)
      sum += static_cast<double>(bits & 0xffff) * 0x1p-16;
  return sum;
}

}  // namespace carebench::sim
