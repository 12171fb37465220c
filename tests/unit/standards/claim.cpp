#include <array>
#include <ostream>

#include "standards/limit.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

const std::string limits_file =
    "limits: x\n"
    "document: {kind: standard, id: \"EX 1\", confidence: W}\n"
    "entries:\n"
    "  - {id: latency, quantity: latency, statistic: max, unit: s, status: declared, op: \"<=\"}\n"
    "  - {id: error, quantity: heart_rate, statistic: each, unit: /min, status: declared}\n"
    "  - {id: noise, quantity: self_noise, statistic: value, unit: dB, op: \"<=\",\n"
    "     value: {by: declared, offset: 3, slope: 1}}\n"
    "  - {id: mass, quantity: body_mass, statistic: each, unit: \"{e}\", op: \"abs<=\",\n"
    "     value: {by: reference, bands: [{from: 0, to: 500, offset: 0.5},\n"
    "             {above: 500, to: 2000, offset: 1}]}}\n"
    "  - {id: fixed, quantity: latency, statistic: max, unit: s, op: \"<=\", value: 1}\n"
    "  - {id: open, quantity: latency, statistic: max, unit: s, status: todo}\n";

Limit limit(std::string_view id) {
  const auto document = yaml::Document::parse("limits.yaml", limits_file);
  BOOST_TEST_REQUIRE(document.has_value());
  const auto limits = read_limits(**document);
  BOOST_TEST_REQUIRE(limits.has_value(), (limits ? "" : limits.error().text()));
  for (const Limit& one : *limits)
    if (one.id == id) return one;
  BOOST_FAIL("no limit " << id);
  return {};
}

Result<Limit> claimed(std::string_view id, std::string fields) {
  const auto document = yaml::Document::parse(
      "job.yaml", "{limit: " + std::string(id) + ", document: manual, " + fields + "}");
  BOOST_TEST_REQUIRE(document.has_value(), (document ? "" : document.error().text()));
  Problems problems;
  const Claim claim = read_claim((*document)->root(), problems);
  BOOST_TEST_REQUIRE(problems.empty(), (problems.empty() ? "" : problems.as_error().text()));
  return with_claim(limit(id), claim);
}

struct Bad {
  std::string id, fields, message;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.message; }
const std::array misfits = {
    Bad{"x/latency", "value: 5, unit: s", "say how it is meant"},
    Bad{"x/latency", "op: \">=\", value: 5, unit: s", "met by <=, not by >="},
    Bad{"x/latency", "op: \"<=\", value: 5, unit: kg", "in kg, the limit in s"},
    Bad{"x/fixed", "op: \"<=\", value: 5, unit: s", "has its number from its own source"},
    Bad{"x/open", "op: \"<=\", value: 5, unit: s", "not one that a manufacturer declares"},
    Bad{"x/noise", "op: \"<=\", value: 28, unit: dB", "its value alone"},
    Bad{"x/noise", "value: 28, unit: s", "in s, the limit in dB"},
    Bad{"x/mass", "value: 0, unit: g", "a mass above zero"},
    Bad{"x/mass", "value: 5, unit: s", "a mass above zero"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_claim)

BOOST_AUTO_TEST_CASE(a_declared_limit_takes_the_claims_number_and_source) {
  BOOST_TEST(wants_claim(limit("x/latency")));
  const auto latency = claimed("x/latency", "op: \"<=\", value: 500, unit: ms");
  BOOST_TEST_REQUIRE(latency.has_value(), (latency ? "" : latency.error().text()));
  BOOST_TEST(latency->text() == "<= 500 ms");
  BOOST_TEST((latency->status == LimitStatus::established));
  BOOST_TEST((latency->source.kind == SourceKind::claim));
  BOOST_TEST(latency->source.document == "manual");
  BOOST_TEST(latency->source.confidence.empty());
  BOOST_TEST(!wants_claim(*latency));
  const auto error = claimed("x/error", "op: within, low: -3, high: 2, unit: /min");
  BOOST_TEST_REQUIRE(error.has_value());
  BOOST_TEST(error->text() == "within [-3, 2] /min");
}

BOOST_AUTO_TEST_CASE(a_bound_by_the_declared_value) {
  BOOST_TEST(wants_claim(limit("x/noise")));
  const auto noise = claimed("x/noise", "value: 28, unit: dB");
  BOOST_TEST_REQUIRE(noise.has_value(), (noise ? "" : noise.error().text()));
  BOOST_TEST(noise->text() == "<= 31 dB");
  BOOST_TEST((noise->source.kind == SourceKind::standard));
  BOOST_TEST(noise->note.find("declared: 28 dB (manual)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_limit_in_scale_intervals_becomes_one_in_mass) {
  BOOST_TEST(wants_claim(limit("x/mass")));
  const auto mass = claimed("x/mass", "value: 0.1, unit: kg");
  BOOST_TEST_REQUIRE(mass.has_value(), (mass ? "" : mass.error().text()));
  BOOST_TEST(mass->unit.code() == "kg");
  BOOST_TEST(!wants_claim(*mass));
  BOOST_TEST(mass->bound->at(40)->value == 0.05, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(mass->bound->at(50)->value == 0.05, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(mass->bound->at(50.1)->value == 0.1, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(mass->bound->at(200)->value == 0.1, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(!mass->bound->at(201).has_value());
}

BOOST_DATA_TEST_CASE(a_claim_that_does_not_fit_is_refused_at_its_place, misfits, bad) {
  const auto limit = claimed(bad.id, bad.fields);
  BOOST_TEST_REQUIRE(!limit.has_value());
  BOOST_TEST(limit.error().message.find(bad.message) != std::string::npos, limit.error().message);
  BOOST_TEST((limit.error().code == Errc::bad_input));
  BOOST_TEST(limit.error().at.file == "job.yaml");
  BOOST_TEST(limit.error().at.line == 1);
}

BOOST_AUTO_TEST_SUITE_END()
