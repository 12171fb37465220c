#include "profiles/measuring/event_matching.h"

#include <cmath>

#include "profiles/measuring/table_file.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(profiles_event_matching)

namespace {

Stimulus target(double at, std::string stratum = "") { return {at, "fall", stratum, true, true}; }
Stimulus other(double at) { return {at, "sit", "", false, true}; }

std::string shown(const EventMatching& matching) {
  std::string out;
  for (const auto& alarm : matching.alarm_of) out += alarm ? std::to_string(*alarm) : "-";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_alarm_answers_one_event) {
  const std::vector<Stimulus> twice = {target(0), target(5)};
  BOOST_TEST(shown(match_events(twice, std::vector<double>{6}, 0, 10)) == "0-");
  BOOST_TEST(shown(match_events(twice, std::vector<double>{2, 6}, 0, 10)) == "01");
  BOOST_TEST(shown(match_events(twice, std::vector<double>{6, 7}, 0, 10)) == "01");
  BOOST_TEST(shown(match_events(twice, std::vector<double>{2, 3}, 0, 10)) == "0-");
}

BOOST_AUTO_TEST_CASE(the_window_holds_its_ends_and_no_more) {
  const std::vector<Stimulus> one = {target(100)};
  for (const double inside : {98.0, 100.0, 110.0})
    BOOST_TEST(shown(match_events(one, std::vector<double>{inside}, 2, 10)) == "0");
  for (const double outside : {97.9, 110.1})
    BOOST_TEST(shown(match_events(one, std::vector<double>{outside}, 2, 10)) == "-");
}

BOOST_AUTO_TEST_CASE(what_happened_and_what_was_told_are_counted) {
  const std::vector<Stimulus> stimuli = {target(0, "quick"), target(100, "slow"), other(200),
                                         other(300), target(400, "slow")};
  const std::vector<double> alarms = {3, 4, 205, 350, 404, 990};
  const EventMatching matching = match_events(stimuli, alarms, 0, 10);
  BOOST_TEST(shown(matching) == "0-2-4");
  const EventTally tally = tally_events(stimuli, alarms, matching, 0, 10, 900);
  BOOST_TEST(tally.all.targets == 3);
  BOOST_TEST(tally.all.detected == 2);
  BOOST_TEST(tally.all.others == 2);
  BOOST_TEST(tally.all.silent == 1);
  BOOST_TEST(tally.false_alarms == 3);  // told twice, at sitting, at nothing; 990 came after all
  BOOST_TEST(tally.in_others == 1);
  BOOST_TEST(tally.outside_s == 870);
  BOOST_REQUIRE(tally.strata.size() == 3u);
  BOOST_TEST(tally.strata[1].first == "slow");
  BOOST_TEST(tally.strata[1].second.detected == 1);
}

BOOST_AUTO_TEST_CASE(an_event_that_is_not_counted_still_explains_its_alarm) {
  std::vector<Stimulus> stimuli = {target(0), target(895)};
  stimuli[1].counted = false;
  const std::vector<double> alarms = {3, 899};
  const EventTally tally =
      tally_events(stimuli, alarms, match_events(stimuli, alarms, 0, 10), 0, 10, 900);
  BOOST_TEST(tally.all.targets == 1);
  BOOST_TEST(tally.false_alarms == 0);
}

BOOST_AUTO_TEST_CASE(repeats_are_told_apart) {
  const std::vector<double> alarms = {1, 4, 7, 30};
  BOOST_TEST(without_repeats(alarms, 0).size() == 4u);
  BOOST_TEST(without_repeats(alarms, 5) == (std::vector<std::size_t>{0, 3}));
}

BOOST_AUTO_TEST_CASE(windows_of_the_two_sorts_must_not_touch) {
  const auto at = [](std::vector<Stimulus> stimuli) { return ambiguous_stimulus(stimuli, 1, 10); };
  BOOST_TEST(!at({target(0), target(2), other(14)}).has_value());
  BOOST_TEST(at({target(0), target(5), other(14)}).value() == 1u);
  BOOST_TEST(at({other(0), target(5)}).value() == 0u);
}

BOOST_AUTO_TEST_CASE(tables_are_held_to_their_form) {
  const auto error = [](std::string text) {
    const auto table = TableFile::parse(std::move(text), "t.csv", {"time_s"}, {"kind"});
    if (!table) return table.error().text();
    const auto times = table->rising("time_s", 0, 1000);
    return times ? std::string() : times.error().text();
  };
  const auto begins = [&](std::string text, std::string_view start) {
    const std::string found = error(std::move(text));
    BOOST_TEST(found.starts_with(start), found);
  };
  BOOST_TEST(error("kind, time_s\r\nfall , 1\r\nsit,2.5\r\n") == "");
  begins("time_s,kimd\n1,a\n", "t.csv:1:1: unknown column \"kimd\", did you mean \"kind\"?");
  begins("kind\na\n", "t.csv:1:1: the head line has no column \"time_s\"");
  begins("time_s,time_s\n1,1\n", "t.csv:1:1: the column \"time_s\" stands twice");
  begins("time_s,kind\n1,a\n2\n", "t.csv:3:1: the row has 1 cells, the head line has 2");
  begins("kind,time_s\n跌倒,x\n", "t.csv:2:4: time_s must be a number");
  begins("kind,time_s\nfall,nan\n", "t.csv:2:6: time_s must be a number");
  begins("time_s\n-1\n", "t.csv:2:1: time_s lies outside of 0 … 1000");
  begins("time_s\n2\n1\n", "t.csv:3:1: time_s goes back");
  begins("time_s\n1\n\n2\n", "t.csv:3:1: time_s must be a number");
  begins("time_s\n", "t.csv:1:1: the file holds no rows");
  begins("time_s\n\xFF\n", "t.csv:1:1: the file is not UTF-8");
}

namespace {

test::CheckRun files(std::string stimuli, std::string alarms, std::string more = "") {
  test::CheckRun run;
  run.check = "accuracy/events";
  run.with =
      "{stimuli_file: s.csv, alarms_file: a.csv, targets: [fall], window: 30 s, "
      "duration: 1 h, stimulus_u: 0.3, alarm_u: 0.4" +
      more + "}";
  run.devices = {{"sim:watch-3g", "watch-3g"}};
  run.files = {{"s.csv", std::move(stimuli)}, {"a.csv", std::move(alarms)}};
  run.timeout = seconds(7200);
  return run;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_trial_may_stand_in_files) {
  const auto result = run_check(
      files("time_s,kind,stratum\n10,fall,quick\n100,fall,slow\n200,sit,\n300,fall,slow\n",
            "time_s,kind\n12,fall\n14,fall\n150,battery\n205,fall\n329,fall\n3000,fall\n",
            ", alarm_kinds: [fall], repeats_within: 3 s"));
  BOOST_TEST(!result.error, result.summary());
  BOOST_TEST(result.number("sensitivity").value() == 2.0 / 3, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(result.find("sensitivity")->interval->method == "Clopper-Pearson");
  BOOST_TEST(result.number("lowest_stratum_sensitivity").value() == 0.5);
  BOOST_TEST(result.number("specificity").value() == 0);
  BOOST_TEST(result.number("missed").value() == 1);
  BOOST_TEST(result.number("false_alarms").value() == 2);
  BOOST_TEST(result.number("false_alarm_rate").value() == 2 * 86400 / (3600 - 90.0),
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(result.number("p50").value() == 29);
  BOOST_TEST(std::isinf(result.number("p95").value()));
  BOOST_TEST(std::get<Quantity>(result.find("p50")->value).u == 0.5);
  BOOST_REQUIRE(result.figures.size() == 1u);
  BOOST_TEST(result.figures[0].series[0].low.size() == 2u);
}

BOOST_AUTO_TEST_CASE(files_that_do_not_fit_the_observation_are_refused) {
  const auto says = [](const test::CheckRun& run, std::string_view part) {
    const auto result = run_check(run);
    BOOST_REQUIRE(result.error);
    BOOST_TEST(result.error->text().find(part) != std::string::npos, result.error->text());
    BOOST_TEST((result.error->blame == Blame::profile));
  };
  says(files("time_s,kind\n3599,fall\n", "time_s\n1\n"), "raise `duration`");
  says(files("time_s,kind\n1,fall\n", "time_s\n4000\n"), "lies behind the 3600 s");
  says(files("time_s,kind\n1,fall\n20,sit\n", "time_s\n2\n"), "the other sort");
  says(files("time_s,kind\n1,\n", "time_s\n2\n"), "s.csv:2:3: the kind of the event is missing");
}

BOOST_AUTO_TEST_CASE(an_actuator_makes_it_happen) {
  test::CheckRun run;
  run.check = "accuracy/events";
  run.with =
      "{alarm: {message: UPLOAD, where: {interval_s: {min: 60}}}, window: 5 s, script: [{kind: "
      "press, times: 5, send: {message: UPLOAD, fields: {interval_s: 60}}}]}";
  run.devices = {{"sim:watch-3g", "watch-3g", "test"},
                 {"sim:watch-3g", "watch-3g", "stimulus", "finger"}};
  const auto apart = run_check(run);  // the watch knows nothing of what another one was told
  BOOST_TEST(!apart.error, apart.summary());
  BOOST_TEST(apart.number("missed").value() == 5);
  BOOST_TEST(std::isinf(apart.number("p50").value()));
}

BOOST_AUTO_TEST_CASE(lint_names_what_is_missing) {
  const auto problems = [](std::string with) {
    test::CheckRun run;
    run.check = "accuracy/events";
    run.with = std::move(with);
    run.devices = {{"sim:r60abd1-monitor", "r60abd1"}};
    return lint_check(run);
  };
  const auto says = [&](std::string with, std::string_view part) {
    const std::string found = problems(with);
    BOOST_TEST(found.find(part) != std::string::npos, found);
  };
  const std::string alarm = "{window: 5 s, alarm: {field: bed, equals: out_of_bed}, ";
  BOOST_TEST(problems(alarm + "script: [{kind: out, times: 3}], stimulus_u: 0.2}") == "");
  says("{window: 5 s}", "say when events happen by one of");
  says("{window: 5 s}", "say what the alarms are by one of");
  says(alarm + "script: [{kind: out}]}", "give their standard uncertainty");
  says(alarm + "script: [{kind: out, tims: 3}], stimulus_u: 1}", "did you mean \"times\"?");
  says(alarm + "script: [{kind: out, send: {message: reset}}], stimulus_u: 1}",
       "bind an actuator to `stimulus`");
  says(alarm + "script: [{kind: out}], targets: [fall], stimulus_u: 1}", "no kind \"fall\"");
  says(alarm + "stimuli_file: s.csv, stimulus_u: 1}", "say how long to observe");
  says("{window: 5 s, duration: 1 s, stimuli_file: s.csv, stimulus_u: 1, alarm: {field: bed}}",
       "say when it holds");
  says(
      "{window: 5 s, duration: 1 s, stimuli_file: s.csv, stimulus_u: 1, alarm: {field: bad, "
      "equals: 0}}",
      "did you mean \"bed\"?");
  says(
      "{window: 5 s, duration: 1 s, reference_event: {field: contact, equals: open}, alarm: "
      "{field: bed, equals: 0}}",
      "bind a device to the role `reference`");
}

BOOST_AUTO_TEST_SUITE_END()
