#include <algorithm>
#include <array>
#include <ostream>

#include "standards/limit_library.h"
#include "standards/vocab/shipped.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::shared_ptr<const yaml::Document> parsed(std::string text) {
  auto document = yaml::Document::parse("limits.yaml", std::move(text));
  BOOST_TEST_REQUIRE(document.has_value(), (document ? "" : document.error().text()));
  return *document;
}

Limit read(std::string text, Problems& problems) {
  return read_limit(parsed(std::move(text))->root(), problems, "inline");
}

Limit good(std::string text) {
  Problems problems;
  const Limit limit = read(std::move(text), problems);
  BOOST_TEST(problems.empty(), (problems.empty() ? "" : problems.as_error().text()));
  return limit;
}

const std::string source = ", source: {kind: laboratory, document: \"laboratory's example\"}}";

struct Bad {
  std::string text, message;
  int column = 1;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.text; }
const std::array bad_limits = {
    Bad{"{op: \"<=\", value: 5, unit: \"/min\"}", "names no source"},
    Bad{"{op: \"<=\", value: .nan" + source, "must be finite", 19},
    Bad{"{op: \"==\", value: .nan" + source, "must be finite", 19},
    Bad{"{op: \"<=\", value: inf" + source, "must be finite", 19},
    Bad{"{op: \"<=\", value: five" + source, "is no number", 19},
    Bad{"{op: \"=<\", value: 5" + source, "\"=<\" is not one of", 6},
    Bad{"{op: \"<=\"" + source, "the key \"value\" is missing"},
    Bad{"{value: 5" + source, "the key \"op\" is missing"},
    Bad{"{op: within, low: 36" + source, "the key \"high\" is missing"},
    Bad{"{op: within, low: 42, high: 36" + source, "low (42) is above high (36)", 19},
    Bad{"{op: \"abs<=\", value: -5" + source, "absolute value below zero", 22},
    Bad{"{op: \"<=\", value: 5, unit: bpm" + source, "bpm", 28},
    Bad{"{op: \"<=\", valu: 5" + source, "did you mean \"value\"?", 12},
    Bad{"{op: \"<=\", value: 5, rule: guarded" + source, "no decision rule \"guarded\"", 28},
    Bad{"{op: \"<=\", value: 5, rule: iec_60118_8" + source, "uncertainty_allowed", 28},
    Bad{"{op: \"<=\", value: 5, uncertainty_allowed: 0" + source, "above 0", 43},
    Bad{"{op: \"<=\", value: 5, rule: inherent" + source, "only a standard", 28},
    Bad{"{op: \"<=\", value: 5, on: upper" + source, "\"upper\" is not one of", 26},
    Bad{"{op: \"<=\", value: 5, min_samples: 0" + source, "0", 35},
    Bad{"{op: \"==\", value: abc, unit: s" + source, "no unit", 30},
    Bad{"{op: \"==\", value: true, on: interval_low" + source, "one-sided limit only", 29},
    Bad{"{op: \"abs<=\", value: 5, on: interval_high" + source, "one-sided limit only", 29},
    Bad{"{op: \"==\", value: true, min_samples: 9" + source, "is for numbers", 38},
    Bad{"{status: todo, value: 5" + source, "carries no \"value\"", 23},
    Bad{"{status: open" + source, "\"open\" is not one of", 10},
    Bad{"{status: todo, source: {document: x}}", "the key \"kind\" is missing", 24},
    Bad{"{status: todo, source: {kind: standard}}", "the key \"document\" is missing", 24},
    Bad{"{status: todo, source: {kind: norm, document: x}}", "\"norm\" is not one of", 31},
    Bad{"{status: todo, source: {kind: standard, document: x, valid_from: 2026-02-30}}",
        "is no date", 66},
    Bad{"{op: \"<=\", value: 5, source: {kind: standard, document: x, confidence: U}}",
        "confidence U", 1},
    Bad{"[1, 2]", "must be a map", 1},
    Bad{"{status: todo, source: {kind: standard, document: x, valid_from: 2026-03-01, "
        "valid_to: 2025-03-01}}",
        "upside down", 24},
    Bad{"{op: \"<=\", value: 5, statistic: mapee, unit: \"%\"" + source, "did you mean \"mape\"?",
        33},
    Bad{"{op: \"<=\", value: 5, statistic: mape, unit: s" + source, "is a pure number", 45},
    Bad{"{op: \"<=\", value: 5, statistic: sensitivity, unit: /d" + source, "is a pure number", 52},
    Bad{"{op: \"<=\", value: 5, statistic: false_alarm_rate, unit: \"%\"" + source, "is a rate",
        57},
    Bad{"{op: \"<=\", value: 5, quantity: heart_rate, statistic: sd, unit: s" + source,
        "heart rate is not measured in s", 65},
    Bad{"{op: \"<=\", value: 5, quantity: heart_rate, statistic: sd" + source,
        "heart rate is not measured in 1", 1},
    Bad{"{op: \"<=\", value: 5, statistic: percentile, unit: s" + source, "needs \"p\""},
    Bad{"{op: \"<=\", value: 5, statistic: percentile, p: 95, unit: s" + source, "between 0 and 1",
        48},
    Bad{"{op: \"<=\", value: 5, statistic: mape, p: 0.95" + source, "has no \"p\"", 42},
    Bad{"{op: \">=\", value: 0.95, statistic: share_within" + source, "needs \"band\""},
    Bad{"{op: \">=\", value: 0.95, statistic: share_within, band: {by: reference, offset: 5}" +
            source,
        "the key \"unit\" is missing", 56},
    Bad{"{op: \">=\", value: 0.99, statistic: share_zone_ab, grid: parkes" + source,
        "\"parkes\" is not one of", 57},
    Bad{"{op: \"<=\", value: {by: reference, slope: 1}, statistic: sd" + source,
        "differs from pair to pair", 19},
    Bad{"{op: \"<=\", value: 5, confidence: 0.95" + source, "say which end", 34},
    Bad{"{op: \"<=\", value: 5, on: interval_high, confidence: 95" + source, "between 0.5 and 1",
        53},
    Bad{"{op: \"<=\", value: 5, on: interval_high, one_sided: true" + source, "\"confidence\" too",
        52},
    Bad{"{op: \"<=\", value: 5, aggregation: lots" + source, "\"lots\" is not one of", 35},
    Bad{"{op: \"<=\", value: 5, domain: {by: bias, from: 1}" + source, "\"bias\" is not one of",
        35},
    Bad{"{op: \"<=\", value: 5, plan: {}" + source, "asks for nothing", 28},
    Bad{"{op: \"<=\", value: 5, plan: cuff" + source, "must be a map", 28},
    Bad{"{all_of: [a/b]" + source, "stand in a limits file"},
    Bad{"{all_of: [a/b], op: \"<=\"" + source, "have their own \"op\"", 21},
    Bad{"{all_of: []" + source, "names no limit", 10},
    Bad{"{status: todo, op: \"<=\"" + source, "carries no \"op\"", 20},
};

