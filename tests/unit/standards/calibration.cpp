#include "standards/calibration.h"

#include <array>
#include <ostream>

#include "standards/vocab/time.h"
#include "tests/support/boost_test.h"

using namespace carebench;
namespace tt = boost::test_tools;

namespace {

struct Read {
  CalibratedRange range;
  std::string problems;
};
Read read(std::string_view text) {
  const auto document = yaml::Document::parse("job.yaml", std::string(text));
  BOOST_REQUIRE(document.has_value());
  Problems problems;
  Read out{read_calibrated_range((*document)->root(), problems), {}};
  if (!problems.empty()) out.problems = problems.as_error().text();
  return out;
}

const std::string_view with_points =
    "{quantity: bp, unit: 'mm[Hg]', low: 0, high: 300, resolution: 0.1, points: ["
    "{at: 50, error: 0.2, U: 0.4}, {at: 100, error: 0.4, U: 0.8}, {at: 250, error: -0.2, U: 0.5, "
    "k: 2.5}]}";

struct State {
  Calibration calibration;
  std::string_view first, last, state;
};
std::ostream& operator<<(std::ostream& out, const State& row) { return out << row.state; }

const std::array states = {
    State{{"C1", "2026-01-10", "2027-01-09"}, "2026-06-01", "2026-06-01", "valid"},
    State{{"C1", "2026-01-10", "2027-01-09"}, "2026-01-10", "2027-01-09", "valid"},
    State{{"C1", "2026-01-10", "2027-01-09"}, "2027-01-10", "2027-01-10", "overdue"},
    // The calibration ran out in the middle of the test.
    State{{"C1", "2026-01-10", "2027-01-09"}, "2027-01-08", "2027-01-11", "overdue"},
    State{{"C1", "2026-01-10", "2027-01-09"}, "2026-01-09", "2026-01-11", "not yet valid"},
    State{{"", "2026-01-10", "2027-01-09"}, "2026-06-01", "2026-06-01", "no certificate given"},
    State{{"  ", "2026-01-10", "2027-01-09"}, "2026-06-01", "2026-06-01", "no certificate given"},
    State{{"C1", "", "2027-01-09"}, "2026-06-01", "2026-06-01", "no calibration date given"},
    State{{"C1", "2026-01-10", ""}, "2026-06-01", "2026-06-01", "no due date given"},
};

struct Refused {
  std::string_view text, problem;
};
std::ostream& operator<<(std::ostream& out, const Refused& row) { return out << row.text; }

const std::array refused = {
    Refused{"{quantity: q, low: 0, high: 1}", "\"U\""},
    Refused{"{quantity: q, low: 0, high: 1, U: 0}", "above 0"},
    Refused{"{quantity: q, low: 0, high: 1, U: 1, k: 0}", "above 0"},
    Refused{"{quantity: q, low: 2, high: 1, U: 1}", "low must not be above high"},
    Refused{"{quantity: q, low: 0, high: 1, U: 1, resolution: -1}", "resolution"},
    Refused{"{quantity: q, low: 0, high: 1, points: [{at: 0.5}]}", "\"U\""},
    Refused{"{quantity: q, low: 0, high: 1, points: [{at: 0.5, U: 0}]}", "above 0"},
    Refused{"{quantity: q, low: 0, high: 1, points: [{at: 2, U: 1}]}", "outside"},
    Refused{"{quantity: q, low: 0, high: 1, points: [{at: 1, U: 1}, {at: 0, U: 1}]}", "rising"},
    Refused{"{quantity: q, low: 0, high: 1, points: [{at: 1, U: 1}, {at: 1, U: 1}]}", "rising"},
    Refused{"{quantity: q, low: 0, high: 1, points: [{at: 1, U: 1, eror: 1}]}",
            "did you mean \"error\""},
    Refused{"{quantity: q, low: 0, high: 1, U: 1, unit: Cel, components: ["
            "{name: {zh: a, en: b}, standard: 1, unit: s, source: x}]}",
            "sensitivity"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_calibration)

BOOST_AUTO_TEST_CASE(a_certificate_is_interpolated_between_its_points) {
  const Read given = read(with_points);
  BOOST_REQUIRE_EQUAL(given.problems, "");
  const CalibratedRange& range = given.range;
  struct Row {
    double at, error, expanded, standard;
    bool covered;
  };
  for (const Row& row : {Row{50, 0.2, 0.4, 0.2, true}, Row{75, 0.3, 0.6, 0.3, true},
                         Row{100, 0.4, 0.8, 0.4, true}, Row{175, 0.1, 0.65, 0.3, true},
                         Row{250, -0.2, 0.5, 0.2, true}, Row{49.9, 0.2, 0.4, 0.2, false},
                         Row{250.1, -0.2, 0.5, 0.2, false}, Row{-1, 0.2, 0.4, 0.2, false}}) {
    BOOST_TEST_CONTEXT("at " << row.at) {
      BOOST_TEST(range.error(row.at) == row.error, tt::tolerance(1e-12));
      BOOST_TEST(range.expanded(row.at) == row.expanded, tt::tolerance(1e-12));
      BOOST_TEST(range.standard(row.at) == row.standard, tt::tolerance(1e-12));
      BOOST_TEST(range.covers(row.at) == row.covered);
    }
  }
  BOOST_TEST(range.largest_expanded(60, 90) == range.expanded(90));
  BOOST_TEST(range.largest_expanded(60, 200) == 0.8);
  BOOST_TEST(range.largest_expanded(1, 0) == 0.8);  // nothing is known of where it was used
}

BOOST_AUTO_TEST_CASE(without_points_one_uncertainty_holds_in_the_range) {
  const Read given = read("{quantity: heart_rate, unit: /min, low: 30, high: 200, U: 0.5, k: 2}");
  BOOST_REQUIRE_EQUAL(given.problems, "");
  BOOST_TEST(given.range.error(100) == 0);
  BOOST_TEST(given.range.standard(100) == 0.25);
  BOOST_TEST(given.range.largest_expanded(1, 0) == 0.5);
  BOOST_TEST(given.range.covers(30));
  BOOST_TEST(given.range.covers(200));
  BOOST_TEST(!given.range.covers(29.999));
  BOOST_TEST(!given.range.covers(std::numeric_limits<double>::quiet_NaN()));
}

BOOST_AUTO_TEST_CASE(what_else_moves_an_instrument_is_in_its_unit) {
  const Read given = read(
      "{quantity: t, unit: Cel, low: 0, high: 50, U: 0.1, components: ["
      "{name: {zh: 漂移, en: drift}, half_width: 0.09, unit: '[degF]', source: history}]}");
  BOOST_REQUIRE_EQUAL(given.problems, "");
  BOOST_TEST(given.range.components.at(0).sensitivity == 5 / 9.0, tt::tolerance(1e-12));
}

BOOST_DATA_TEST_CASE(a_certificate_holds_on_its_days, states, row) {
  const std::string state =
      calibration_state(row.calibration, *parse_date(row.first), *parse_date(row.last));
  BOOST_TEST(state == row.state);
  const Text2 problem = calibration_problem(row.calibration, state);
  BOOST_TEST(problem.zh.empty() == (state == "valid"));
  BOOST_TEST(problem.en.empty() == (state == "valid"));
}

BOOST_DATA_TEST_CASE(what_is_no_certificate_is_refused_with_its_place, refused, row) {
  const std::string problems = read(row.text).problems;
  BOOST_TEST(problems.find("job.yaml:1:") != problems.npos, problems);
  BOOST_TEST(problems.find(row.problem) != problems.npos, problems);
}

BOOST_AUTO_TEST_SUITE_END()
