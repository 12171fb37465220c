#include "standards/vocab/run_record.h"

#include <cmath>
#include <limits>

#include "tests/support/boost_test.h"
#include "tests/support/sample_record.h"

namespace data = boost::unit_test::data;
using namespace carebench;

BOOST_AUTO_TEST_SUITE(vocab_run_record)

namespace {

RunRecord read_back(const RunRecord& record) {
  const Result<RunRecord> back = run_record_from(to_text(record), "run.json");
  BOOST_REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().text()));
  return *back;
}

std::string problem_of(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != text.npos, from << " is not in the record");
  text.replace(at, from.size(), to);
  const Result<RunRecord> read = run_record_from(text, "run.json");
  return read ? "" : read.error().text();
}

}  // namespace

BOOST_AUTO_TEST_CASE(goes_to_text_and_back_without_a_difference) {
  for (const RunRecord& record : {RunRecord{}, test::sample_record(), test::hostile_record()}) {
    const std::string text = to_text(record);
    BOOST_TEST(to_text(read_back(record)) == text);
  }
}

BOOST_AUTO_TEST_CASE(keeps_given_and_derived_apart) {
  const Result<Json> root = parse_json(to_text(test::sample_record()));
  BOOST_REQUIRE(root.has_value());
  BOOST_TEST((*root)["schema"].string() == "carebench-run/1");
  BOOST_REQUIRE(root->members().size() == 3u);
  BOOST_TEST(root->members()[1].first == "given");
  BOOST_TEST(root->members()[2].first == "derived");
  BOOST_TEST((*root)["given"]["host"].string() == "bench-3");
  BOOST_TEST((*root)["derived"]["profile"].string() == "sleep-monitor");
  BOOST_TEST(!(*root)["derived"].has("host"));
}

BOOST_AUTO_TEST_CASE(stamps_are_exact_nanoseconds) {
  RunRecord record;
  record.given.segments = {{"", "", 1, 2, {1}, {9'007'199'254'740'993}, "complete"}};
  const RunRecord back = read_back(record);
  BOOST_TEST(back.given.segments.at(0).from.ns == 1);
  BOOST_TEST(back.given.segments.at(0).to.ns == 9'007'199'254'740'993);
  BOOST_TEST(to_text(record).find("\"to_ns\": 9007199254740993") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_come_back) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  RunRecord record;
  StepRecord step;
  Attempt attempt;
  Measurement m;
  m.value = Quantity{std::nan(""), {}, 0, 2};
  m.interval = Interval{-infinite, infinite, 0.95, ""};
  attempt.measurements = {m};
  m.value = Quantity{-0.0, *Unit::parse("mm[Hg]"), 1.0 / 3, 2};
  attempt.measurements.push_back(m);
  step.attempts = {attempt};
  record.steps = {step};
  const std::string text = to_text(record);
  BOOST_TEST(text.find("\"inf\"") != std::string::npos);
  BOOST_TEST(text.find("\"-inf\"") != std::string::npos);
  BOOST_TEST(text.find("0.333333333333") != std::string::npos);
  const RunRecord back = read_back(record);
  const Measurement& first = back.steps.at(0).attempts.at(0).measurements.at(0);
  BOOST_TEST(std::isnan(std::get<Quantity>(first.value).value));
  BOOST_TEST(first.interval->low == -infinite);
  BOOST_TEST(first.interval->high == infinite);
  BOOST_TEST(to_text(back) == text);
}

BOOST_AUTO_TEST_CASE(an_empty_text_that_was_measured_is_no_missing_value) {
  RunRecord record;
  StepRecord step;
  Attempt attempt;
  attempt.measurements = {{"identifier.value", std::string(), {}, 0, {}, {}}};
  step.attempts = {attempt};
  record.steps = {step};
  const Measurement back = read_back(record).steps.at(0).attempts.at(0).measurements.at(0);
  BOOST_TEST(std::get<std::string>(back.value).empty());
}

struct Spoilt {
  const char *from, *to, *problem;
};
std::ostream& operator<<(std::ostream& out, const Spoilt& s) { return out << s.to; }
const Spoilt spoilt[] = {
    {"carebench-run/1", "carebench-run/2", "schema \"carebench-run/2\", not \"carebench-run/1\""},
    {"\"derived\"", "\"deduced\"", "derived: an object is needed"},
    {"\"simulated\": true", "\"simulated\": 1", "derived.simulated: true or false is needed"},
    {"\"simulated\": true", "\"simulate\": true", "derived.simulated: missing"},
    {"\"state\": \"complete\"", "\"stat\": \"complete\"",
     "derived.stat: unknown key, did you mean \"state\"?"},
    {"\"first_seq\": 30212", "\"first_seq\": -1", "given.segments[1].first_seq: the number is neg"},
    {"\"first_seq\": 30212", "\"first_seq\": 1.5", "given.segments[1].first_seq: a whole number"},
    {"\"unit\": \"/min\"", "\"unit\": \"bpm\"",
     "attempts[0].measurements[1].value.unit: no unit \"bpm\""},
    {"\"finding\": \"pass\"", "\"finding\": \"passed\"", "steps[0].finding: no finding \"passed\""},
    {"\"axis\": \"y\"", "\"axis\": \"z\"", "marks[0].axis: x, y, A or B is needed"},
    {"\"blame\": \"bench\"", "\"blame\": \"dut\"", ".blame: no such blame"},
    {"\"number\": 1", "\"number\": 4294967297", "attempts[0].number: the number is too large"},
    {"\"steps\": [", "\"steps\": {}, \"x\": [", "steps: a list is needed"},
};

BOOST_DATA_TEST_CASE(names_the_place_of_what_is_wrong, data::make(spoilt), sample) {
  static const std::string text = to_text(test::sample_record());
  const std::string problem = problem_of(text, sample.from, sample.to);
  BOOST_TEST(problem.starts_with("run.json: "));
  BOOST_TEST_INFO(problem);
  BOOST_TEST(problem.find(sample.problem) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_record) {
  for (const char* text : {"", "[]", "{}", "{\"schema\": \"carebench-run/1\"}", "nonsense"}) {
    const Result<RunRecord> read = run_record_from(text, "run.json");
    BOOST_REQUIRE(!read.has_value());
    BOOST_TEST((read.error().code == Errc::bad_input));
  }
}

BOOST_AUTO_TEST_SUITE_END()
