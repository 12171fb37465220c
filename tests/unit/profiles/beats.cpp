#include <cmath>

#include "profiles/measuring/beat_lists.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(profiles_beats, *boost::unit_test::tolerance(1e-9))

namespace {

// A beat every 0.8 s, every fifth 0.2 s early.
BeatList rhythm(int beats, double behind = 0) {
  BeatList list;
  for (int i = 0; i < beats; ++i)
    list.time_s.push_back(1 + behind + 0.8 * i - (i % 5 == 4 ? 0.2 : 0));
  return list;
}

BeatScoring from_start() {
  BeatScoring scoring;
  scoring.learning_s = 0;
  return scoring;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_same_beats_match_all) {
  const auto found = compare_beats(rhythm(1000), rhythm(1000), from_start());
  BOOST_TEST(found.reference == 1000);
  BOOST_TEST(found.matched == 1000);
  BOOST_TEST(found.missed == 0);
  BOOST_TEST(found.extra == 0);
  BOOST_TEST(found.rr_pairs == 999);
  BOOST_TEST(found.rr_rms_ms == 0);
  BOOST_TEST(found.device_rr.sdnn() == found.reference_rr.sdnn());
}

BOOST_AUTO_TEST_CASE(the_window_holds_its_edge) {
  for (const auto& [behind, matched] : {std::pair{0.150, 100}, std::pair{0.151, 0}}) {
    const auto found = compare_beats(rhythm(100, behind), rhythm(100), from_start());
    BOOST_TEST(found.matched == matched);
    BOOST_TEST(found.missed == 100 - matched);
  }
}

BOOST_AUTO_TEST_CASE(missed_and_extra_beats_are_counted) {
  BeatList device = rhythm(100);
  device.time_s.erase(device.time_s.begin() + 10);
  device.time_s.insert(device.time_s.begin() + 50, (device.time_s[49] + device.time_s[50]) / 2);
  const auto found = compare_beats(device, rhythm(100), from_start());
  BOOST_TEST(found.matched == 99);
  BOOST_TEST(found.missed == 1);
  BOOST_TEST(found.extra == 1);
  BOOST_TEST(found.rr_pairs == 99 - 1 - 2);  // beside the hole, and on both sides of the extra one
}

BOOST_AUTO_TEST_CASE(a_beat_told_twice_is_an_extra_one) {
  BeatList device = rhythm(100);
  device.time_s.insert(device.time_s.begin() + 50, device.time_s[49] + 0.05);
  const auto found = compare_beats(device, rhythm(100), from_start());
  BOOST_TEST(found.matched == 100);
  BOOST_TEST(found.extra == 1);
}

BOOST_AUTO_TEST_CASE(learning_time_and_what_comes_after_are_not_scored) {
  BeatScoring scoring;
  scoring.learning_s = 300;
  BeatList device = rhythm(1200);
  device.time_s.erase(device.time_s.begin(), device.time_s.begin() + 100);
  const auto found = compare_beats(device, rhythm(1000), scoring);
  BOOST_TEST(found.missed == 0);
  BOOST_TEST(found.extra == 0);
  BOOST_TEST(found.unscored == 200);
  BOOST_TEST(found.reference == 1000 - 374);
}

BOOST_AUTO_TEST_CASE(a_recording_that_ends_early_has_missed_the_rest) {
  const auto found = compare_beats(rhythm(500), rhythm(1000), from_start());
  BOOST_TEST(found.missed == 500);
}

// Each beat finds some other within the window at many lags; only at one do the intervals agree.
BOOST_AUTO_TEST_CASE(the_lag_is_that_of_the_best_match) {
  constexpr double rr_s[] = {0.82, 0.79, 0.82, 0.79, 0.86, 0.79, 0.74, 0.85, 0.74, 0.85};
  BeatScoring scoring = from_start();
  scoring.lag_search_s = 5;
  for (const double behind : {-2.6146, -0.2146, 0.3, 0.7854, 3.1}) {
    BeatList device, reference;
    double at = 10;
    for (int i = 0; i < 500; ++i) {
      reference.time_s.push_back(at);
      device.time_s.push_back(at + behind);
      at += rr_s[i % 10];
    }
    const auto found = compare_beats(device, reference, scoring);
    BOOST_TEST(std::abs(found.lag_s - behind) < 1e-6);
    BOOST_TEST(found.matched == found.reference);
    BOOST_TEST(found.rr_rms_ms < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(a_lag_is_found_and_taken_off) {
  for (const double behind : {-7.31, -0.4, 0.0, 0.4, 12.345}) {
    BeatScoring scoring = from_start();
    scoring.lag_search_s = 20;
    BeatList device, reference;
    double at = 20;
    for (int i = 0; i < 500; ++i) {
      at += 0.7 + 0.3 * std::fmod(i * 0.618, 1);
      reference.time_s.push_back(at);
      device.time_s.push_back(at + behind);
    }
    const auto found = compare_beats(device, reference, scoring);
    BOOST_TEST(std::abs(found.lag_s - behind) < 1e-6);
    BOOST_TEST(found.missed == 0);
    BOOST_TEST(!found.lag_at_the_edge);
  }
}

BOOST_AUTO_TEST_CASE(no_interval_spans_a_pause) {
  BeatList device;
  device.time_s = {1, 1.8, 2.6, 9, 9.8, 10.6};
  const auto found = compare_beats(device, device, from_start());
  BOOST_TEST(found.device_rr.n() == 4);
  BOOST_TEST(found.device_rr.differences() == 2);
  BOOST_TEST(found.rr_pairs == 4);
}

BOOST_AUTO_TEST_CASE(empty_lists_give_no_numbers) {
  const auto none = compare_beats({}, {}, from_start());
  BOOST_TEST(none.reference == 0);
  BOOST_TEST(std::isnan(none.rr_rms_ms));
  BOOST_TEST(compare_beats({}, rhythm(10), from_start()).missed == 10);
  BOOST_TEST(compare_beats(rhythm(10), {}, from_start()).unscored == 10);
}

BOOST_AUTO_TEST_CASE(rr_intervals_become_beats_again) {
  BeatList list;
  RrClock clock(list);
  const std::vector<double> two = {0.8, 0.9}, one = {0.7};
  clock.take(10, two);
  clock.take(10.9, one);  // 0.2 s late
  clock.take(20, one);    // something was lost
  BOOST_TEST(clock.resets() == 1);
  BOOST_TEST(list.time_s == (std::vector<double>{8.3, 9.1, 10.0, 10.7, 19.3, 20.0}),
             boost::test_tools::per_element());
  BOOST_TEST(list.breaks == (std::vector<std::size_t>{0, 4}));
}

namespace {

std::string beats_file(const BeatList& list) {
  std::string out = "time_s\n";
  for (const double at : list.time_s) out += number(at, 12) + "\n";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(two_files_are_compared_without_a_device) {
  test::CheckRun run;
  run.check = "accuracy/beats";
  run.with = "{beats_file: d.csv, reference_file: r.csv, learning: 0 s}";
  run.devices = {{"sim:watch-3g", "watch-3g"}};
  BeatList device = rhythm(400);
  device.time_s.erase(device.time_s.begin() + 7);
  std::string intervals = "rr_ms\n";
  const BeatList reference = rhythm(400);
  for (std::size_t i = 1; i < reference.time_s.size(); ++i)
    intervals += number((reference.time_s[i] - reference.time_s[i - 1]) * 1000, 12) + "\n";
  for (double& at : device.time_s) at -= 1;  // intervals count from 0
  run.files = {{"d.csv", beats_file(device)}, {"r.csv", intervals}};
  const auto result = run_check(run);
  BOOST_TEST(!result.error, result.summary());
  BOOST_TEST(result.number("sensitivity").value() == 399.0 / 400);
  BOOST_TEST(result.number("extra").value() == 0);
  BOOST_TEST(!result.number("lag").has_value());
  BOOST_TEST(result.figures.size() == 1u);
}

BOOST_AUTO_TEST_CASE(lint_names_what_is_wrong) {
  const auto says = [](std::string with, std::string_view part) {
    test::CheckRun run;
    run.check = "accuracy/beats";
    run.with = std::move(with);
    run.devices = {{"sim:beat-monitor", "reference-line"}};
    const std::string found = lint_check(run);
    BOOST_TEST(found.find(part) != std::string::npos, found);
  };
  says("{reference_file: r.csv}", "`beat:`, `rr_field:` and `beats_file:`");
  says("{reference_file: r.csv, beat: {message: BEAT}}", "say how long to observe");
  says("{reference_file: r.csv, beats_file: d.csv, duration: 1 s}", "nothing to observe");
  says("{reference_file: r.csv, rr_field: heart_rate, duration: 1 s}", "no number with a unit of");
  says("{reference_file: r.csv, beat: {field: contact, equals: 1}, duration: 1 s}",
       "each beat is a message");
  says("{reference_beat: {message: BEAT}, beats_file: d.csv, duration: 1 s}", "bind a device");
}

BOOST_AUTO_TEST_SUITE_END()
