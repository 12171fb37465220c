#include "standards/vocab/verdict.h"

#include <ostream>
#include <string>
#include <vector>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

// From worst to best, as verdict.h states it.
const std::vector<std::string> order = {
    "fail",        "error",         "conditional_fail", "inconclusive",     "reference_not_fit",
    "not_tested",  "limit_todo",    "no_rule",          "conditional_pass", "pass",
    "report_only", "not_applicable"};

struct Exit {
  std::vector<std::string> findings;
  int code;
};
std::ostream& operator<<(std::ostream& out, const Exit& e) {
  for (const std::string& finding : e.findings) out << finding << ' ';
  return out;
}

const std::vector<Exit> exits = {
    {{}, 2},
    {{"pass"}, 0},
    {{"pass", "report_only", "not_applicable"}, 0},
    {{"report_only"}, 2},
    {{"not_applicable"}, 2},
    {{"pass", "conditional_pass"}, 2},
    {{"pass", "conditional_fail"}, 2},
    {{"pass", "inconclusive"}, 2},
    {{"pass", "not_tested"}, 2},
    {{"pass", "limit_todo"}, 2},
    {{"pass", "no_rule"}, 2},
    {{"pass", "reference_not_fit"}, 2},
    {{"pass", "error"}, 3},
    {{"error", "inconclusive"}, 3},
    {{"fail", "error"}, 1},
    {{"fail", "pass", "conditional_fail"}, 1},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vocab_verdict)

BOOST_AUTO_TEST_CASE(names_both_ways) {
  for (const std::string& name : order) {
    BOOST_REQUIRE(finding_from(name));
    BOOST_TEST(to_string(*finding_from(name)) == name);
  }
  BOOST_TEST(!finding_from("passed"));
  BOOST_TEST(to_string(Verdict::conditional_pass) == "conditional_pass");
  BOOST_TEST(to_string(Reason::limit_todo) == "limit_todo");
  BOOST_TEST((Finding::of(Verdict::pass) != Finding::without(Reason::not_tested)));
}

BOOST_AUTO_TEST_CASE(the_worse_of_two) {
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = i; j < order.size(); ++j) {
      const Finding a = *finding_from(order[i]), b = *finding_from(order[j]);
      BOOST_TEST(to_string(worse(a, b)) == order[i]);
      BOOST_TEST(to_string(worse(b, a)) == order[i]);
    }
}

BOOST_DATA_TEST_CASE(exit_code, boost::unit_test::data::make(exits), row) {
  Tally tally;
  for (const std::string& finding : row.findings) tally.add(*finding_from(finding));
  BOOST_TEST(tally.exit_code() == row.code);
}

BOOST_AUTO_TEST_SUITE_END()
