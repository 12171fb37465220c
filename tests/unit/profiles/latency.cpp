#include <algorithm>
#include <cmath>

#include "profiles/measuring/order_statistics.h"
#include "profiles/measuring/thinned_series.h"
#include "standards/stats/percentiles.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/scripted_lane.h"

using namespace carebench;
using test::ScriptedCheck;

namespace {

Stamp at_ms(std::int64_t ms) { return {ms * 1'000'000}; }

std::vector<double> scattered(std::size_t n) {
  std::vector<double> values;
  std::uint64_t state = 7;
  for (std::size_t i = 0; i < n; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    values.push_back(static_cast<double>(state >> 40) * 1e-6);
  }
  return values;
}

// Answers a query of the radar after `delay`; nothing where it is negative.
void answer(ScriptedCheck& check, std::function<std::int64_t(int)> delay_ms) {
  auto asked = std::make_shared<int>(0);
  check.lane.on_perform = [&check, delay_ms, asked](ChannelId, const Op& op) {
    if (!std::holds_alternative<Write>(op)) return Outcome::Kind::done;
    const std::int64_t delay = delay_ms((*asked)++);
    if (delay >= 0)
      check.lane.frame(check.lane.now() + milliseconds(delay),
                       check.encode("product_id", {{"product_id", std::string("A1")}}));
    return Outcome::Kind::done;
  };
}

constexpr std::string_view ask_ten =
    "{request: query_product_id, answer: product_id, n: 10, spacing: 200 ms, within: 1 s}";

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_latency)

BOOST_AUTO_TEST_CASE(order_statistics_agree_with_sorting) {
  for (const std::size_t n : {1UL, 2UL, 59UL, 1000UL, 4097UL, 50000UL}) {
    std::vector<double> sorted = scattered(n);
    OrderStatistics order(sorted);
    std::sort(sorted.begin(), sorted.end());
    for (const double p : {0.95, 0.5, 0.99, 0.05, 1.0}) {
      BOOST_TEST(order.percentile(p) == stats::percentile_sorted(sorted, p));
      if (p == 1.0) continue;
      const Interval wanted = stats::percentile_interval(sorted, p);
      const Interval found = order.percentile_interval(p);
      BOOST_TEST((found.low == wanted.low && found.high == wanted.high));
    }
    const auto series = order.distribution({});
    BOOST_TEST(std::is_sorted(series.x.begin(), series.x.end()));
    BOOST_TEST(series.x.front() == sorted.front());
    BOOST_TEST(series.x.back() == sorted.back());
    BOOST_TEST(series.y.back() == 1);
    BOOST_TEST(order.percentile(0.5) == stats::percentile_sorted(sorted, 0.5));
    BOOST_TEST(order.max() == sorted.back());
  }
}

BOOST_AUTO_TEST_CASE(what_never_came_stands_above_all_others) {
  OrderStatistics order({3, 1, 2}, 1);
  BOOST_TEST(order.n() == 4);
  BOOST_TEST(order.percentile(0.75) == 3);
  BOOST_TEST(std::isinf(order.percentile(0.76)));
  BOOST_TEST(std::isinf(order.max()));
  BOOST_TEST(order.distribution({}).y.back() == 0.75);
  OrderStatistics none({}, 0);
  BOOST_TEST(std::isnan(none.percentile(0.5)));
}

