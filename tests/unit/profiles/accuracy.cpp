#include <cmath>

#include "profiles/measuring/coverage.h"
#include "profiles/measuring/quantity_source.h"
#include "profiles/measuring/reference_file.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"
#include "tests/support/scripted_lane.h"

using namespace carebench;
using test::ScriptedCheck;

namespace {

Stamp at_ms(std::int64_t ms) { return {ms * 1'000'000}; }

void heart_rate(ScriptedCheck& check, std::int64_t ms, double value) {
  check.lane.frame(at_ms(ms), check.encode("heart_rate", {{"heart_rate", value}}));
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_accuracy)

// e = 1, -2, 3, 0 against x = 50, 100, 60, 80.
BOOST_AUTO_TEST_CASE(statistics_are_those_of_the_definitions) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: heart_rate, unit: /min, duration: 10 s, reference_file: r.csv, "
                      "reference_u: 0.5, tolerance: 200 ms}",
                      "r60abd1");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  check.files["r.csv"] = "time_s,value\n1,50\n2,100\r\n3,60\n4,80\n9,70\n";
  const double values[] = {51, 98, 63, 80};
  for (int i = 0; i < 4; ++i) heart_rate(check, 1100 + i * 1000, values[i]);
  const auto done = check.run();
  BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
  BOOST_TEST(check.number("heart_rate.n") == 4);
  BOOST_TEST(near(check.number("heart_rate.bias"), 0.5));
  BOOST_TEST(near(check.number("heart_rate.sd"), std::sqrt(13.0 / 3)));
  BOOST_TEST(near(check.number("heart_rate.rms"), std::sqrt(14.0 / 4)));
  BOOST_TEST(near(check.number("heart_rate.max_abs"), 3));
  BOOST_TEST(near(check.number("heart_rate.mape"), (2 + 2 + 5 + 0) / 4.0));
  // The reference's 0.5, half a step of 1 of the device's display, and the reference's slopes of
  // 50, 40 and 20 a second over the 0.1 s between the two readings of a pair.
  const double resolution = 1 / (2 * std::sqrt(3.0)), pairing = std::sqrt((25 + 16 + 4) / 3.0 / 3);
  const auto u = [&](std::string_view output) {
    return std::get<Quantity>(check.find(output)->value).u;
  };
  BOOST_TEST(near(u("heart_rate.bias"), std::hypot(0.5, resolution, pairing)));
  BOOST_TEST(near(u("heart_rate.sd"), std::hypot(resolution, pairing)));
  BOOST_TEST(
      near(u("heart_rate.rms"), std::hypot(0.5 * 0.5 / std::sqrt(14.0 / 4), resolution, pairing)));
  BOOST_TEST(near(u("heart_rate.max_abs"), std::hypot(0.5, resolution, 5 / std::sqrt(3.0))));
  BOOST_TEST(near(u("heart_rate.mape"), std::hypot(0.5, resolution, pairing) *
                                            (100 / 50.0 + 100 / 100.0 + 100 / 60.0 + 100 / 80.0) /
                                            4));
  BOOST_TEST(check.find("heart_rate.bias")->interval->method == "t");
  BOOST_REQUIRE_EQUAL(check.context().figures.size(), 2U);
  BOOST_TEST(check.context().figures[0].kind == "deviation");
  BOOST_TEST(check.context().figures[1].series.size() == 2U);
}

BOOST_AUTO_TEST_CASE(references_of_zero_are_left_out_of_the_mape_and_told) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: body_movement, unit: '%', duration: 10 s, reference_file: r.csv}",
                      "r60abd1");
  check.files["r.csv"] = "time_s,value\n1,0\n2,50\n";
  for (const auto& [ms, value] : {std::pair{1000, 2.0}, {2000, 55.0}})
    check.lane.frame(at_ms(ms), check.encode("body_movement", {{"body_movement", value}}));
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(near(check.number("body_movement.mape"), 10));
  BOOST_TEST(check.find("body_movement.mape")->note.find("1 pairs") != std::string::npos);
  BOOST_TEST(near(check.number("body_movement.bias"), 3.5));
}

BOOST_AUTO_TEST_CASE(special_values_never_become_numbers) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: heart_rate, unit: /min, duration: 10 s, reference_file: r.csv}",
                      "r60abd1");
  check.files["r.csv"] = "time_s,value\n1,70\n2,70\n3,70\n4,70\n";
  for (int i = 1; i <= 4; ++i)
    check.lane.frame(at_ms(i * 1000),
                     check.encode("heart_rate", {{"heart_rate", i % 2 ? 70.0 : 0}}));
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("heart_rate.n") == 2);
  BOOST_TEST(check.number("heart_rate.bias") == 0);
  BOOST_TEST(check.number("special_values") == 2);
  // Valid from 1 to 2 and from 3 to 4 s.
  BOOST_TEST(near(check.number("availability"), 0.2));
}

