#include <cmath>

#include "profiles/measuring/backlog.h"
#include "profiles/measuring/expected_frames.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"
#include "tests/support/scripted_lane.h"

using namespace carebench;
using test::ScriptedCheck;

namespace {

Stamp at_ms(std::int64_t ms) { return {ms * 1'000'000}; }

FrameBalance by_period(const std::vector<int>& ms, int end_ms) {
  FramesByPeriod frames(seconds(1), {});
  for (const int one : ms) frames.add(at_ms(one));
  frames.end(at_ms(end_ms));
  return frames.balance();
}

struct Numbered {
  std::uint64_t number;
  int ms;
};
FrameBalance by_number(const std::vector<Numbered>& list, std::uint64_t modulus, Duration period,
                       int end_ms) {
  FramesByNumber frames(modulus, period, {});
  for (const auto& [number, ms] : list) frames.add(number, at_ms(ms));
  frames.end(at_ms(end_ms));
  return frames.balance();
}

// RECORD frames of the reference line, numbered.
void record(ScriptedCheck& check, std::int64_t ms, double number, double stored = 0) {
  check.lane.frame(
      at_ms(ms),
      check.encode("RECORD", {{"sequence", number}, {"stored", stored}, {"pulse_rate", 72.0}}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_transmission)

BOOST_AUTO_TEST_CASE(by_period_intervals_stand_for_frames) {
  auto balance = by_period({500, 1500, 2500, 3500, 4500}, 5000);
  BOOST_TEST(balance.received == 5U);
  BOOST_TEST(balance.lost == 0U);
  balance = by_period({500, 1500, 4500}, 5000);  // two missing
  BOOST_TEST(balance.lost == 2U);
  BOOST_TEST(balance.expected() == 5U);
}

BOOST_AUTO_TEST_CASE(by_period_jitter_and_a_slow_clock_are_no_loss) {
  BOOST_TEST(by_period({500, 1800, 2400, 3700, 4300}, 5000).lost == 0U);
  std::vector<int> slow;
  for (int i = 0; i < 50; ++i) slow.push_back(500 + i * 1040);
  const auto balance = by_period(slow, 52000);
  BOOST_TEST(balance.lost == 0U);
  BOOST_TEST(balance.received == 50U);
}

BOOST_AUTO_TEST_CASE(by_period_a_burst_after_a_pause_was_late_and_is_not_lost) {
  const auto balance = by_period({500, 1500, 4500, 4501, 4502, 5500}, 6000);
  BOOST_TEST(balance.lost == 0U);
  BOOST_TEST(balance.received == 6U);
  BOOST_TEST(balance.duplicates == 0U);
}

BOOST_AUTO_TEST_CASE(by_period_a_repetition_does_not_make_up_for_a_loss) {
  const auto balance = by_period({500, 1500, 1501, 2500, 4500}, 5000);
  BOOST_TEST(balance.lost == 1U);
  BOOST_TEST(balance.duplicates == 1U);
}

BOOST_AUTO_TEST_CASE(by_period_late_start_early_stop_and_silence_are_lost) {
  BOOST_TEST(by_period({3500, 4500}, 5000).lost == 3U);
  BOOST_TEST(by_period({500, 1500}, 5000).lost == 3U);
  const auto silence = by_period({}, 5000);
  BOOST_TEST(silence.lost == 5U);
  BOOST_TEST(silence.received == 0U);
  BOOST_TEST(by_period({}, 100).lost == 1U);  // there is no share of nothing
}

BOOST_AUTO_TEST_CASE(by_period_more_than_declared_is_not_expected) {
  std::vector<int> fast;
  for (int i = 0; i < 20; ++i) fast.push_back(250 + i * 500);
  const auto balance = by_period(fast, 10000);
  BOOST_TEST(balance.expected() == 11U);
  BOOST_TEST(balance.duplicates == 9U);
}

BOOST_AUTO_TEST_CASE(by_period_time_without_bench_is_nobody_s_loss) {
  FramesByPeriod frames(seconds(1), {});
  frames.add(at_ms(500));
  frames.add(at_ms(1500));
  frames.end(at_ms(1900));
  frames.resume(at_ms(60000));
  frames.add(at_ms(60200));
  frames.add(at_ms(61200));
  frames.end(at_ms(61900));
  BOOST_TEST(frames.balance().lost == 0U);
  BOOST_TEST(frames.balance().received == 4U);
  BOOST_TEST(frames.balance().duplicates == 0U);
}

BOOST_AUTO_TEST_CASE(by_number_losses_duplicates_and_late_frames) {
  auto balance = by_number({{10, 0}, {11, 0}, {14, 0}, {14, 0}, {12, 0}, {15, 0}}, 256, {}, 0);
  BOOST_TEST(balance.lost == 1U);  // 13
  BOOST_TEST(balance.duplicates == 1U);
  BOOST_TEST(balance.out_of_order == 1U);
  BOOST_TEST(balance.received == 5U);
  BOOST_TEST(balance.expected() == 6U);
}

BOOST_AUTO_TEST_CASE(by_number_the_counter_begins_again) {
  BOOST_TEST(by_number({{254, 0}, {255, 0}, {0, 0}, {2, 0}}, 256, {}, 0).lost == 1U);
  BOOST_TEST(by_number({{9, 0}, {0, 0}, {1, 0}}, 10, {}, 0).lost == 0U);
}

BOOST_AUTO_TEST_CASE(by_number_the_period_tells_how_many_turns_were_missed) {
  // 10 s of silence on a counter of 8: ten frames on, which looks like two.
  const auto balance = by_number({{0, 500}, {2, 10500}}, 8, seconds(1), 11000);
  BOOST_TEST(balance.lost == 9U);
  BOOST_TEST(by_number({{0, 500}, {2, 10500}}, 8, {}, 11000).lost == 1U);
  // The same number a whole turn later is the next one but seven, not a duplicate.
  BOOST_TEST(by_number({{3, 500}, {3, 8500}}, 8, seconds(1), 9000).lost == 7U);
  BOOST_TEST(by_number({{3, 500}, {3, 600}}, 8, seconds(1), 900).duplicates == 1U);
}

BOOST_AUTO_TEST_CASE(by_number_a_device_that_reboots_counts_anew) {
  const auto balance =
      by_number({{1000, 500}, {1001, 1500}, {0, 5500}, {1, 6500}}, 1ULL << 32, seconds(1), 7000);
  BOOST_TEST(balance.restarts == 1U);
  BOOST_TEST(balance.lost == 3U);  // by the time it took
  BOOST_TEST(by_number({{1000, 0}, {0, 0}, {1, 0}}, 1ULL << 32, {}, 0).restarts == 1U);
}

BOOST_AUTO_TEST_CASE(by_number_ends_count_where_the_period_is_known) {
  BOOST_TEST(by_number({{7, 3500}}, 256, seconds(1), 8000).lost == 7U);
  BOOST_TEST(by_number({{7, 3500}}, 256, {}, 8000).lost == 0U);
  BOOST_TEST(by_number({}, 256, seconds(1), 8000).lost == 8U);
}

BOOST_AUTO_TEST_CASE(by_number_survives_any_number) {
  FramesByNumber frames(2, seconds(1), {});
  for (std::uint64_t i = 0; i < 1000; ++i)
    frames.add(i * 0x9E3779B97F4A7C15ULL, {static_cast<Nanoseconds>(i * 7919 % 100000)});
  frames.end({});
  BOOST_TEST(frames.balance().received > 0U);
}

BOOST_AUTO_TEST_CASE(backlog_knows_what_was_sent_again) {
  Backlog backlog(65536);
  backlog.stored(7);  // before the first cut: nobody asked
  for (std::uint64_t n = 65530; n < 65535; ++n) backlog.live(n, {});
  backlog.cut({});
  for (const std::uint64_t n : {65535, 0, 2, 2, 65533}) backlog.stored(n);
  backlog.live(5, {});
  backlog.stored(3);
  backlog.settle();
  BOOST_TEST(backlog.records() == 6U);     // 65535, 0 … 4
  BOOST_TEST(backlog.missing() == 2U);     // 1 and 4
  BOOST_TEST(backlog.duplicates() == 2U);  // 2, and 65533 which had come live
  BOOST_TEST(backlog.in_order());
  BOOST_TEST(backlog.lost() == 2U);
  backlog.cut({});
  for (const std::uint64_t n : {7, 6}) backlog.stored(n);
  backlog.live(8, {});
  backlog.settle();
  BOOST_TEST(!backlog.in_order());
  BOOST_TEST(backlog.missing() == 2U);
}

BOOST_AUTO_TEST_CASE(frames_the_end_of_a_frame_before_the_step_is_no_garbage) {
  ScriptedCheck check("transmission/frames", "{duration: 10 s}", "r60abd1");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  const Bytes whole = check.encode("heart_rate", {{"heart_rate", 70.0}});
  check.lane.frame(at_ms(100), Bytes(whole.begin() + 4, whole.end()));
  check.lane.frame(at_ms(1000), whole);
  check.lane.frame(at_ms(2000), Bytes(whole.begin(), whole.begin() + 5));  // cut off by the end
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("frames") == 1);
  BOOST_TEST(check.number("garbage_octets") == 0);
  BOOST_TEST(check.number("explained_share") == 1);
  BOOST_TEST(std::get<bool>(check.find("frames_sound")->value));
}

BOOST_AUTO_TEST_CASE(frames_much_garbage_at_the_beginning_is_the_device_s) {
  ScriptedCheck check("transmission/frames", "{duration: 10 s}", "r60abd1");
  check.lane.frame(at_ms(100), Bytes(300, 0x55));
  check.lane.frame(at_ms(1000), check.encode("heart_rate", {{"heart_rate", 70.0}}));
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("garbage_octets") == 300);
  BOOST_TEST(!std::get<bool>(check.find("frames_sound")->value));
}

BOOST_AUTO_TEST_CASE(frames_silence_is_nothing_to_judge_shares_by) {
  ScriptedCheck check("transmission/frames", "{duration: 10 s}", "r60abd1");
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("frames") == 0);
  BOOST_TEST(std::isnan(check.number("checksum_error_share")));
  BOOST_TEST(check.number("explained_share") == 0);
}

