#include "profiles/measuring/threshold_alarm.h"

#include <cmath>
#include <limits>

#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(profiles_threshold_alarm, *boost::unit_test::tolerance(1e-9))

namespace {

// 80 for 10 s, up to 120 in 40 s, down to 80 in 40 s, 80 for 10 s; once a second.
std::vector<CoursePoint> ramp(int cycles, double sign = 1) {
  std::vector<CoursePoint> out;
  for (int t = 0; t <= 100 * cycles; ++t) {
    const int in = t % 100;
    const double value = in < 10 ? 80 : in <= 50 ? 80 + (in - 10) : in <= 90 ? 120 - (in - 50) : 80;
    out.push_back({static_cast<double>(t), sign * value});
  }
  return out;
}

const ThresholdRule rule{100, 4, true, 10, false};

ThresholdFound follow(std::vector<AlarmEdge> edges, int cycles = 1, bool on_at_first = false) {
  return threshold_alarms(ramp(cycles), edges, on_at_first, rule);
}

}  // namespace

// Above 100 from 30 s on; at or below 96 from 74 s on.
BOOST_AUTO_TEST_CASE(an_alarm_that_follows) {
  const auto found = follow({{32.5, true}, {75.5, false}, {132.5, true}, {175.5, false}}, 2);
  BOOST_REQUIRE(found.cycles.size() == 2u);
  for (const ThresholdCycle& cycle : found.cycles) {
    BOOST_TEST(cycle.on_delay_s == 2.5);
    BOOST_TEST(cycle.off_delay_s == 1.5);
    BOOST_TEST(cycle.on_level == 102.5);
    BOOST_TEST(cycle.off_level == 94.5);
  }
  BOOST_TEST(found.missed + found.not_cleared + found.false_alarms + found.chatter == 0);
  BOOST_TEST(found.widest_gap_s == 1);
}

BOOST_AUTO_TEST_CASE(late_or_never_is_missed) {
  BOOST_TEST(follow({{39.9, true}, {80, false}}).missed == 0);
  const auto late = follow({{40.1, true}, {80, false}});
  BOOST_TEST(late.missed == 1);
  BOOST_TEST(std::isinf(late.cycles[0].on_delay_s));
  const auto never = follow({});
  BOOST_TEST(never.missed == 1);
  BOOST_TEST(std::isnan(never.cycles[0].off_delay_s));
  BOOST_TEST(std::isnan(never.cycles[0].on_level));
}

BOOST_AUTO_TEST_CASE(an_early_alarm_has_a_negative_delay_and_a_low_level) {
  const auto found = follow({{28, true}, {75, false}});
  BOOST_TEST(found.missed == 0);
  BOOST_TEST(found.cycles[0].on_delay_s == -2);
  BOOST_TEST(found.cycles[0].on_level == 98);
}

BOOST_AUTO_TEST_CASE(false_alarms_are_those_without_an_excursion) {
  // On the plateau, on the way up and gone again, after the excursion.
  const auto found = follow({{3, true},
                             {5, false},
                             {15, true},
                             {20, false},
                             {32, true},
                             {75, false},
                             {92, true},
                             {94, false}});
  BOOST_TEST(found.false_alarms == 3);
  BOOST_TEST(found.missed == 0);
  BOOST_TEST(found.chatter == 0);
  BOOST_TEST(found.cycles[0].on_delay_s == 2);
}

BOOST_AUTO_TEST_CASE(chatter_is_counted_and_the_last_end_is_the_end) {
  const auto found =
      follow({{32, true}, {34, false}, {36, true}, {60, false}, {61, true}, {78, false}});
  BOOST_TEST(found.chatter == 2);
  BOOST_TEST(found.cycles[0].off_delay_s == 4);
}

BOOST_AUTO_TEST_CASE(an_alarm_that_stays_is_not_cleared_and_tells_no_second_time) {
  const auto found = follow({{32, true}}, 2);
  BOOST_TEST(found.not_cleared == 1);
  BOOST_TEST(std::isinf(found.cycles[0].off_delay_s));
  BOOST_TEST(found.missed == 1);
}

BOOST_AUTO_TEST_CASE(an_alarm_that_was_on_before_all_is_false) {
  const auto found = follow({{5, false}, {32, true}, {75, false}}, 1, true);
  BOOST_TEST(found.false_alarms == 1);
  BOOST_TEST(found.missed == 0);
}