BOOST_AUTO_TEST_CASE(the_levels_of_a_simulator_are_a_reference) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: heart_rate, unit: /min, levels: [60, 120], duration: 3 s, "
                      "settle: 2 s}",
                      "r60abd1");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  // 0 … 2 s settling, 2 … 5 s at 60, 5 … 7 s settling, 7 … 10 s at 120.
  for (int i = 0; i < 10; ++i) heart_rate(check, 500 + i * 1000, i < 5 ? 61 : i < 7 ? 90 : 118);
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("heart_rate.n") == 6);
  BOOST_TEST(near(check.number("heart_rate.bias"), -0.5));
  BOOST_TEST(near(check.number("heart_rate.max_abs"), 2));
  BOOST_REQUIRE_EQUAL(check.lane.asked.size(), 2U);
  BOOST_TEST(check.lane.asked[1] == "120");
  const auto& notes = check.context().notes;
  BOOST_TEST(std::any_of(notes.begin(), notes.end(), [](const std::string& note) {
    return note.find("level 60") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_CASE(a_level_that_nobody_confirms_is_an_error) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: heart_rate, unit: /min, levels: [60], duration: 3 s}", "r60abd1");
  check.lane.on_ask = [](const Prompt&) { return "{\"done\": false}"; };
  const auto done = check.run();
  BOOST_REQUIRE(!done.has_value());
  BOOST_TEST((done.error().code == Errc::not_ready));
}

BOOST_AUTO_TEST_CASE(few_pairs_make_no_statistic) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: heart_rate, unit: /min, duration: 3 s, reference_file: r.csv, "
                      "min_pairs: 3}",
                      "r60abd1");
  check.files["r.csv"] = "time_s,value\n1,70\n";
  heart_rate(check, 1000, 70);
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("heart_rate.n") == 1);
  BOOST_TEST(std::isnan(check.number("heart_rate.bias")));
}

BOOST_AUTO_TEST_CASE(two_devices_side_by_side) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: heart_rate, unit: /min, duration: 5 s, reference_field: "
                      "VITAL.heart_rate}",
                      "r60abd1", "reference-line");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  const auto reference = *Protocol::load("reference-line");
  for (int i = 0; i < 5; ++i) {
    heart_rate(check, 100 + i * 1000, 72);
    const auto frame = reference->encode("VITAL", {{"heart_rate", 70.5}});
    BOOST_REQUIRE(frame.has_value());
    check.lane.frame(at_ms(300 + i * 1000), *frame, 1);
  }
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("heart_rate.n") == 5);
  BOOST_TEST(near(check.number("heart_rate.bias"), 1.5));
}

BOOST_AUTO_TEST_CASE(what_comes_while_the_device_settles_is_left_out) {
  ScriptedCheck check("accuracy/paired",
                      "{quantity: heart_rate, unit: /min, duration: 3 s, settle: 2 s, "
                      "reference_file: r.csv}",
                      "r60abd1");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  check.files["r.csv"] = "time_s,value\n0.5,70\n1.5,70\n2.5,70\n";
  // Stored readings first; the times of the file count from the observation.
  for (int i = 0; i < 5; ++i) heart_rate(check, 500 + i * 1000, i < 2 ? 120 : 71);
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("heart_rate.n") == 3);
  BOOST_TEST(near(check.number("heart_rate.max_abs"), 1));
}

BOOST_AUTO_TEST_CASE(a_device_is_asked_at_the_beginning_of_each_observation) {
  for (const bool takes : {true, false}) {
    ScriptedCheck check("accuracy/paired",
                        "{quantity: heart_rate, unit: /min, levels: [60, 120], duration: 3 s, "
                        "ask: query_heart_rate}",
                        "r60abd1");
    BOOST_REQUIRE_EQUAL(check.problems, "");
    int asked = 0;
    check.lane.on_perform = [&](ChannelId, const Op& op) {
      if (!std::holds_alternative<Write>(op)) return Outcome::Kind::done;
      if (takes) heart_rate(check, 500 + asked * 3000, asked ? 118 : 61);
      ++asked;
      return takes ? Outcome::Kind::done : Outcome::Kind::refused;
    };
    BOOST_REQUIRE(check.run().has_value());
    BOOST_TEST(asked == 2);
    // A device that refuses has no reading; that is measured, and no error.
    BOOST_TEST(check.number("heart_rate.n") == (takes ? 2 : 0));
    const auto& notes = check.context().notes;
    BOOST_TEST(takes == std::none_of(notes.begin(), notes.end(), [](const std::string& note) {
                 return note.find("did not take the question") != std::string::npos;
               }));
  }
}

