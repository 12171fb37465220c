#include "profiles/measuring/pairing.h"

#include <cstdlib>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

using Side = Pairing::Side;

struct Reading {
  Side side;
  Nanoseconds at;
};

// The definition, word by word: nearest of the other side (the earlier of two), both ways.
std::vector<std::pair<Nanoseconds, Nanoseconds>> by_definition(const std::vector<Reading>& all,
                                                               Nanoseconds tolerance) {
  const auto nearest = [&](const Reading& of) {
    const Reading* best = nullptr;
    for (const Reading& one : all) {
      if (one.side == of.side) continue;
      if (!best || std::abs(one.at - of.at) < std::abs(best->at - of.at)) best = &one;
    }
    return best;
  };
  std::vector<std::pair<Nanoseconds, Nanoseconds>> pairs;
  for (const Reading& one : all) {
    if (one.side != Side::device) continue;
    const Reading* partner = nearest(one);
    if (partner && nearest(*partner) == &one && std::abs(partner->at - one.at) <= tolerance)
      pairs.emplace_back(one.at, partner->at);
  }
  return pairs;
}

std::vector<std::pair<Nanoseconds, Nanoseconds>> paired(const std::vector<Reading>& all,
                                                        Nanoseconds tolerance) {
  Pairing pairing({tolerance});
  std::vector<std::pair<Nanoseconds, Nanoseconds>> pairs;
  const auto keep = [&](const std::optional<ReadingPair>& pair) {
    if (pair) pairs.emplace_back(pair->device_at.ns, pair->reference_at.ns);
  };
  for (const Reading& one : all) keep(pairing.add(one.side, {one.at}, 0));
  keep(pairing.finish());
  BOOST_TEST(pairing.pairs() == pairs.size());
  return pairs;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_pairing)

BOOST_AUTO_TEST_CASE(each_other_s_nearest_within_the_tolerance) {
  const std::vector<Reading> all = {
      {Side::device, 0},   {Side::reference, 10},  {Side::device, 100},  {Side::reference, 140},
      {Side::device, 150}, {Side::reference, 400}, {Side::device, 1000}, {Side::device, 1010}};
  const auto pairs = paired(all, 100);
  BOOST_REQUIRE_EQUAL(pairs.size(), 2U);
  BOOST_TEST(pairs[0].second == 10);
  BOOST_TEST(pairs[1].first == 150);
  BOOST_TEST(pairs[1].second == 140);
}

BOOST_AUTO_TEST_CASE(of_two_equally_near_the_earlier_one_counts) {
  const auto pairs = paired({{Side::device, 0}, {Side::reference, 10}, {Side::device, 20}}, 100);
  BOOST_REQUIRE_EQUAL(pairs.size(), 1U);
  BOOST_TEST(pairs[0].first == 0);
}

BOOST_AUTO_TEST_CASE(a_fast_device_does_not_use_a_reading_twice) {
  std::vector<Reading> all;
  for (int i = 0; i < 100; ++i) {
    all.push_back({Side::device, i * 10});
    if (i % 10 == 3) all.push_back({Side::reference, i * 10 + 2});
  }
  const auto pairs = paired(all, 1000);
  BOOST_REQUIRE_EQUAL(pairs.size(), 10U);
  for (const auto& [device, reference] : pairs) BOOST_TEST(reference - device == 2);
}

// Distinct stamps, so that the definition's ties are the only ones.
BOOST_AUTO_TEST_CASE(agrees_with_the_definition_on_any_stream) {
  std::uint64_t state = 42;
  const auto draw = [&](std::uint64_t below) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<Nanoseconds>((state >> 33) % below);
  };
  for (int round = 0; round < 400; ++round) {
    std::vector<Reading> all;
    Nanoseconds at = 0;
    const auto length = draw(40);
    for (Nanoseconds i = 0; i < length; ++i) {
      at += 1 + draw(12);
      all.push_back({draw(3) == 0 ? Side::reference : Side::device, at});
    }
    const Nanoseconds tolerance = 1 + draw(15);
    BOOST_REQUIRE(paired(all, tolerance) == by_definition(all, tolerance));
  }
}

BOOST_AUTO_TEST_CASE(stamps_that_go_back_count_as_equal) {
  Pairing pairing({10});
  pairing.add(Side::device, {100}, 1);
  pairing.add(Side::reference, {90}, 2);
  const auto pair = pairing.finish();
  BOOST_REQUIRE(pair.has_value());
  BOOST_TEST(pair->reference_at.ns == 100);
  BOOST_TEST(pair->device == 1);
  BOOST_TEST(pair->reference == 2);
}

BOOST_AUTO_TEST_CASE(nothing_pairs_across_a_level) {
  Pairing pairing({1000});
  pairing.add(Side::device, {100}, 1);
  BOOST_TEST(!pairing.finish().has_value());
  pairing.add(Side::reference, {101}, 2);
  BOOST_TEST(!pairing.finish().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
