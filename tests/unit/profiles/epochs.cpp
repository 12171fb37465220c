#include "profiles/measuring/epochs.h"

#include <cmath>

#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(profiles_epochs, *boost::unit_test::tolerance(1e-12))

namespace {

// One letter an epoch: W wake, L light, D deep, - nothing.
Staging staging(std::string_view letters) {
  Staging out;
  for (const char c : letters)
    out.push_back(c == '-' ? std::nullopt
                           : std::optional<std::size_t>(c == 'W'   ? 0
                                                        : c == 'L' ? 1
                                                                   : 2));
  return out;
}

EpochComparison compared(std::string_view device, std::string_view reference) {
  return compare_epochs(staging(device), staging(reference), 3, 0, 30);
}

std::string letters(const Staging& staging) {
  std::string out;
  for (const auto& one : staging) out += one ? "WLD"[*one] : '-';
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(classes_and_sleep_are_counted_apart) {
  const auto found = compared("WWLLDDLW", "WLLLDLLW");
  BOOST_TEST(found.epochs == 8);
  BOOST_TEST(found.table.agreed() == 6);
  BOOST_TEST(found.sleep.all == 6);
  BOOST_TEST(found.sleep.part == 5);  // light for deep is sleep all the same
  BOOST_TEST(found.wake.all == 2);
  BOOST_TEST(found.wake.part == 2);
  BOOST_TEST(found.by_class[1].all == 5);
  BOOST_TEST(found.by_class[1].part == 3);
}

BOOST_AUTO_TEST_CASE(without_a_stage_is_disagreement_without_a_score_is_nothing) {
  const auto found = compared("WL--", "WL-D");
  BOOST_TEST(found.epochs == 3);
  BOOST_TEST(found.unscored == 1);
  BOOST_TEST(found.staged == 2);
  BOOST_TEST(found.table.agreed() == 2);
  BOOST_TEST(found.table.count(2, 3) == 1);
  BOOST_TEST(found.sleep.part == 1);
  BOOST_TEST(compared("WL", "WLDD").epochs == 4);
  BOOST_TEST(compared("WLDD", "WL").unscored == 2);
}

BOOST_AUTO_TEST_CASE(times_of_the_night) {
  const auto night = compared("WWWWLLLLWWDDDDWW", "WWWWLLLLWWDDDDWW").reference;
  BOOST_TEST(night.sleep_min == 4);
  BOOST_TEST(night.onset_min.value() == 2);
  BOOST_TEST(night.wake_after_min.value() == 2);
  BOOST_TEST(night.efficiency == 0.5);
  const auto sleepless = compared("WWWW", "WWWW").device;
  BOOST_TEST(!sleepless.onset_min.has_value());
  BOOST_TEST(sleepless.efficiency == 0);
}

BOOST_AUTO_TEST_CASE(an_epoch_is_what_took_most_of_it) {
  const auto told = [](std::vector<ToldStage> list, double hold = 1000) {
    return letters(staged_epochs(list, 3, 30, hold, 120));
  };
  BOOST_TEST(told({{0, 0}, {44, 1}, {76, 2}}) == "WLLD");
  BOOST_TEST(told({{0, 0}, {46, 1}}) == "WWLL");
  BOOST_TEST(told({{0, 0}, {45, 1}}) == "WWLL");  // as long: the earlier class
  BOOST_TEST(told({{20, 0}}) == "-WWW");          // not told most of the first epoch
  BOOST_TEST(told({{0, 0}, {30, std::nullopt}, {60, 1}}) == "W-LL");
  BOOST_TEST(told({{0, 0}}, 60) == "WW--");  // silence is no stage
  BOOST_TEST(told({}) == "----");
}

namespace {

test::CheckResult files(std::string device, std::string reference) {
  test::CheckRun run;
  run.check = "accuracy/epochs";
  run.with =
      "{stages_file: d.csv, reference_file: r.csv, unscored: '?', classes: {wake: [W, 0], sleep: "
      "[N1, N2, N3, R]}, device_classes: {sleep: '1', wake: '0'}}";
  run.devices = {{"sim:watch-3g", "watch-3g"}};
  run.files = {{"d.csv", std::move(device)}, {"r.csv", std::move(reference)}};
  return run_check(run);
}

}  // namespace

BOOST_AUTO_TEST_CASE(two_files_are_compared) {
  const auto result =
      files("stage\n0\n0\n1\n1\n9\n0\n", "time_s,stage\n0,W\n30,N1\n60,N2\n90,?\n120,R\n150,0\n");
  BOOST_TEST(!result.error, result.summary());
  BOOST_TEST(result.number("epochs").value() == 5);
  BOOST_TEST(result.number("agreement").value() == 0.6);
  BOOST_TEST(result.number("sleep_sensitivity").value() == 1.0 / 3);
  BOOST_TEST(result.number("wake_specificity").value() == 1);
  BOOST_TEST(result.number("staged_share").value() == 0.8);
  BOOST_REQUIRE(result.figures.size() == 1u);
  BOOST_TEST(result.figures[0].y_names.size() == 2u);
}

BOOST_AUTO_TEST_CASE(files_that_do_not_fit_are_refused) {
  const auto says = [](const test::CheckResult& result, std::string_view part) {
    BOOST_REQUIRE(result.error);
    BOOST_TEST(result.error->text().find(part) != std::string::npos, result.error->text());
  };
  says(files("stage\n0\n", "stage\nN9\n"), "r.csv:2:1: \"N9\" is in no class and not unscored");
  says(files("stage\n0\n", "epoch,stage\n1,W\n3,W\n"), "r.csv:3:1: rows are epochs of 30 s");
  says(files("time_s,stage\n0,0\n20,0\n", "stage\nW\n"), "30 is wanted here");
}

BOOST_AUTO_TEST_CASE(lint_names_what_is_wrong) {
  const auto says = [](std::string with, std::string_view part) {
    test::CheckRun run;
    run.check = "accuracy/epochs";
    run.with = "{reference_file: r.csv, " + with + "}";
    run.devices = {{"sim:r60abd1-monitor", "r60abd1"}};
    const std::string found = lint_check(run);
    BOOST_TEST(found.find(part) != std::string::npos, found);
  };
  says("classes: {wake: W}, stages_file: d.csv", "two to sixteen classes");
  says("classes: {wake: W, sleep: [N1, W]}, stages_file: d.csv", "another class already");
  says("classes: {wake: W, sleep: N1}, device_classes: {slep: 1, wake: 0}, stages_file: d.csv",
       "did you mean \"sleep\"?");
  says("classes: {wake: W, sleep: N1}", "one of `stage:` and `stages_file:`");
  says("classes: {wake: W, sleep: N1}, stage: sleep_stage", "say how long to observe");
  says("classes: {wake: W, sleep: N1}, stage: sleep_stag, duration: 1 h", "did you mean");
}

BOOST_AUTO_TEST_SUITE_END()
