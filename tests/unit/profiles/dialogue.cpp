#include "profiles/measuring/dialogue.h"

#include <cmath>

#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"
#include "tests/support/check_harness.h"
#include "tests/support/scripted_lane.h"

using namespace carebench;
using test::ScriptedCheck;

namespace {

std::string lint(const std::string& script, std::string_view protocol = "r60abd1") {
  return ScriptedCheck("function/exchange", "dialogue:\n" + script, protocol).problems;
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A device that answers each write with one frame, after 20 ms.
struct Talk {
  Talk(const std::string& script, std::vector<std::pair<std::string, FieldInputs>> answers)
      : check("function/exchange", "dialogue:\n" + script, "r60abd1") {
    BOOST_REQUIRE_EQUAL(check.problems, "");
    check.lane.on_perform = [this, answers](ChannelId, const Op& op) {
      const auto* write = std::get_if<Write>(&op);
      if (!write) return Outcome::Kind::done;
      written.push_back(to_spaced_hex(write->octets));
      if (written.size() <= answers.size())
        check.lane.frame(
            check.lane.now() + milliseconds(20),
            check.encode(answers[written.size() - 1].first, answers[written.size() - 1].second));
      return Outcome::Kind::done;
    };
    result = check.run();
  }
  bool completed() const { return std::get<bool>(check.find("completed")->value); }
  std::string failed_at() const {
    const auto* found = check.find("failed_at");
    return found ? std::get<std::string>(found->value) : "";
  }
  ScriptedCheck check;
  std::vector<std::string> written;
  Result<void> result;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles_dialogue)

BOOST_AUTO_TEST_CASE(what_is_saved_is_used_later_on) {
  Talk talk(
      "  - send: {message: query_heart_rate}\n"
      "  - expect: {message: heart_rate, where: {heart_rate: {min: 40, save: rate}}}\n"
      "  - send: {text: \"rate=${rate};\\r\\n\"}\n"
      "  - expect: {message: heart_rate, where: {heart_rate: {equals: \"${rate}\"}}}\n",
      {{"heart_rate", {{"heart_rate", 71.0}}}, {"heart_rate", {{"heart_rate", 71.0}}}});
  BOOST_REQUIRE(talk.result.has_value());
  BOOST_TEST(talk.completed(), talk.failed_at());
  BOOST_TEST(talk.written[1] == to_spaced_hex(as_bytes("rate=71;\r\n")));
  BOOST_TEST(std::abs(talk.check.number("response_time_worst") - 0.02) < 1e-9);
  BOOST_TEST(talk.check.number("steps_done") == 4);
}

BOOST_AUTO_TEST_CASE(another_value_is_waited_past_and_told) {
  Talk talk(
      "  - send: {message: query_heart_rate}\n"
      "  - expect: {message: heart_rate, within: 1 s, where: {heart_rate: {max: 60}}}\n",
      {{"heart_rate", {{"heart_rate", 71.0}}}});
  BOOST_REQUIRE(talk.result.has_value());
  BOOST_TEST(!talk.completed());
  BOOST_TEST(talk.failed_at() ==
             "2. expect heart_rate: came 1 times within 1 s, the last one with heart_rate = 71");
  BOOST_TEST(std::isinf(talk.check.number("response_time_worst")));
  BOOST_TEST(talk.check.number("steps_done") == 1);
}

BOOST_AUTO_TEST_CASE(names_of_enumerations_and_special_values_are_texts) {
  Talk talk(
      "  - send: {message: query_presence}\n"
      "  - expect: {message: presence, where: {presence: {one_of: [nobody, somebody], save: p}}}\n"
      "  - send: {message: query_heart_rate}\n"
      "  - expect: {message: heart_rate, where: {heart_rate: {equals: none}}}\n"
      "  - send: {message: query_presence}\n"
      "  - expect: {message: presence, within: 1 s, where: {presence: {not: somebody}}}\n",
      {{"presence", {{"presence", 1.0}}},
       {"heart_rate", {{"heart_rate", 0.0}}},
       {"presence", {{"presence", 1.0}}}});
  BOOST_REQUIRE(talk.result.has_value());
  BOOST_TEST(talk.failed_at() ==
             "6. expect presence: came 1 times within 1 s, the last one with presence = 1 "
             "(somebody)");
}

BOOST_AUTO_TEST_CASE(what_came_before_the_request_is_no_answer) {
  ScriptedCheck check("function/exchange",
                      "dialogue:\n"
                      "  - wait: 1 s\n"
                      "  - send: {message: query_heart_rate}\n"
                      "  - expect: {message: heart_rate, within: 1 s}\n",
                      "r60abd1");
  check.lane.frame({500'000'000}, check.encode("heart_rate", {{"heart_rate", 71.0}}));
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(!std::get<bool>(check.find("completed")->value));
}

BOOST_AUTO_TEST_CASE(silence_of_a_message_and_of_everything) {
  const auto run = [](const std::string& act) {
    ScriptedCheck check("function/exchange", "dialogue:\n" + act, "r60abd1");
    BOOST_REQUIRE_EQUAL(check.problems, "");
    check.lane.frame({500'000'000}, check.encode("heart_rate", {{"heart_rate", 71.0}}));
    BOOST_REQUIRE(check.run().has_value());
    return std::get<bool>(check.find("completed")->value);
  };
  BOOST_TEST(run("  - expect: {silence: 1 s, message: presence}\n"));
  BOOST_TEST(!run("  - expect: {silence: 1 s, message: heart_rate}\n"));
  BOOST_TEST(!run("  - expect: {silence: 1 s}\n"));
  BOOST_TEST(run("  - expect: {silence: 300 ms}\n"));
  BOOST_TEST(run("  - wait: 700 ms\n  - expect: {silence: 1 s}\n"));
}

BOOST_AUTO_TEST_CASE(texts_and_octets_are_found_across_packets) {
  ScriptedCheck check("function/exchange",
                      "dialogue:\n"
                      "  - expect: {text: \"READY\", within: 1 s}\n"
                      "  - expect: {octets: \"0D 0A\", within: 1 s}\n"
                      "  - expect: {text: \"READY\", within: 1 s}\n",
                      "r60abd1");
  BOOST_REQUIRE_EQUAL(check.problems, "");
  check.lane.frame({100'000'000}, {'x', 'R', 'E'});
  check.lane.frame({200'000'000}, {'A', 'D', 'Y', '\r', '\n'});
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(check.number("steps_done") == 2);
}

BOOST_AUTO_TEST_CASE(an_operator_who_does_not_see_it_is_a_measured_value) {
  ScriptedCheck check("function/exchange",
                      "dialogue:\n"
                      "  - prompt: {purpose: alarm, steps: press, look_for: a light}\n",
                      "r60abd1");
  check.lane.on_ask = [](const Prompt&) { return "{\"done\": false}"; };
  BOOST_REQUIRE(check.run().has_value());
  BOOST_TEST(!std::get<bool>(check.find("completed")->value));
  BOOST_TEST(check.lane.asked.front() == "prompt-1");
}

BOOST_AUTO_TEST_CASE(a_lost_link_is_an_error) {
  ScriptedCheck check("function/exchange", "dialogue:\n  - expect: {message: heart_rate}\n",
                      "r60abd1");
  check.lane.lost({100'000'000}, "unplugged");
  const auto done = check.run();
  BOOST_REQUIRE(!done.has_value());
  BOOST_TEST((done.error().code == Errc::lost));
}

BOOST_AUTO_TEST_CASE(registers_are_read_and_written) {
  test::CheckRun run;
  run.check = "function/exchange";
  run.devices = {{"sim:nursing-bed", "nursing-bed", "test", "dut", "", ""}};
  run.with =
      "dialogue:\n"
      "  - wait: 1 s\n"
      "  - write: {register: backrest_target, value: 20}\n"
      "  - read: {register: backrest_target, equals: 20, save: target}\n"
      "  - write: {register: motion_command, value: move_to_targets}\n"
      "  - read: {register: backrest_angle, equals: \"${target}\", within: 10 s}\n"
      "  - write: {register: serial_number, value: X, exception: 3}\n";
  const auto result = test::run_check(run);
  BOOST_REQUIRE_MESSAGE(!result.error, result.summary());
  BOOST_TEST(*result.number("steps_done") == 5);
  BOOST_TEST(says(*result.text("failed_at"), "6. write serial_number: exception"));
  BOOST_TEST(says(*result.text("failed_at"), "instead of exception 3"));
}

struct BadScript {
  std::string script, complaint;
};
std::ostream& operator<<(std::ostream& out, const BadScript& bad) { return out << bad.script; }
const BadScript bad_scripts[] = {
    {"  - sned: {message: query_bed}\n", "did you mean \"send\"?"},
    {"  - {send: {message: query_bed}, wait: 1 s}\n", "one line does one thing"},
    {"  - send: {message: query_bad}\n", "did you mean \"query_bed\"?"},
    {"  - send: {message: bed}\n", "comes from the device"},
    {"  - send: {message: query_bed, octets: \"00\"}\n", "send one of"},
    {"  - send: {message: query_bed, fields: {bad: 1}}\n", "bad"},
    {"  - send: {octets: \"0G\"}\n", "hexadecimal"},
    {"  - send: {text: \"${x}\"}\n", "nothing was saved as \"x\""},
    {"  - expect: {message: bed, where: {bad: {equals: 1}}}\n", "did you mean \"bed\"?"},
    {"  - expect: {message: bed, where: {bed: {equal: 1}}}\n", "did you mean \"equals\"?"},
    {"  - expect: {message: bed, where: {bed: {equals: \"${b}\", save: b}}}\n",
     "nothing was saved"},
    {"  - expect: {message: bed, where: {bed: {min: many}}}\n", "a number is needed"},
    {"  - expect: {message: product_id, where: {product_id: {min: 1}}}\n", "only numbers"},
    {"  - expect: {message: bed, within: soon}\n", "with:2"},
    {"  - expect: {silence: 1 s, within: 2 s}\n", "within"},
    {"  - read: {register: x}\n", "no registers"},
    {"  - wait: 1\n", "with:2"},
    {"  - prompt: {purpose: x}\n", "steps"},
};

BOOST_DATA_TEST_CASE(lint_names_what_is_wrong_and_where, boost::unit_test::data::make(bad_scripts),
                     bad) {
  const std::string problem = lint(bad.script);
  BOOST_TEST(says(problem, bad.complaint), problem);
  BOOST_TEST(problem.starts_with("with:2:"), problem);
}

BOOST_AUTO_TEST_CASE(lint_of_registers) {
  BOOST_TEST(says(lint("  - read: {register: load_gian}\n", "nursing-bed"),
                  "did you mean \"load_gain\"?"));
  BOOST_TEST(says(lint("  - write: {register: backrest_angle, value: 1}\n", "nursing-bed"),
                  "it is an input"));
  BOOST_TEST(says(lint("  - write: {register: motion_command, value: fly}\n", "nursing-bed"),
                  "is no value of motion_command"));
  BOOST_TEST(says(lint("  - send: {octets: \"00\"}\n", "nursing-bed"), "`read` and `write`"));
}

BOOST_AUTO_TEST_SUITE_END()
