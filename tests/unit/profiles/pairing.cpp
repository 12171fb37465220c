#include "profiles/measuring/pairing.h"

#include <cmath>
#include <cstdlib>
#include <ostream>
#include <vector>

#include "profiles/measuring/lag_search.h"
#include "tests/support/boost_test.h"

namespace data = boost::unit_test::data;
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

namespace {

constexpr Nanoseconds ms = 1'000'000;

// A quantity that changes, read every 700 ms by one and every second by the other.
std::vector<TimedReading> read_of(double behind_s, double offset, Nanoseconds period,
                                  Nanoseconds clock_ahead) {
  std::vector<TimedReading> out;
  for (Nanoseconds at = 0; at < 600'000 * ms; at += period) {
    const double t = static_cast<double>(at) * 1e-9 - behind_s;
    out.push_back({{at + clock_ahead}, offset + 70 + 9 * std::sin(t / 17) + 3 * std::sin(t / 5)});
  }
  return out;
}

}  // namespace

struct Behind {
  double behind_s;
  Nanoseconds clock_ahead;
  double expected_s;
};
std::ostream& operator<<(std::ostream& out, const Behind& b) { return out << b.expected_s; }
const Behind behinds[] = {
    {0, 0, 0}, {8, 0, 8}, {0, 21'000 * ms, 21}, {0, -21'000 * ms, -21}, {3, -9'000 * ms, -6}};

BOOST_DATA_TEST_CASE(a_lag_is_found_whatever_the_offset, data::make(behinds), one) {
  const auto device = read_of(one.behind_s, 12, 700 * ms, one.clock_ahead);
  const auto reference = read_of(0, 0, 1000 * ms, 0);
  const LagFound found = search_lag(device, reference, {500 * ms}, {30'000 * ms});
  BOOST_TEST(std::abs(found.lag.seconds() - one.expected_s) <= 0.2);
  BOOST_TEST(found.sd < 0.3);
  BOOST_TEST(found.sd <= found.sd_without);
  BOOST_TEST(!found.at_the_edge);
}

BOOST_AUTO_TEST_CASE(a_lag_beyond_the_search_is_told) {
  const LagFound found = search_lag(read_of(20, 0, 700 * ms, 0), read_of(0, 0, 1000 * ms, 0),
                                    {500 * ms}, {10'000 * ms});
  BOOST_TEST(found.at_the_edge);
}

BOOST_AUTO_TEST_CASE(what_never_changes_has_no_lag) {
  std::vector<TimedReading> flat;
  for (Nanoseconds at = 0; at < 100'000 * ms; at += 1000 * ms) flat.push_back({{at}, 60});
  const LagFound found = search_lag(flat, flat, {500 * ms}, {10'000 * ms});
  BOOST_TEST(found.lag.ns == 0);
  BOOST_TEST(found.pairs == 100);
  BOOST_TEST(std::isnan(search_lag({}, flat, {500 * ms}, {10'000 * ms}).sd));
}

BOOST_AUTO_TEST_CASE(without_a_lag_the_pairs_are_those_of_pairing) {
  const auto device = read_of(0, 0, 700 * ms, 0), reference = read_of(0, 0, 1000 * ms, 0);
  std::vector<Reading> all;
  for (const auto& one : device) all.push_back({Side::device, one.stamp.ns});
  for (const auto& one : reference) all.push_back({Side::reference, one.stamp.ns});
  std::vector<std::pair<Nanoseconds, Nanoseconds>> pairs;
  pair_with_lag(device, reference, {200 * ms}, {}, [&](const ReadingPair& pair) {
    pairs.emplace_back(pair.device_at.ns, pair.reference_at.ns);
  });
  BOOST_TEST((pairs == by_definition(all, 200 * ms)));
}

BOOST_AUTO_TEST_SUITE_END()