// A whole limits file around the entries.
std::string file(std::string_view entries) {
  return "limits: x\ndocument: {kind: standard, id: \"EX 1\", edition: \"2018\", confidence: W}\n"
         "entries:\n" +
         std::string(entries);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_limit_read)

BOOST_AUTO_TEST_CASE(example_of_the_laboratory) {
  const Limit limit = good("{op: \"<=\", value: 5, unit: \"/min\"" + source);
  BOOST_TEST(limit.id == "inline");
  BOOST_TEST(limit.text() == "<= 5 /min");
  BOOST_TEST((limit.source.kind == SourceKind::laboratory));
  BOOST_TEST(limit.source.text() == "laboratory's example");
  BOOST_TEST(!limit.rule.has_value());
  BOOST_TEST((limit.status == LimitStatus::established));
  BOOST_TEST(limit.min_samples == 0);
}

BOOST_AUTO_TEST_CASE(all_of_it) {
  const Limit limit = good(
      "op: \"<\"\nvalue: 42\nunit: Cel\nquantity: temperature\nstatistic: mean\n"
      "range: indoors\nsample: \"3 readings\"\nmin_samples: 3\non: interval_high\n"
      "rule: jjf_1094\nnote: example\nsource:\n  kind: standard\n  document: EX 1\n"
      "  clause: \"5.2\"\n  edition: \"2018\"\n  valid_from: \"2018-11-01\"\n"
      "  valid_to: \"2026-01-15\"\n  confidence: V2\n");
  BOOST_TEST(limit.text() == "upper bound < 42 Cel");
  BOOST_TEST((limit.rule == DecisionRule::jjf_1094));
  BOOST_TEST(limit.min_samples == 3);
  BOOST_TEST(limit.quantity == "temperature");
  BOOST_TEST(limit.statistic == "mean");
  BOOST_TEST(limit.range == "indoors");
  BOOST_TEST(limit.sample == "3 readings");
  BOOST_TEST(limit.note == "example");
  BOOST_TEST(limit.source.confidence == "V2");
  BOOST_TEST(limit.source.text() == "EX 1 (2018), 5.2, in force from 2018-11-01 to 2026-01-15");
}

BOOST_AUTO_TEST_CASE(each_operator) {
  for (std::string_view op : {"<=", "<", ">=", ">", "abs<=", "=="}) {
    const Limit limit = good("{op: \"" + std::string(op) + "\", value: 5" + source);
    BOOST_TEST(to_string(limit.comparison) == op);
    BOOST_TEST(limit.value == 5);
  }
}

