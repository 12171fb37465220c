#include "standards/bound.h"

#include <array>
#include <cmath>
#include <limits>
#include <ostream>

#include "standards/sample_plan.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

const Unit mmhg = *Unit::parse("mm[Hg]");

std::shared_ptr<const yaml::Document> parsed(std::string text) {
  auto document = yaml::Document::parse("bound.yaml", std::move(text));
  BOOST_TEST_REQUIRE(document.has_value(), (document ? "" : document.error().text()));
  return *document;
}

Bound bound(std::string text) {
  Problems problems;
  const auto document = parsed(std::move(text));
  Bound out = read_bound(document->root(), mmhg, problems);
  BOOST_TEST(problems.empty(), (problems.empty() ? "" : problems.as_error().text()));
  return out;
}

constexpr auto none = std::numeric_limits<double>::quiet_NaN();

const std::string iec = "{by: reference, slope: 0.02, floor: 3}";
const std::string glucose =
    "{by: reference, bands: [{below: 100, offset: 15}, {from: 100, slope: 0.15}]}";
const std::string weights =
    "{by: reference, bands: [{from: 0, to: 500, offset: 0.5}, {above: 500, to: 2000, offset: 1},"
    " {above: 2000, to: 10000, offset: 1.5}]}";
const std::string thermometer =
    "{by: reference, resolution: 0.1, bands: [{below: 35.3, offset: 0.3},"
    " {from: 35.3, to: 36.9, offset: 0.2}, {from: 37.0, to: 39.0, offset: 0.1},"
    " {from: 39.1, to: 41.0, offset: 0.2}, {above: 41.0, offset: 0.3}]}";
const std::string table =
    "{by: abs_bias, from: 0.0, step: 0.1, rule: next_higher, beyond: fail, values: [4, 3, 2]}";

struct Row {
  std::string bound;
  double index, value;  // value none: there is no bound there
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.bound << " at " << row.index;
}
const std::array rows = {
    Row{iec, 100, 3},
    Row{iec, 150, 3},
    Row{iec, 200, 4},
    Row{iec, 300, 6},
    Row{iec, -300, 6},
    Row{"{by: reference, offset: 1, slope: 0.01}", 80, 1.8},
    Row{"{by: declared, offset: 3, slope: 1}", 28, 31},
    Row{"{by: declared, slope: 1.20}", 5, 6},
    Row{glucose, 0, 15},
    Row{glucose, 99.999, 15},
    Row{glucose, 100, 15},
    Row{glucose, 200, 30},
    Row{weights, 0, 0.5},
    Row{weights, 500, 0.5},
    Row{weights, 500.5, 1},
    Row{weights, 2000, 1},
    Row{weights, 10000, 1.5},
    Row{weights, 10000.5, none},
    Row{weights, -0.5, none},
    Row{thermometer, 35.0, 0.3},
    Row{thermometer, 35.24, 0.3},
    Row{thermometer, 35.26, 0.2},
    Row{thermometer, 36.9, 0.2},
    Row{thermometer, 36.94, 0.2},
    Row{thermometer, 36.96, 0.1},
    Row{thermometer, 37.0, 0.1},
    Row{thermometer, 39.0, 0.1},
    Row{thermometer, 39.06, 0.2},
    Row{thermometer, 41.0, 0.2},
    Row{thermometer, 41.04, 0.2},
    Row{thermometer, 41.06, 0.3},
    Row{table, 0, 4},
    Row{table, 0.1, 3},
    Row{table, 0.1 + 1e-12, 3},
    Row{table, 0.11, 2},
    Row{table, 0.01, 3},
    Row{table, 0.2, 2},
    Row{table, 0.21, none},
    Row{table, -0.1, none},
    Row{iec, none, none},
    Row{table, std::numeric_limits<double>::infinity(), none},
};

struct Bad {
  std::string text, message;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.text; }
