#include "standards/decision_rule.h"

#include <array>
#include <ostream>
#include <set>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

struct Asked {
  std::optional<AgreedRule> rule;
  std::string problems;
};
Asked asked(const std::string& text) {
  const auto document = yaml::Document::parse("job.yaml", "rule: " + text);
  BOOST_REQUIRE(document.has_value());
  Problems problems;
  Asked out{read_rule((*document)->root().find("rule"), problems), {}};
  if (!problems.empty()) out.problems = problems.as_error().text();
  return out;
}

struct Refused {
  std::string_view text, problem;
};
std::ostream& operator<<(std::ostream& out, const Refused& row) { return out << row.text; }

const std::array refused = {
    Refused{"guarded_binry", "did you mean \"guarded_binary\"?"},
    Refused{"guarded_fraction", "w = r U wants its r"},
    Refused{"{rule: guarded_fraction}", "\"r\""},
    Refused{"{rule: guarded_fraction, r: 0}", "above 0"},
    Refused{"{rule: guarded_fraction, r: -1}", "above 0"},
    Refused{"{rule: guarded_fraction, r: 6}", "at most 5"},
    Refused{"{rule: guarded_binary, r: 0.5}", "unknown key"},
    Refused{"{r: 0.5}", "\"rule\""},
    Refused{"[guarded_binary]", "text"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_decision_rule)

BOOST_AUTO_TEST_CASE(every_rule_has_a_name_and_a_description) {
  std::set<std::string> sentences;
  for (const std::string_view id : decision_rule_ids()) {
    const auto rule = decision_rule_from(id);
    BOOST_REQUIRE(rule.has_value());
    BOOST_TEST(to_string(*rule) == id);
    BOOST_TEST(!describe(*rule).zh.empty());
    sentences.insert(describe(*rule).en);
    if (id != "guarded_fraction") BOOST_TEST((asked(std::string(id)).rule == *rule));
  }
  BOOST_TEST(sentences.size() == 8u);
}

BOOST_AUTO_TEST_CASE(a_rule_may_bring_its_number) {
  const Asked half = asked("{rule: guarded_fraction, r: 0.5}");
  BOOST_TEST(half.problems == "");
  BOOST_TEST((half.rule == AgreedRule(DecisionRule::guarded_fraction, 0.5)));
  BOOST_TEST(to_string(*half.rule) == "guarded_fraction, r = 0.5");
  BOOST_TEST((asked("{rule: jjf_1094}").rule == AgreedRule(DecisionRule::jjf_1094)));
}

BOOST_DATA_TEST_CASE(what_is_no_rule_is_refused_with_its_place, refused, row) {
  const Asked given = asked(std::string(row.text));
  BOOST_TEST(given.problems.find("job.yaml:1:") != std::string::npos, given.problems);
  BOOST_TEST(given.problems.find(row.problem) != std::string::npos, given.problems);
}

BOOST_AUTO_TEST_SUITE_END()
