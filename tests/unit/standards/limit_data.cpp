// The shipped limits as a whole: each says what it must, names what exists, and bears the numbers
// that the sources print.
#include <array>
#include <ostream>
#include <set>

#include "standards/catalogue.h"
#include "standards/limit_library.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::vector<Limit> all() {
  const auto limits = LimitLibrary().all();
  BOOST_TEST_REQUIRE(limits.has_value(), (limits ? "" : limits.error().text()));
  return *limits;
}

Limit limit(std::string_view id) {
  const auto found = LimitLibrary().find(id);
  BOOST_TEST_REQUIRE(found.has_value(), (found ? "" : found.error().text()));
  return *found;
}

// Ids that other parts rest on, with their text.
struct Row {
  std::string_view id, text, statistic;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.id; }
const std::array rows = {
    Row{"iso-81060-2/criterion-1-mean", "|x| <= 5 mm[Hg]", "bias"},
    Row{"iso-81060-2/criterion-1-sd", "<= 8 mm[Hg]", "sd"},
    Row{"iso-81060-2/criterion-2", "<= table by abs_bias, 6.95 to 4.79 mm[Hg]", "sm"},
    Row{"iso-15197/system-accuracy", ">= 0.95", "share_within"},
    Row{"iso-15197/consensus-grid", ">= 0.99", "share_zone_ab"},
    Row{"iso-80601-2-61/arms", "<= 4 %", "rms"},
    Row{"cta-2065/heart-rate", "<= 10 %", "mape"},
    Row{"oiml-r76/class-iii",
        "|e| <= 0.5 (0 <= x <= 500), 1 (500 < x <= 2000), 1.5 (2000 < x <= 10000) {e}, "
        "x = reference {e}",
        "each"},
    Row{"jjg-692/static-initial", "|x| <= 3 mm[Hg]", "each"},
    Row{"iec-80601-2-30/cuff-pressure", "|e| <= max(3, 0.02 * x) mm[Hg], x = reference mm[Hg]",
        "each"},
    Row{"smart-mattress/heart-rate", "|x| <= 5 /min", "each"},
    Row{"miit-app-elder/touch-target", ">= 60 {dp}", "min"},
    Row{"t-taf-114/touch-target-home", ">= 48 {dp}", "min"},
    Row{"fda-glucose/icgm-low-15", "lower one-sided 95 % bound > 0.85", "share_within"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_limit_data)

BOOST_AUTO_TEST_CASE(each_shipped_limit_says_what_it_must) {
  const auto catalogue = Catalogue::load("miit-2024");
  BOOST_TEST_REQUIRE(catalogue.has_value());
  for (const Limit& one : all()) {
    BOOST_TEST_CONTEXT(one.id) {
      BOOST_TEST(!one.title.zh.empty());
      BOOST_TEST(!one.title.en.empty());
      BOOST_TEST(!one.source.document.empty());
      BOOST_TEST(!one.quantity.empty());
      BOOST_TEST(!one.categories.empty());
      for (const std::string& category : one.categories)
        BOOST_TEST((catalogue->category(category) != nullptr), category);
      const bool number =
          one.status == LimitStatus::established && !one.is_composite() && one.editions.empty();
      if (one.source.kind == SourceKind::standard) BOOST_TEST(!one.source.confidence.empty());
      if (number) BOOST_TEST(one.source.confidence != "U");
      if (number) BOOST_TEST((one.source.kind != SourceKind::claim));
      if (one.status == LimitStatus::declared) BOOST_TEST(one.op_known);
    }
  }
}

BOOST_AUTO_TEST_CASE(limits_name_limits_that_exist_and_conflicts_are_mutual) {
  const std::vector<Limit> limits = all();
  Problems problems;
  LimitLibrary().check(limits, problems);
  BOOST_TEST(problems.empty(), (problems.empty() ? "" : problems.as_error().text()));
  std::set<std::string> ids;
  std::set<std::pair<std::string, std::string>> conflicts;
  for (const Limit& one : limits) {
    BOOST_TEST(ids.insert(one.id).second, one.id);
    for (const std::string& other : one.conflicts_with) conflicts.emplace(one.id, other);
  }
  for (const auto& [one, other] : conflicts)
    BOOST_TEST(conflicts.contains({other, one}), one << " conflicts with " << other);
}

BOOST_DATA_TEST_CASE(limits_that_others_rest_on, rows, row) {
  const Limit one = limit(row.id);
  BOOST_TEST(one.text() == row.text);
  BOOST_TEST(one.statistic == row.statistic);
}

BOOST_AUTO_TEST_CASE(criterion_2_is_the_printed_table) {
  const std::vector<double> printed = {
      6.95, 6.95, 6.95, 6.95, 6.93, 6.92, 6.91, 6.90, 6.89, 6.88, 6.87, 6.86, 6.84,
      6.82, 6.80, 6.78, 6.76, 6.73, 6.71, 6.68, 6.65, 6.62, 6.58, 6.55, 6.51, 6.47,
      6.43, 6.39, 6.34, 6.30, 6.25, 6.20, 6.14, 6.09, 6.03, 5.97, 5.89, 5.83, 5.77,
      5.70, 5.64, 5.56, 5.49, 5.41, 5.33, 5.25, 5.16, 5.08, 5.01, 4.90, 4.79};
  const Limit two = limit("iso-81060-2/criterion-2");
  BOOST_CHECK_EQUAL_COLLECTIONS(two.bound->table->values.begin(), two.bound->table->values.end(),
                                printed.begin(), printed.end());
  BOOST_TEST(two.bound->at(4.2)->value == 5.49);
  BOOST_TEST(two.bound->at(0)->value == 6.95);
  BOOST_TEST(two.bound->at(5.0)->value == 4.79);
  BOOST_TEST(two.bound->fails_at(5.01));
  BOOST_TEST((two.rule == DecisionRule::inherent));
  BOOST_TEST(limit("iso-81060-2/criterion-1").all_of.size() == 2u);
}

BOOST_AUTO_TEST_CASE(shares_of_the_glucose_plan_make_up_the_whole) {
  double sum = 0;
  for (const auto& bin : limit("iso-15197/system-accuracy").plan.distribution) sum += bin.share;
  BOOST_TEST(sum == 1, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(limit("iso-15197/system-accuracy").plan.pairs == 600);
}

BOOST_AUTO_TEST_CASE(the_editions_of_chinese_standards_follow_the_day) {
  const LimitLibrary library;
  const std::array<std::array<std::string_view, 3>, 6> days = {{
      {"yy-9706-230/cuff-pressure-in-force", "2026-01-14", "yy-9706-230/cuff-pressure-yy-0670"},
      {"yy-9706-230/cuff-pressure-in-force", "2026-01-15", "yy-9706-230/cuff-pressure"},
      {"yy-9706-261/arms-in-force", "2026-11-21", "yy-9706-261/arms"},
      {"gb-t-19634/accuracy", "2023-04-30", "gb-t-19634/accuracy-2005"},
      {"gb-t-19634/accuracy", "2023-05-01", "gb-t-19634/accuracy-2021"},
      {"ws-t-403/uric-acid", "2024-10-31", "ws-t-403/uric-acid-2012"},
  }};
  for (const auto& [id, day, edition] : days) {
    const auto chosen = library.find_on(id, day);
    BOOST_TEST_REQUIRE(chosen.has_value(), (chosen ? "" : chosen.error().text()));
    BOOST_TEST(chosen->id == edition);
  }
  BOOST_TEST(!library.find_on("smart-mattress/heart-rate", "2026-02-28")->not_in_force.empty());
}

BOOST_AUTO_TEST_SUITE_END()