const std::array bad_bounds = {
    Bad{"{by: reference}", "\"offset\", \"slope\" or both"},
    Bad{"{slope: 1}", "the key \"by\" is missing"},
    Bad{"{by: height, slope: 1}", "\"height\" is not one of"},
    Bad{"{by: reference, offset: 1, floor: 3}", "a floor under a level band"},
    Bad{"{by: reference, bands: []}", "1 to 64 bands"},
    Bad{"{by: reference, bands: [{below: 10, offset: 1}, {from: 11, offset: 2}]}", "a gap between"},
    Bad{"{by: reference, bands: [{below: 10, offset: 1}, {above: 10, offset: 2}]}",
        "a gap between"},
    Bad{"{by: reference, bands: [{to: 10, offset: 1}, {from: 10, offset: 2}]}", "overlaps"},
    Bad{"{by: reference, bands: [{to: 10, offset: 1}, {above: 9, offset: 2}]}", "overlaps"},
    Bad{"{by: reference, bands: [{from: 10, to: 5, offset: 1}]}", "nothing lies between 10 and 5"},
    Bad{"{by: reference, bands: [{offset: 1}, {from: 10, offset: 2}]}", "only the first band"},
    Bad{"{by: reference, bands: [{to: 10, offset: 1}, {to: 20, offset: 2}]}", "only the first"},
    Bad{"{by: reference, resolution: 0.1, bands: [{to: 36.9, offset: 1}, {from: 37.1, offset: 2}]}",
        "a gap between"},
    Bad{"{by: reference, bands: [{from: 1, above: 1, offset: 1}]}", "not both"},
    Bad{"{by: abs_bias, from: 0, step: 0, rule: next_higher, beyond: fail, values: [1, 2]}",
        "above zero"},
    Bad{"{by: abs_bias, from: 0, step: 1, rule: nearest, beyond: fail, values: [1, 2]}",
        "\"nearest\" is not one of"},
    Bad{"{by: abs_bias, from: 0, step: 1, rule: next_higher, beyond: fail, values: [1]}",
        "2 to 1000 values"},
    Bad{"{by: abs_bias, from: 0, step: 1, rule: next_higher, beyond: fail, values: [1, .nan]}",
        "must be finite"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_bound)

BOOST_DATA_TEST_CASE(value_at_an_index, rows, row) {
  const auto found = bound(row.bound).at(row.index);
  BOOST_TEST_REQUIRE(found.has_value() == !std::isnan(row.value));
  if (found) BOOST_TEST(found->value == row.value, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_table_gives_the_next_higher_index_and_the_nearest) {
  const Bound by_bias = bound(table);
  BOOST_TEST(by_bias.at(0.11)->value == 2);
  BOOST_TEST(*by_bias.at(0.11)->nearest == 3);
  BOOST_TEST(*by_bias.at(0.16)->nearest == 2);
  BOOST_TEST(!by_bias.fails_at(0.2));
  BOOST_TEST(by_bias.fails_at(0.21));
  BOOST_TEST(!by_bias.fails_at(-1));
  BOOST_TEST(!bound(weights).fails_at(20000));
}

BOOST_AUTO_TEST_CASE(as_text) {
  BOOST_TEST(bound(iec).text() == "max(3, 0.02 * x) mm[Hg], x = reference mm[Hg]");
  BOOST_TEST(bound(glucose).text() ==
             "15 (x < 100), 0.15 * x (x >= 100) mm[Hg], x = reference mm[Hg]");
  BOOST_TEST(bound(table).text() == "table by abs_bias, 4 to 2 mm[Hg]");
}

BOOST_DATA_TEST_CASE(impossible_bounds_are_refused, bad_bounds, bad) {
  Problems problems;
  const auto document = parsed(bad.text);
  read_bound(document->root(), mmhg, problems);
  BOOST_TEST_REQUIRE(!problems.empty());
  BOOST_TEST(problems.as_error().text().find(bad.message) != std::string::npos,
             problems.as_error().text());
  BOOST_TEST(problems.list().front().at.line == 1);
  BOOST_TEST(problems.list().front().at.column >= 1);
}

BOOST_AUTO_TEST_CASE(sample_plans) {
  Problems problems;
  const auto document = parsed(
      "subjects: 85\npairs_per_subject: 3\neach_sex_share: 0.3\nexclusions_max: 3\n"
      "distribution: [{quantity: systolic, to: 100, share: 0.05}]\n");
  const SamplePlan plan = read_sample_plan(document->root(), mmhg, problems);
  BOOST_TEST(problems.empty(), (problems.empty() ? "" : problems.as_error().text()));
  BOOST_TEST(plan.subjects == 85);
  BOOST_TEST(*plan.exclusions_max == 3);
  BOOST_TEST_REQUIRE(plan.distribution.size() == 1);
  BOOST_TEST(plan.distribution[0].span.contains(100));
  BOOST_TEST(!plan.distribution[0].span.contains(100.1));
  BOOST_TEST((plan.distribution[0].unit == mmhg));
  BOOST_TEST(!plan.empty());
  BOOST_TEST(SamplePlan{}.empty());
  for (const std::string_view text :
       {"{}", "{subjects: 0}", "{each_sex_share: 30}", "{distribution: [{share: 0.1}]}",
        "{distribution: [{to: 5}]}", "{subject: 5}"}) {
    Problems found;
    const auto bad = parsed(std::string(text));
    read_sample_plan(bad->root(), mmhg, found);
    BOOST_TEST(!found.empty(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