BOOST_AUTO_TEST_CASE(what_equals_means) {
  BOOST_TEST((good("{op: \"==\", value: 8" + source).equals == Limit::Equals::number));
  BOOST_TEST(good("{op: \"==\", value: false" + source).text() == "= false");
  BOOST_TEST(good("{op: \"==\", value: \"8\"" + source).text() == "= \"8\"");
  BOOST_TEST(good("{op: \"==\", value: \"true\"" + source).text() == "= \"true\"");
  BOOST_TEST(good("{op: \"==\", value: V2.1" + source).text() == "= \"V2.1\"");
}

BOOST_AUTO_TEST_CASE(claims_and_what_is_not_established) {
  const Limit claim =
      good("{op: \"<=\", value: 5, unit: m, source: {kind: claim, document: \"manual, p. 12\"}}");
  BOOST_TEST((claim.source.kind == SourceKind::claim));
  for (std::string_view status : {"todo", "none", "declared"})
    BOOST_TEST(to_string(good("{status: " + std::string(status) + source).status) == status);
}

BOOST_DATA_TEST_CASE(refused, bad_limits, bad) {
  Problems problems;
  read(bad.text, problems);
  const auto found = std::find_if(
      problems.list().begin(), problems.list().end(),
      [&bad](const Error& e) { return e.message.find(bad.message) != std::string::npos; });
  BOOST_TEST_REQUIRE((found != problems.list().end()), problems.as_error().text());
  BOOST_TEST(found->at.line == 1);
  BOOST_TEST(found->at.column == bad.column, found->text());
}

BOOST_AUTO_TEST_CASE(entries_take_the_source_of_their_file) {
  const auto limits = read_limits(
      *parsed(file("  - {id: a, op: \"<=\", value: 1}\n"
                   "  - {id: b, status: todo, source: {clause: \"7.1\", confidence: U}}\n")));
  BOOST_TEST_REQUIRE(limits.has_value(), (limits ? "" : limits.error().text()));
  BOOST_TEST_REQUIRE(limits->size() == 2);
  BOOST_TEST((*limits)[0].id == "x/a");
  BOOST_TEST((*limits)[0].source.text() == "EX 1 (2018)");
  BOOST_TEST((*limits)[0].source.confidence == "W");
  BOOST_TEST((*limits)[1].source.text() == "EX 1 (2018), 7.1");
  BOOST_TEST((*limits)[1].source.confidence == "U");
}

BOOST_AUTO_TEST_CASE(entries_take_plans_and_categories_of_their_file) {
  const auto limits = read_limits(*parsed(
      "categories: [\"1.2\"]\nplans: {cuff: {subjects: 85}}\n" +
      file(
          "  - {id: a, op: \"<=\", value: 1, plan: cuff}\n"
          "  - {id: b, status: todo, categories: [\"3.2\"], source: {document: \"EX 2\"}}\n"
          "  - {id: c, status: declared, op: \">=\", source: {kind: claim, document: manual}}\n")));
  BOOST_TEST_REQUIRE(limits.has_value(), (limits ? "" : limits.error().text()));
  const Limit &a = (*limits)[0], &b = (*limits)[1], &c = (*limits)[2];
  BOOST_TEST(a.plan.subjects == 85);
  BOOST_TEST(a.categories.front() == "1.2");
  BOOST_TEST(b.categories.front() == "3.2");
  // Another document has another edition, and of its own kind the same confidence.
  BOOST_TEST(b.source.text() == "EX 2");
  BOOST_TEST(b.source.confidence == "W");
  BOOST_TEST(c.source.text() == "manual");
  BOOST_TEST(c.source.confidence.empty());
  BOOST_TEST(c.op_known);
  BOOST_TEST(!b.op_known);
}

