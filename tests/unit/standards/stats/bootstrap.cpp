#include "standards/stats/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

struct Series {
  std::vector<double> device, reference;
  std::vector<std::uint32_t> subject;
};

// 20 subjects of 5 pairs, who differ from each other far more than their own pairs do.
Series clustered() {
  Series out;
  stats::Generator random(3);
  for (std::uint32_t subject = 0; subject < 20; ++subject) {
    const double own = 8 * random.uniform() - 3;
    for (int i = 0; i < 5; ++i) {
      out.reference.push_back(100 + 60 * random.uniform());
      out.device.push_back(out.reference.back() + own + random.uniform() - 0.5);
      out.subject.push_back(subject);
    }
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_stats_bootstrap)

// The published values of SplitMix64 for this seed.
BOOST_AUTO_TEST_CASE(generator) {
  stats::Generator random(1234567);
  for (const std::uint64_t wanted :
       {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u,
        16408922859458223821u})
    BOOST_TEST(random.next() == wanted);
}

BOOST_AUTO_TEST_CASE(draws_are_even) {
  stats::Generator random(5);
  std::vector<int> drawn(7);
  for (int i = 0; i < 70000; ++i) ++drawn[random.below(7)];
  for (const int count : drawn) BOOST_TEST(std::abs(count - 10000) < 400);
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST(random.below(1) == 0);
    const double x = random.uniform();
    BOOST_TEST((x >= 0 && x < 1));
  }
}

BOOST_AUTO_TEST_CASE(the_seed_decides_every_digit) {
  const Series s = clustered();
  const auto once = stats::bootstrap_errors(s.device, s.reference, s.subject, {.seed = 9});
  const auto again = stats::bootstrap_errors(s.device, s.reference, s.subject, {.seed = 9});
  const auto other = stats::bootstrap_errors(s.device, s.reference, s.subject, {.seed = 10});
  BOOST_TEST(once.bias.low == again.bias.low);
  BOOST_TEST(once.loa_high.high == again.loa_high.high);
  BOOST_TEST(once.bias.low != other.bias.low);
}

// Sums by subject give what resampling the pairs themselves gives.
BOOST_AUTO_TEST_CASE(statistics_of_the_pairs_drawn) {
  const Series s = clustered();
  const auto found = stats::bootstrap_errors(s.device, s.reference, s.subject);
  const auto slow = stats::cluster_bootstrap(
      20, 3, [&](std::span<const std::uint32_t> drawn, std::span<double> values) {
        std::vector<double> errors;
        double percent = 0;
        for (const std::uint32_t subject : drawn)
          for (std::size_t i = 5 * subject; i < 5 * subject + 5; ++i) {
            errors.push_back(s.device[i] - s.reference[i]);
            percent += 100 * std::abs(errors.back()) / s.reference[i];
          }
        double mean = 0, squares = 0;
        for (const double e : errors) mean += e / 100;
        for (const double e : errors) squares += (e - mean) * (e - mean);
        values[0] = mean;
        values[1] = std::sqrt(squares / 99);
        values[2] = percent / 100;
      });
  BOOST_TEST(found.subjects == 20u);
  BOOST_TEST(found.bias.low == slow[0].low, tt::tolerance(1e-12));
  BOOST_TEST(found.bias.high == slow[0].high, tt::tolerance(1e-12));
  BOOST_TEST(found.sd.low == slow[1].low, tt::tolerance(1e-12));
  BOOST_TEST(found.mape.high == slow[2].high, tt::tolerance(1e-12));
  BOOST_TEST(found.bias.method == "cluster bootstrap");
}

// Ten pairs of a subject who is wrong by 4 are one witness, not ten.
BOOST_AUTO_TEST_CASE(subjects_are_drawn_and_not_pairs) {
  const Series s = clustered();
  std::vector<std::uint32_t> apart(s.subject.size());
  for (std::uint32_t i = 0; i < apart.size(); ++i) apart[i] = i;
  const auto whole = stats::bootstrap_errors(s.device, s.reference, s.subject);
  const auto naive = stats::bootstrap_errors(s.device, s.reference, apart);
  BOOST_TEST(whole.bias.high - whole.bias.low > 1.6 * (naive.bias.high - naive.bias.low));
}

BOOST_AUTO_TEST_CASE(too_few_subjects_leave_it_open) {
  const std::vector<double> device = {1, 2, 3}, reference = {1, 1, 1};
  const auto one = stats::bootstrap_errors(device, reference, std::vector<std::uint32_t>{4, 4, 4});
  BOOST_TEST(one.subjects == 1u);
  BOOST_TEST(std::isinf(one.bias.low));
  BOOST_TEST(std::isinf(one.rms.high));
  const auto none = stats::bootstrap_errors({}, {}, {});
  BOOST_TEST(none.subjects == 0u);
  BOOST_TEST(std::isinf(none.sd.high));
  // References of 0 have no percentage.
  const auto zero = stats::bootstrap_errors(device, std::vector<double>{0, 0, 0},
                                            std::vector<std::uint32_t>{0, 1, 2});
  BOOST_TEST(std::isinf(zero.mape.low));
  BOOST_TEST(std::isfinite(zero.mae.low));
}

BOOST_AUTO_TEST_SUITE_END()
