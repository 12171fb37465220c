#include "standards/limit_library.h"

#include <array>

#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::shared_ptr<const yaml::Document> parsed(std::string name, std::string text) {
  auto document = yaml::Document::parse(std::move(name), std::move(text));
  BOOST_TEST_REQUIRE(document.has_value(), (document ? "" : document.error().text()));
  return *document;
}

const std::string head =
    "document: {kind: standard, id: \"EX 1\", edition: \"2018\", confidence: W}\n";
const std::string base_text =
    "limits: base\n" + head +
    "entries:\n"
    "  - {id: a, op: \"<=\", value: 1}\n"
    "  - {id: b, op: \"<=\", value: 2}\n"
    "  - {id: both, all_of: [base/a, base/b]}\n"
    "  - {id: old, op: \"<=\", value: 3, source: {valid_to: \"2026-01-14\"}}\n"
    "  - {id: new, op: \"<=\", value: 4, source: {valid_from: \"2026-01-15\"}}\n"
    "  - {id: edition, editions: [base/old, base/new]}\n"
    "  - {id: gap-old, op: \"<=\", value: 5, source: {valid_to: \"2025-12-31\"}}\n"
    "  - {id: gap, editions: [base/gap-old, base/new]}\n"
    "  - {id: of-editions, all_of: [base/a, base/edition]}\n";

LimitLibrary library() {
  return LimitLibrary([](std::string_view file) -> Result<std::shared_ptr<const yaml::Document>> {
    if (file == "base") return parsed("base.yaml", base_text);
    return fail(Errc::not_found, Blame::profile, "no such file");
  });
}

std::shared_ptr<const yaml::Document> own(std::string name, std::string file,
                                          std::string_view entries) {
  return parsed(std::move(name),
                "limits: " + file + "\n" + head + "entries:\n" + std::string(entries));
}

using Documents = std::vector<std::shared_ptr<const yaml::Document>>;

double value(const LimitLibrary& limits, std::string_view id) {
  const auto limit = limits.find(id);
  BOOST_TEST_REQUIRE(limit.has_value(), (limit ? "" : limit.error().text()));
  return limit->value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_limit_library)