BOOST_AUTO_TEST_CASE(below_is_the_mirror_of_above) {
  const ThresholdRule below{-100, 4, false, 10, false};
  const std::vector<AlarmEdge> edges = {{32.5, true}, {75.5, false}};
  const auto found = threshold_alarms(ramp(1, -1), edges, false, below);
  BOOST_REQUIRE(found.cycles.size() == 1u);
  BOOST_TEST(found.cycles[0].on_delay_s == 2.5);
  BOOST_TEST(found.cycles[0].on_level == -102.5);
  BOOST_TEST(found.cycles[0].off_level == -94.5);
}

BOOST_AUTO_TEST_CASE(within_the_hysteresis_an_excursion_goes_on) {
  const std::vector<CoursePoint> course = {{0, 90}, {10, 101}, {20, 98}, {30, 103}, {40, 90}};
  const auto found = threshold_alarms(course, {}, false, rule);
  BOOST_TEST(found.cycles.size() == 1u);
  BOOST_TEST(found.cycles[0].ends_s == 30 + 10 * 7 / 13.0);
}

BOOST_AUTO_TEST_CASE(a_staircase_is_read_in_the_middle_of_its_steps) {
  const ThresholdRule stairs{100, 0, true, 10, true};
  const std::vector<CoursePoint> course = {{0, 90}, {30, 99}, {60, 101}, {90, 99}, {120, 90}};
  const std::vector<AlarmEdge> edges = {{62, true}, {93, false}};
  const auto found = threshold_alarms(course, edges, false, stairs);
  BOOST_REQUIRE(found.cycles.size() == 1u);
  BOOST_TEST(found.cycles[0].on_delay_s == 2);
  BOOST_TEST(found.cycles[0].on_level == 100);
  BOOST_TEST(found.cycles[0].on_step == 2);
  BOOST_TEST(found.cycles[0].off_level == 100);
  BOOST_TEST(threshold_alarms({}, edges, false, stairs).cycles.empty());
}

BOOST_AUTO_TEST_CASE(a_simulator_is_set_to_levels) {
  test::CheckRun run;
  run.check = "function/alarm_threshold";
  run.with =
      "{quantity: heart_rate, unit: /min, threshold: 100, within: 10 s, alarm: {field: alarm, "
      "equals: 'on'}, levels: [95, 105, 95, 105, 95], dwell: 30 s, stimulus_u: 0.5}";
  run.devices = {{"sim:alarm-monitor?fault=stepped", "reference-line"}};
  run.answers =
      "95: [{done: true}, {done: true}, {done: true}]\n105: [{done: true}, {done: true}]\n";
  const auto result = run_check(run);
  BOOST_TEST(!result.error, result.summary());
  BOOST_TEST(result.number("heart_rate.excursions").value() == 2);
  BOOST_TEST(result.number("heart_rate.missed").value() == 0);
  BOOST_TEST(std::abs(result.number("heart_rate.on_delay_max").value() - 3) < 0.6);
  BOOST_TEST(std::abs(result.number("heart_rate.off_delay_max").value() - 4) < 0.6);
  BOOST_TEST(result.number("heart_rate.on_level_error").value() == 0);
  BOOST_TEST(std::get<Quantity>(result.find("heart_rate.on_level_error")->value).u ==
             10 / std::sqrt(12.0));
  BOOST_TEST(result.figures.size() == 1u);
}

BOOST_AUTO_TEST_CASE(lint_names_what_is_wrong) {
  const auto says = [](std::string with, std::string_view part) {
    test::CheckRun run;
    run.check = "function/alarm_threshold";
    run.with = "{quantity: heart_rate, unit: /min, threshold: 100, within: 5 s, " + with + "}";
    run.devices = {{"sim:alarm-monitor", "reference-line"}};
    const std::string found = lint_check(run);
    BOOST_TEST(found.find(part) != std::string::npos, found);
  };
  const std::string alarm = "alarm: {field: alarm, equals: 'on'}, ";
  says(alarm + "when: over, levels: [1, 2]", "it is above or below");
  says(alarm + "hysteresis: 1", "say how the quantity goes");
  says(alarm + "levels: [90, 110], dwell: 5 s, stimulus_u: 1", "longer than `within`");
  says(alarm + "levels: [90, 110], dwell: 6 s", "standard uncertainty");
  says("alarm: {message: ALARM}, levels: [1]", "say which one ends it");
  says(alarm + "alarm_off: {message: ALARM}, levels: [1]", "a state ends by itself");
}

BOOST_AUTO_TEST_SUITE_END()