BOOST_AUTO_TEST_CASE(a_thinned_curve_keeps_its_extremes_and_its_holes) {
  ThinnedSeries curve(16);
  for (int i = 0; i < 10000; ++i) {
    if (i == 5000) curve.hole();
    curve.add(i, i == 777 ? 99 : i == 8888 ? -99 : std::sin(i * 0.01));
  }
  const auto series = curve.series({});
  BOOST_TEST(series.x.size() <= 2U * 16 + 1);
  BOOST_TEST(*std::max_element(series.y.begin(), series.y.end()) == 99);
  BOOST_TEST(std::count(series.y.begin(), series.y.end(), -99) == 1);
  BOOST_TEST(std::any_of(series.y.begin(), series.y.end(), [](double y) { return std::isnan(y); }));
  BOOST_TEST(std::is_sorted(series.x.begin(), series.x.end()));
  BOOST_TEST(curve.note().find("10000") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(response_times_run_from_the_request) {
  ScriptedCheck check("latency/response", ask_ten, "r60abd1");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  answer(check, [](int i) { return 10 + i; });
  const auto done = check.run();
  BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
  BOOST_TEST(std::abs(check.number("p50") - 0.014) < 1e-9);
  BOOST_TEST(std::abs(check.number("max") - 0.019) < 1e-9);
  BOOST_TEST(check.number("unanswered") == 0);
  BOOST_TEST(check.find("p50")->samples == 10);
  BOOST_TEST(std::isinf(check.find("p95")->interval->high));  // ten bound no 95th percentile
}

BOOST_AUTO_TEST_CASE(a_late_answer_is_not_taken_for_the_next_one) {
  ScriptedCheck check("latency/response", ask_ten, "r60abd1");
  answer(check, [](int i) { return i == 3 ? 1500 : 10; });
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("unanswered") == 1);
  BOOST_TEST(std::isinf(check.number("max")));
  BOOST_TEST(std::abs(check.number("p50") - 0.010) < 1e-9);
}

BOOST_AUTO_TEST_CASE(silence_is_an_infinite_time) {
  ScriptedCheck check("latency/response", ask_ten, "r60abd1");
  answer(check, [](int) { return -1; });
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(std::isinf(check.number("p50")));
  BOOST_TEST(check.number("unanswered_share") == 1);
}

BOOST_AUTO_TEST_CASE(a_lost_link_is_an_error_of_the_bench) {
  ScriptedCheck check("latency/response", ask_ten, "r60abd1");
  check.lane.lost(at_ms(1500), "unplugged");
  const auto done = check.run();
  BOOST_REQUIRE(!done.has_value());
  BOOST_TEST((done.error().code == Errc::lost && done.error().blame == Blame::bench));
}

BOOST_AUTO_TEST_CASE(two_answers_in_one_packet_are_taken_apart) {
  ScriptedCheck check("latency/response", ask_ten, "r60abd1");
  check.lane.on_perform = [&](ChannelId, const Op& op) {
    if (!std::holds_alternative<Write>(op)) return Outcome::Kind::done;
    Bytes twice = check.encode("product_id", {{"product_id", std::string("A1")}});
    twice.insert(twice.end(), twice.begin(), twice.end());
    check.lane.frame(check.lane.now() + milliseconds(5), twice);
    return Outcome::Kind::done;
  };
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(std::abs(check.number("max") - 0.005) < 1e-9);
}

BOOST_AUTO_TEST_CASE(intervals_longer_than_a_drop_out_are_infinite) {
  ScriptedCheck check("latency/interval", "{message: heart_rate, duration: 20 s, dropout: 3 s}",
                      "r60abd1");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  for (const int s : {1, 2, 3, 4, 9, 10, 11, 12, 13})
    check.lane.frame(at_ms(s * 1000), check.encode("heart_rate", {{"heart_rate", 70.0}}));
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("dropouts") == 2);  // 4 … 9 s, and 13 s to the end
  BOOST_TEST(check.number("p50") == 1);
  BOOST_TEST(std::isinf(check.number("p99")));
  BOOST_TEST(check.find("p50")->samples == 9);
  BOOST_REQUIRE_EQUAL(check.context().figures.size(), 2U);
}

BOOST_AUTO_TEST_CASE(lint_names_what_is_wrong) {
  const auto problems = [](std::string_view check, std::string_view with,
                           std::string_view protocol) {
    return ScriptedCheck(check, with, protocol).problems;
  };
  const auto says = [](const std::string& problem, std::string_view part) {
    return problem.find(part) != std::string::npos;
  };
  BOOST_TEST(
      says(problems("latency/response", "{request: query_product, answer: product_id}", "r60abd1"),
           "did you mean \"query_product_id\"?"));
  BOOST_TEST(
      says(problems("latency/response", "{request: product_id, answer: product_id}", "r60abd1"),
           "comes from the device"));
  BOOST_TEST(
      says(problems("latency/response",
                    "{request: query_product_id, answer: product_id, fields: {x: 1}}", "r60abd1"),
           "x"));
  BOOST_TEST(says(problems("latency/response", "{register: occupncy}", "smart-mattress"),
                  "did you mean \"occupancy\"?"));
  BOOST_TEST(
      says(problems("latency/response", "{register: occupancy, answer: x}", "smart-mattress"),
           "Modbus"));
  BOOST_TEST(says(
      problems("latency/interval", "{message: x, duration: 9 s, dropout: 1 s}", "smart-mattress"),
      "latency/response"));
  BOOST_TEST(says(
      problems("latency/interval", "{message: heart_rate, duration: 1 s, dropout: 9 s}", "r60abd1"),
      "shorter"));
}

BOOST_AUTO_TEST_SUITE_END()