BOOST_AUTO_TEST_CASE(own_limits_add_and_replace_by_id) {
  LimitLibrary limits = library();
  const Documents files = {own("lab/a.yaml", "base", "  - {id: a, op: \"<=\", value: 10}\n"),
                           own("lab/b.yaml", "lab", "  - {id: x, op: \"<=\", value: 11}\n")};
  BOOST_TEST_REQUIRE(limits.overlay(files).has_value());
  BOOST_TEST(value(limits, "base/a") == 10);
  BOOST_TEST(value(limits, "base/b") == 2);
  BOOST_TEST(value(limits, "lab/x") == 11);
  BOOST_TEST((limits.find("base/a")->provided == Limit::Provided::replaced));
  BOOST_TEST((limits.find("base/b")->provided == Limit::Provided::shipped));
  BOOST_TEST((limits.find("lab/x")->provided == Limit::Provided::added));
  BOOST_TEST(limits.find("base/a")->own_file == "lab/a.yaml");
  BOOST_TEST(!limits.find("lab/y").has_value());
  BOOST_TEST(limits.find("lab/y").error().message.find("did you mean \"lab/x\"?") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_later_layer_covers_an_earlier_one) {
  LimitLibrary limits = library();
  const Documents first = {own("run.yaml", "base", "  - {id: a, op: \"<=\", value: 10}\n")};
  const Documents second = {own("other.yaml", "base", "  - {id: a, op: \"<=\", value: 20}\n")};
  BOOST_TEST_REQUIRE(limits.overlay(first).has_value());
  BOOST_TEST_REQUIRE(limits.overlay(second).has_value());
  BOOST_TEST(value(limits, "base/a") == 20);
}

BOOST_AUTO_TEST_CASE(two_own_files_may_not_hold_the_same_id) {
  LimitLibrary limits = library();
  const Documents files = {own("a.yaml", "base", "  - {id: a, op: \"<=\", value: 10}\n"),
                           own("b.yaml", "base", "  - {id: a, op: \"<=\", value: 11}\n")};
  const auto laid = limits.overlay(files);
  BOOST_TEST_REQUIRE(!laid.has_value());
  BOOST_TEST(laid.error().message.find("\"base/a\" stands in a.yaml too") != std::string::npos);
  BOOST_TEST(laid.error().at.file == "b.yaml");
}

BOOST_AUTO_TEST_CASE(the_edition_in_force_on_the_day_is_chosen) {
  const LimitLibrary limits = library();
  const std::array<std::pair<std::string, std::string>, 4> rows = {{{"2025-06-30", "base/old"},
                                                                    {"2026-01-14", "base/old"},
                                                                    {"2026-01-15", "base/new"},
                                                                    {"2030-01-01", "base/new"}}};
  for (const auto& [date, id] : rows) {
    const auto limit = limits.find_on("base/edition", date);
    BOOST_TEST_REQUIRE(limit.has_value(), date);
    BOOST_TEST(limit->id == id, date);
    BOOST_TEST(limit->not_in_force.empty(), date);
  }
  const auto between = limits.find_on("base/gap", "2026-01-10");
  BOOST_TEST_REQUIRE(!between.has_value());
  BOOST_TEST(between.error().message.find("no edition of base/gap was in force on 2026-01-10") !=
             std::string::npos);
  BOOST_TEST(between.error().message.find("base/new: in force from 2026-01-15") !=
             std::string::npos);
  BOOST_TEST(limits.find_on("base/edition", "")->editions.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_edition_named_outright_says_when_it_was_not_in_force) {
  const LimitLibrary limits = library();
  const auto early = limits.find_on("base/new", "2026-01-14");
  BOOST_TEST(early->not_in_force.en ==
             "this edition was not in force on the test date 2026-01-14 (EX 1: in force from "
             "2026-01-15)");
  BOOST_TEST(early->not_in_force.zh.find("2026-01-14") != std::string::npos);
  BOOST_TEST(!limits.find_on("base/old", "2026-01-15")->not_in_force.empty());
  BOOST_TEST(limits.find_on("base/new", "2026-01-15")->not_in_force.empty());
  BOOST_TEST(limits.find_on("base/a", "2026-01-15")->not_in_force.empty());
}

BOOST_AUTO_TEST_CASE(parts_of_a_composite) {
  const LimitLibrary limits = library();
  const auto both = limits.parts(*limits.find("base/both"), "2026-02-01");
  BOOST_TEST_REQUIRE(both.has_value());
  BOOST_TEST(both->size() == 2u);
  BOOST_TEST((*both)[1].id == "base/b");
  const auto dated = limits.parts(*limits.find("base/of-editions"), "2026-02-01");
  BOOST_TEST_REQUIRE(dated.has_value(), (dated ? "" : dated.error().text()));
  BOOST_TEST((*dated)[1].id == "base/new");
  BOOST_TEST(limits.parts(*limits.find("base/a"), "")->size() == 1u);
}

BOOST_AUTO_TEST_CASE(names_of_other_limits_are_checked) {
  const LimitLibrary limits = library();
  const std::array<std::pair<std::string, std::string>, 5> rows = {{
      {"all_of: [base/a, base/c]", "no limit \"base/c\""},
      {"all_of: [base/both]", "is itself made of other limits"},
      {"editions: [base/edition]", "is itself made of other limits"},
      {"editions: [base/a]", "has no dates to choose by"},
      {"op: \"<=\", value: 1, conflicts_with: [nothing/x]", "no such file"},
  }};
  for (const auto& [fields, message] : rows) {
    const auto document = own("lab.yaml", "lab", "  - {id: x, " + fields + "}\n");
    const auto read = read_limits(*document);
    BOOST_TEST_REQUIRE(read.has_value(), (read ? "" : read.error().text()));
    Problems problems;
    limits.check(*read, problems);
    BOOST_TEST_REQUIRE(!problems.empty(), fields);
    BOOST_TEST(problems.as_error().text().find(message) != std::string::npos,
               problems.as_error().text());
    BOOST_TEST(problems.list().front().at.line == 4);
  }
  const auto good = own("lab.yaml", "lab", "  - {id: x, all_of: [base/a, base/edition]}\n");
  Problems none;
  limits.check(*read_limits(*good), none);
  BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_CASE(dates_in_force) {
  LimitSource source;
  BOOST_TEST((in_force(source, "2026-01-01") == InForce::no_date));
  source.valid_from = "2026-01-15";
  BOOST_TEST((in_force(source, "2026-01-14") == InForce::not_yet));
  BOOST_TEST((in_force(source, "2026-01-15") == InForce::yes));
  source.valid_to = "2026-12-31";
  BOOST_TEST((in_force(source, "2026-12-31") == InForce::yes));
  BOOST_TEST((in_force(source, "2027-01-01") == InForce::no_longer));
}

BOOST_AUTO_TEST_SUITE_END()