BOOST_AUTO_TEST_CASE(frames_a_gap_of_the_bench_ends_it) {
  ScriptedCheck check("transmission/frames", "{duration: 10 s}", "r60abd1");
  check.lane.gap(at_ms(500), at_ms(9000));
  const auto done = check.run();
  BOOST_REQUIRE(!done.has_value());
  BOOST_TEST((done.error().code == Errc::interrupted && done.error().blame == Blame::bench));
}

BOOST_AUTO_TEST_CASE(completeness_makes_up_for_the_time_the_bench_was_away) {
  for (const std::string by : {"rate", "sequence"}) {
    ScriptedCheck check("transmission/completeness",
                        cat("{message: RECORD, by: ", by, ", period: 1 s, duration: 10 s",
                            by == "sequence" ? ", sequence: sequence, modulus: 65536}" : "}"),
                        "reference-line");
    BOOST_REQUIRE_EQUAL(check.problems, "");
    for (int i = 0; i < 4; ++i) record(check, 500 + i * 1000, i);
    check.lane.gap(at_ms(3900), at_ms(103900));
    for (int i = 104; i < 120; ++i) record(check, 500 + i * 1000, i);
    const auto done = check.run();
    BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
    BOOST_TEST(check.number("bench_gap") == 100);
    BOOST_TEST(check.number("lost_share") == 0);
    BOOST_TEST(check.number("received") == 10);
    BOOST_TEST(check.number("longest_gap") == 1);
    BOOST_TEST(check.lane.now().ns == at_ms(110000).ns);
  }
}