BOOST_AUTO_TEST_CASE(a_question_is_checked_beforehand) {
  const auto problems = [](std::string_view more) {
    return ScriptedCheck(
               "accuracy/paired",
               cat("{quantity: heart_rate, unit: /min, levels: [60], duration: 3 s, ", more, "}"),
               "r60abd1")
        .problems;
  };
  BOOST_TEST(problems("ask: query_hart_rate").find("query_heart_rate") != std::string::npos);
  BOOST_TEST(problems("ask_fields: {x: 1}").find("name the message") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(units_are_converted_and_resolutions_known) {
  const auto radar = *Protocol::load("r60abd1");
  const auto metres = quantity_source(radar.get(), "distance_cm", *Unit::parse("m"));
  BOOST_REQUIRE(metres.has_value());
  FieldValue value;
  value.kind = FieldValue::Kind::number;
  value.number = 78;
  BOOST_TEST(near(*metres->number(value), 0.78));
  BOOST_TEST(near(metres->resolution, 0.01));
  BOOST_TEST(!quantity_source(radar.get(), "distance_cm", *Unit::parse("/min")).has_value());
  BOOST_TEST(!quantity_source(radar.get(), "product_id", *Unit::parse("1")).has_value());
  const auto mattress = *Protocol::load("smart-mattress");
  const auto kelvin = quantity_source(mattress.get(), "temperature", *Unit::parse("K"));
  BOOST_REQUIRE(kelvin.has_value());
  value.number = 32.5;
  BOOST_TEST(near(*kelvin->number(value), 305.65));
  BOOST_TEST(near(kelvin->resolution, 0.1));
}

BOOST_AUTO_TEST_CASE(a_reading_stands_until_the_next_one_and_not_for_ever) {
  Coverage coverage(seconds(2));
  coverage.reading(at_ms(500), true);  // before it is observed
  coverage.open(at_ms(1000));
  coverage.reading(at_ms(2000), true);   // 1 … 2: the first one stands
  coverage.reading(at_ms(7000), false);  // 2 … 4
  coverage.reading(at_ms(8000), true);
  coverage.close(at_ms(9000));  // 8 … 9
  BOOST_TEST(near(coverage.share(), 4.0 / 8));
  coverage.open(at_ms(20000));
  coverage.close(at_ms(28000));
  BOOST_TEST(near(coverage.share(), 4.0 / 16));
}

BOOST_AUTO_TEST_CASE(reference_files_are_held_to_their_form) {
  const auto error = [](std::string_view text) {
    const auto parsed = parse_reference_file(text, "r.csv");
    return parsed ? std::string() : parsed.error().text();
  };
  BOOST_TEST(error("time_s,value\n0,1\n0.5,2\n") == "");
  BOOST_TEST(error("\xEF\xBB\xBFtime_s,value\r\n0,1\r\n") == "");
  for (const std::string_view bad :
       {"", "time,value\n0,1\n", "time_s,value\n", "time_s,value\n0;1\n", "time_s,value\n0,nan\n",
        "time_s,value\n0,\n", "time_s,value\n1,1\n0,1\n", "time_s,value\n0,1,2\n",
        "time_s,value\n1e99,1\n", "time_s,value\n\n0,1\n"})
    BOOST_TEST(error(bad).starts_with("r.csv:"), bad);
  BOOST_TEST(error("time_s,value\n0,1\n1,x\n").starts_with("r.csv:3:3:"));
}

BOOST_AUTO_TEST_CASE(lint_names_what_is_wrong) {
  const auto problems = [](std::string_view with, std::string_view reference = "") {
    return ScriptedCheck("accuracy/paired", with, "r60abd1", reference).problems;
  };
  const auto says = [](const std::string& problem, std::string_view part) {
    return problem.find(part) != std::string::npos;
  };
  BOOST_TEST(says(problems("{quantity: heart_rate, unit: /min, duration: 9 s}"),
                  "nothing to compare with"));
  BOOST_TEST(says(problems("{quantity: hart_rate, unit: /min, duration: 9 s, levels: 60}"),
                  "did you mean \"heart_rate\"?"));
  BOOST_TEST(says(problems("{quantity: heart_rate, unit: Cel, duration: 9 s, levels: 60}"),
                  "does not convert"));
  BOOST_TEST(says(problems("{quantity: heart_rate, unit: /min, duration: 9 s, levels: 60, "
                           "reference_file: r.csv}"),
                  "no levels"));
  BOOST_TEST(says(problems("{quantity: heart_rate, unit: /min, duration: 9 s, "
                           "reference_field: pulse}",
                           "reference-line"),
                  "no field \"pulse\""));
}

BOOST_AUTO_TEST_SUITE_END()
