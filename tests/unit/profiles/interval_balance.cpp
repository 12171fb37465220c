#include "profiles/measuring/interval_balance.h"

#include <cmath>
#include <functional>
#include <ostream>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

Stamp at_s(double s) { return {std::llround(s * 1e9)}; }

// Beats with that interval at a time, told at once or once a second, as a device would; `skip` says
// which messages never come, `twice` which come twice.
struct Rhythm {
  std::function<double(double)> interval;
  bool at_once = false;
  std::function<bool(int)> skip = [](int) { return false; };
  std::function<bool(int)> twice = [](int) { return false; };
  double duration_s = 600;
  double jitter_s = 0.01;
  double clock = 1;  // its own, against the bench's
};

FrameBalance play(const Rhythm& rhythm) {
  FramesByInterval frames(at_s(0));
  double beat = 0, told = 1;
  std::vector<double> since;
  int message = 0;
  const auto tell = [&](double at) {
    const double late = rhythm.jitter_s * (message * 7919 % 100) / 100;
    for (int times = rhythm.skip(message) ? 0 : rhythm.twice(message) ? 2 : 1; times > 0; --times)
      frames.add(since, at_s(at + late));
    ++message;
    since.clear();
  };
  while (beat < rhythm.duration_s) {
    const double interval = rhythm.interval(beat);
    beat += interval;
    for (; !rhythm.at_once && told < beat; told += 1) tell(told);
    since.push_back(std::floor(interval * rhythm.clock * 1024) / 1024);
    if (rhythm.at_once) tell(beat);
  }
  frames.end(at_s(std::min(beat, rhythm.duration_s)));
  return frames.balance();
}

double uneven(double at) { return 0.8 + 0.12 * std::sin(at / 3) + 0.05 * std::sin(at * 1.7); }
const std::function<double(double)> fixed_8 = [](double) { return 0.8; };
const std::function<double(double)> near_1 = [](double) { return 0.99; };
const std::function<double(double)> over_1 = [](double) { return 1.03; };
const std::function<double(double)> fast = [](double) { return 0.42; };

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_interval_balance)

BOOST_AUTO_TEST_CASE(sound_rhythms_lose_and_repeat_nothing) {
  for (const bool at_once : {true, false})
    for (const auto& interval :
         {std::function<double(double)>(uneven), fixed_8, near_1, over_1, fast}) {
      BOOST_TEST_CONTEXT("at once: " << at_once << ", interval " << interval(100)) {
        const FrameBalance balance = play({interval, at_once});
        BOOST_TEST(balance.lost <= 1U);
        BOOST_TEST(balance.duplicates <= 1U);
        BOOST_TEST(balance.received > 500U);
      }
    }
}

BOOST_AUTO_TEST_CASE(an_hour_of_rounding_and_a_slow_clock_is_no_loss) {
  Rhythm slow{uneven, false};
  slow.duration_s = 3600;
  slow.clock = 0.9999;
  BOOST_TEST(play(slow).lost <= 1U);
  BOOST_TEST(play(slow).duplicates <= 1U);
}

BOOST_AUTO_TEST_CASE(messages_that_never_come_are_counted_by_their_intervals) {
  const auto tenth = [](int message) { return message % 10 == 9; };
  for (const bool at_once : {true, false})
    for (const auto& interval : {std::function<double(double)>(uneven), fixed_8, near_1, fast}) {
      BOOST_TEST_CONTEXT("at once: " << at_once << ", interval " << interval(100)) {
        const FrameBalance whole = play({interval, at_once});
        const FrameBalance balance = play({interval, at_once, tenth});
        const double missing =
            static_cast<double>(whole.received) - static_cast<double>(balance.received);
        BOOST_TEST(std::abs(static_cast<double>(balance.lost) - missing) <= 0.06 * missing + 1);
        BOOST_TEST(balance.duplicates <= 2U);
      }
    }
}

BOOST_AUTO_TEST_CASE(a_single_message_in_ten_minutes) {
  const auto one = [](int message) { return message == 300; };
  for (const bool at_once : {true, false}) {
    const FrameBalance balance = play({uneven, at_once, one});
    BOOST_TEST(balance.lost >= 1U);
    BOOST_TEST(balance.lost <= 2U);
  }
}

BOOST_AUTO_TEST_CASE(messages_that_come_twice) {
  const auto tenth = [](int message) { return message % 10 == 9; };
  const auto none = [](int) { return false; };
  for (const bool at_once : {true, false}) {
    const FrameBalance balance = play({uneven, at_once, none, tenth});
    BOOST_TEST(balance.duplicates >= 55U);
    BOOST_TEST(balance.duplicates <= 80U);
    BOOST_TEST(balance.lost <= 2U);
  }
}

BOOST_AUTO_TEST_CASE(losses_and_repetitions_do_not_make_up_for_each_other) {
  const auto skip = [](int message) { return message % 20 == 9; };
  const auto twice = [](int message) { return message % 20 == 19; };
  for (const bool at_once : {true, false}) {
    const FrameBalance balance = play({uneven, at_once, skip, twice});
    // Told once a second, some make up for each other before either shows.
    BOOST_TEST(balance.lost >= (at_once ? 30U : 18U));
    BOOST_TEST(balance.duplicates >= (at_once ? 30U : 15U));
  }
}

BOOST_AUTO_TEST_CASE(ends_and_silence_count) {
  FramesByInterval silent(at_s(0));
  silent.end(at_s(60));
  BOOST_TEST(silent.balance().lost == 1U);  // there is no share of nothing
  FramesByInterval late(at_s(0));
  for (int i = 0; i < 20; ++i) late.add(std::array{0.8}, at_s(10 + 0.8 * i));
  late.end(at_s(60));
  BOOST_TEST(late.balance().received == 19U);
  BOOST_TEST(late.balance().lost == 12U + 43U);
}

BOOST_AUTO_TEST_CASE(time_without_bench_is_nobody_s_loss) {
  FramesByInterval frames(at_s(0));
  for (int i = 1; i <= 40; ++i) frames.add(std::array{0.8}, at_s(0.8 * i));
  frames.end(at_s(32.2));
  frames.resume(at_s(500));
  for (int i = 1; i <= 40; ++i) frames.add(std::array{0.8}, at_s(500 + 0.8 * i));
  frames.end(at_s(532.2));
  BOOST_TEST(frames.balance().lost == 0U);
  BOOST_TEST(frames.balance().duplicates == 0U);
}

BOOST_AUTO_TEST_CASE(intervals_of_a_hostile_device_are_bounded) {
  FramesByInterval frames(at_s(0));
  for (int i = 1; i < 500; ++i)
    frames.add(std::array{i % 3 ? 63.999 : 0.0, std::nan(""), -1.0, 1e300}, at_s(0.01 * i));
  frames.end(at_s(5));
  BOOST_TEST(frames.balance().expected() < 100'000U);
}

BOOST_AUTO_TEST_SUITE_END()