BOOST_AUTO_TEST_CASE(completeness_after_a_lost_link_the_rest_is_lost) {
  ScriptedCheck check("transmission/completeness", "{message: RECORD, period: 1 s, duration: 10 s}",
                      "reference-line");
  for (int i = 0; i < 4; ++i) record(check, 500 + i * 1000, i);
  check.lane.lost(at_ms(3600), "unplugged");
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("received") == 4);
  BOOST_TEST(check.number("lost") == 6);
  BOOST_TEST(check.number("longest_gap") == 6.5);
}

BOOST_AUTO_TEST_CASE(rate_tells_a_clock_that_is_off_from_missing_frames) {
  ScriptedCheck check("transmission/rate", "{message: RECORD, period: 1 s, duration: 100 s}",
                      "reference-line");
  for (int i = 0; i < 98; ++i)
    if (i % 10 != 7) record(check, 500 + i * 1001, i);
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(std::abs(check.number("drift") - 1000) < 1e-6);
  BOOST_TEST(std::abs(check.number("period_p50") - 1.001) < 1e-12);
  BOOST_TEST(std::abs(check.number("longest_interval") - 3.404) < 1e-9);
  BOOST_TEST(check.number("mean_rate") == 0.88);
}

BOOST_AUTO_TEST_CASE(recovery_waits_for_a_device_that_starts_slowly) {
  ScriptedCheck check("transmission/recovery",
                      "{message: RECORD, cut: 2 s, times: 1, within: 10 s, listen: 2 s}",
                      "reference-line");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  for (int i = 0; i < 4; ++i) record(check, 500 + i * 1000, i);
  int attempts = 0;
  check.lane.on_perform = [&](ChannelId, const Op& op) {
    if (!std::holds_alternative<Connect>(op)) return Outcome::Kind::done;
    return ++attempts < 3 ? Outcome::Kind::refused : Outcome::Kind::done;
  };
  for (int i = 0; i < 4; ++i) record(check, 7500 + i * 1000, i);
  const auto done = check.run();
  BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
  BOOST_TEST(attempts == 3);
  // Cut at 2.5 s, opened first at 4.5 s.
  BOOST_TEST(std::abs(check.number("recovery_time") - 3.0) < 1e-9);
  BOOST_TEST(std::get<bool>(check.find("recovered")->value));
}