BOOST_AUTO_TEST_CASE(bounds_domains_and_intervals) {
  const Limit limit = good(
      "op: \"abs<=\"\nunit: \"mm[Hg]\"\nstatistic: each\n"
      "value: {by: reference, slope: 0.02, floor: 3}\n"
      "domain: {by: reference, from: 0, to: 300}\naggregation: each_subject\n"
      "title: {zh: 例, en: example}\n"
      "source: {kind: laboratory, document: example}\n");
  BOOST_TEST(limit.text() == "|e| <= max(3, 0.02 * x) mm[Hg], x = reference mm[Hg]");
  BOOST_TEST(limit.domain->span.contains(300));
  BOOST_TEST((limit.domain->unit == limit.unit));
  BOOST_TEST(limit.aggregation == "each_subject");
  BOOST_TEST(at_index(limit, 200)->text() == "|x| <= 4 mm[Hg]");
  const Limit share = good(
      "op: \">\"\nvalue: 0.85\nstatistic: share_within\n"
      "band: [{unit: mg/dL, by: reference, offset: 15}, {unit: mmol/L, by: reference, offset: 1}]\n"
      "on: interval_low\nconfidence: 0.95\none_sided: true\n"
      "source: {kind: laboratory, document: example}\n");
  BOOST_TEST(share.text() == "lower one-sided 95 % bound > 0.85");
  BOOST_TEST(share.interval_confidence() == 0.9, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(share.band.size() == 2u);
  BOOST_TEST(share.band[1].unit.code() == "mmol/L");
}

BOOST_AUTO_TEST_CASE(bad_files) {
  const std::array<std::pair<std::string, std::string>, 9> rows = {{
      {"limits: x/y\n" + file("").substr(10), "has no \"/\""},
      {file("  - {id: a, op: \"<=\", value: 1, plan: cuf}\n") + "plans: {cuff: {subjects: 85}}\n",
       "no plan \"cuf\", did you mean \"cuff\"?"},
      {file("  - {id: a, status: todo}\n") + "plans: {cuff: {subject: 85}}\n",
       "did you mean \"subjects\"?"},
      {"limits: x\nentries: []\n", "\"document\" is missing"},
      {"limits: x\ndocument: {kind: standard, id: y}\nentries: []\n", "needs a \"confidence\""},
      {file("  - {id: a, status: todo}\n  - {id: a, status: todo}\n"), "stands twice"},
      {file("  - {status: todo}\n"), "has no \"id\""},
      {file("  - {id: a, status: todo, limit: 5}\n"), "unknown key \"limit\""},
      {file("  - {id: a, status: todo}\nnotes: x\n"), "unknown key \"notes\""},
  }};
  for (const auto& [text, message] : rows) {
    const auto limits = read_limits(*parsed(text));
    BOOST_TEST_REQUIRE(!limits.has_value(), text);
    BOOST_TEST(limits.error().text().find(message) != std::string::npos, limits.error().text());
    BOOST_TEST((limits.error().code == Errc::bad_input));
  }
}

BOOST_AUTO_TEST_CASE(shipped_files_are_good) {
  BOOST_TEST(LimitLibrary::files().size() >= 8);
  const LimitLibrary library;
  for (const std::string& id : LimitLibrary::files()) {
    const auto file = shipped_file("standards/limits/" + id + ".yaml");
    BOOST_TEST_REQUIRE(file.has_value(), id);
    BOOST_TEST(file->text.starts_with("# "), id << " has no header line");
    const auto limits = read_limits(*parsed(std::string(file->text)));
    BOOST_TEST_REQUIRE(limits.has_value(), (limits ? "" : limits.error().text()));
    BOOST_TEST(!limits->empty());
    for (const Limit& limit : *limits) {
      BOOST_TEST(limit.id.starts_with(id + "/"), limit.id);
      BOOST_TEST(!limit.source.document.empty(), limit.id);
      BOOST_TEST(!limit.quantity.empty(), limit.id);
      const auto found = library.find(limit.id);
      BOOST_TEST_REQUIRE(found.has_value(), (found ? "" : found.error().text()));
      BOOST_TEST(found->text() == limit.text());
    }
  }
}

BOOST_AUTO_TEST_CASE(limits_that_profiles_name) {
  const LimitLibrary library;
  const auto heart_rate = library.find("cta-2065/heart-rate");
  BOOST_TEST_REQUIRE(heart_rate.has_value());
  BOOST_TEST(heart_rate->text() == "<= 10 %");
  BOOST_TEST(heart_rate->statistic == "mape");
  BOOST_TEST(library.find("smart-mattress/heart-rate")->text() == "|x| <= 5 /min");
  BOOST_TEST(library.find("smart-mattress/respiration-rate")->source.valid_from == "2026-03-01");
  BOOST_TEST((library.find("smart-bed/actuator-speed")->status == LimitStatus::todo));
  BOOST_TEST((library.find("gnss/horizontal-error-p95")->status == LimitStatus::declared));
}

BOOST_AUTO_TEST_CASE(unknown_ids_have_suggestions) {
  const LimitLibrary library;
  const auto file = library.find("cta-2056/heart-rate");
  BOOST_TEST_REQUIRE(!file.has_value());
  BOOST_TEST((file.error().code == Errc::not_found));
  BOOST_TEST(file.error().message ==
             "the limits library has no file \"cta-2056\", did you mean \"cta-2065\"?");
  const auto entry = library.find("cta-2065/hart-rate");
  BOOST_TEST(entry.error().message ==
             "the limits library has no limit \"cta-2065/hart-rate\", did you mean "
             "\"cta-2065/heart-rate\"?");
  BOOST_TEST(!library.find("").has_value());
  BOOST_TEST(!library.find("../catalogue/miit-2024/1.1").has_value());
  BOOST_TEST(!library.find("cta-2065").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