struct BadStep {
  std::string check, with, protocol, complaint;
};
std::ostream& operator<<(std::ostream& out, const BadStep& step) {
  return out << step.check << " " << step.with;
}
const BadStep bad_steps[] = {
    {"transmission/completeness", "{message: RECRD, period: 1 s, duration: 9 s}", "reference-line",
     "did you mean \"RECORD\"?"},
    {"transmission/completeness", "{message: RECORD, duration: 9 s}", "reference-line",
     "needs the declared `period:`"},
    {"transmission/completeness", "{message: RECORD, by: rat, duration: 9 s}", "reference-line",
     "rate, sequence or intervals"},
    {"transmission/completeness", "{message: RECORD, by: intervals, duration: 9 s}",
     "reference-line", "`intervals:`"},
    {"transmission/completeness",
     "{message: RECORD, by: intervals, intervals: RECORD.sequence, duration: 9 s}",
     "reference-line", "no number with a unit of time"},
    {"transmission/completeness", "{message: RECORD, by: sequence, duration: 9 s}",
     "reference-line", "`sequence:`"},
    {"transmission/completeness",
     "{message: RECORD, by: sequence, sequence: sequnce, duration: 9 s}", "reference-line",
     "did you mean \"sequence\"?"},
    {"transmission/completeness",
     "{message: RECORD, by: sequence, sequence: sequence, duration: 9 s}", "reference-line",
     "`modulus:`"},
    {"transmission/completeness", "{register: sample_count, period: 1 s, duration: 9 s}",
     "smart-mattress", "a Modbus device sends nothing on its own"},
    {"transmission/completeness", "{message: IDQ, period: 1 s, duration: 9 s}", "reference-line",
     "goes to the device"},
    {"transmission/rate", "{period: 1 s, duration: 9 s}", "smart-mattress", "`register:`"},
    {"transmission/rate", "{message: RECORD, period: 0 s, duration: 9 s}", "reference-line",
     "longer than nothing"},
    {"transmission/frames", "{duration: 9 s}", "smart-mattress", "`register:`"},
    {"transmission/recovery", "{message: RECORD, stored: RECORD}", "reference-line",
     "needs `sequence:`"},
    {"transmission/recovery",
     "{message: RECORD, sequence: sequence, modulus: 65536, stored: RECORD}", "reference-line",
     "`stored_flag:`"},
};

BOOST_DATA_TEST_CASE(lint_names_what_is_wrong, boost::unit_test::data::make(bad_steps), step) {
  const ScriptedCheck check(step.check, step.with, step.protocol);
  BOOST_TEST(check.problems.find(step.complaint) != std::string::npos, check.problems);
}

BOOST_AUTO_TEST_SUITE_END()
