#include <algorithm>
#include <array>

#include "reports/html/job.h"
#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

void masthead(Page& page) {
  const RunRecord& record = page.record;
  const auto header = page.out.in("header", {{"class", "masthead"}});
  const std::string laboratory =
      told(job_at(record.job, {"laboratory.name", "laboratory"}), page.text);
  if (!laboratory.empty()) paragraph(page, "laboratory", laboratory);
  {
    const auto title = page.out.in("h1");
    page.out.text(page.text("report.title"));
    page.out.text(" ");
    page.out.leaf("small", {{"lang", page.text("report.other_language")}},
                  page.text("report.other_title"));
  }
  paragraph(page, "subject", page.text.pick(record.title));
}

bool under_test(const SampleRecord& sample) {
  return sample.role.empty() || sample.role == "under_test";
}

std::string sample_words(const SampleRecord& sample, const Texts& text) {
  std::string out = sample.name;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty())
      out += cat(text("report.separator"), text(key), text("report.colon"), value);
  };
  add("sample.model", sample.model);
  add("sample.serial", sample.serial);
  add("sample.label", sample.label);
  return out;
}

void essentials(Page& page) {
  const RunRecord& record = page.record;
  Facts facts(page, "facts essentials");
  facts.row("identity.report_number", [&] {
    const std::string number = told(
        job_at(record.job, {"report.number", "report_number", "order.report_number"}), page.text);
    if (!number.empty()) page.out.text(number + page.text("report.separator"));
    page.out.text(page.text("identity.run") + page.text("report.colon"));
    page.out.leaf("span", {{"class", "q"}}, page.run_id);
  });
  facts.row("identity.laboratory", told(record.job["laboratory"], page.text));
  facts.row("identity.customer", told(record.job["customer"], page.text));
  facts.row("identity.order", told(record.job["order"], page.text));
  facts.row("identity.samples", [&] {
    if (std::none_of(record.samples.begin(), record.samples.end(), under_test))
      page.out.leaf("span", {{"class", "missing"}}, page.text("report.not_stated"));
    for (const SampleRecord& sample : record.samples)
      if (under_test(sample)) page.out.leaf("div", {}, sample_words(sample, page.text));
  });
  facts.row("identity.dates", [&] {
    quantity(page, record.given.started);
    page.out.text(" – ");
    quantity(page,
             record.given.ended.empty() ? page.text("course.not_recorded") : record.given.ended);
  });
  facts.row("identity.method", cat(record.profile, " ", record.profile_version));
  const std::string catalogue = page.text.pick(record.catalogue_title);
  facts.row(
      "identity.scope",
      record.scope.empty()
          ? page.text("identity.no_scope")
          : cat(catalogue, catalogue.empty() ? "" : page.text("report.separator"), record.scope));
}

struct Count {
  std::string_view key;
  int Tally::*member;
};
constexpr std::array counts = {Count{"pass", &Tally::pass},
                               Count{"conditional_pass", &Tally::conditional_pass},
                               Count{"inconclusive", &Tally::inconclusive},
                               Count{"conditional_fail", &Tally::conditional_fail},
                               Count{"fail", &Tally::fail},
                               Count{"error", &Tally::error},
                               Count{"no_rule", &Tally::no_rule},
                               Count{"limit_todo", &Tally::limit_todo},
                               Count{"reference_not_fit", &Tally::reference_not_fit},
                               Count{"report_only", &Tally::report_only},
                               Count{"not_tested", &Tally::not_tested},
                               Count{"not_applicable", &Tally::not_applicable}};

void step_counts(Page& page) {
  page.out.leaf("h3", {}, page.text("result.steps"));
  const auto list = page.out.in("ul", {{"class", "counts"}});
  for (const Count& count : counts) {
    const int number = page.record.tally.*count.member;
    const auto item = page.out.in("li", {{"class", number > 0 ? "some" : "none"}});
    page.out.leaf("b", {}, cat(number));
    page.out.leaf("span", {}, page.text(cat("finding.", count.key)));
  }
  page.out.line();
}

struct Kind {
  std::string_view key;
  LedgerCell LedgerRow::*cell;
};
constexpr std::array kinds = {
    Kind{"measured", &LedgerRow::measured}, Kind{"probed", &LedgerRow::probed},
    Kind{"attested", &LedgerRow::attested}, Kind{"calculated", &LedgerRow::calculated}};

void kind_counts(Page& page) {
  const std::vector<LedgerRow>& rows = page.record.ledger;
  if (rows.empty()) return;
  page.out.leaf("h3", {}, page.text("result.clauses"));
  Table table(
      page, "kinds",
      {"kind.kind", "finding.pass", "result.conditional", "finding.inconclusive", "finding.fail",
       "finding.error", "result.no_verdict", "finding.not_tested", "result.other_kind"});
  for (const Kind& kind : kinds) {
    Tally tally;
    int elsewhere = 0;
    for (const LedgerRow& row : rows) {
      const LedgerCell& cell = row.*kind.cell;
      const bool can = std::find(row.kinds.begin(), row.kinds.end(), kind.key) != row.kinds.end();
      if (!row.applicable || (!can && cell.steps.empty()))
        ++elsewhere;
      else
        tally.add(cell.finding);
    }
    const auto row = page.out.in("tr");
    {
      const auto head = page.out.in("th", {{"scope", "row"}});
      page.out.text(page.text(cat("kind.", kind.key)));
    }
    const int no_verdict =
        tally.report_only + tally.limit_todo + tally.no_rule + tally.reference_not_fit;
    for (const int number :
         {tally.pass, tally.conditional_pass + tally.conditional_fail, tally.inconclusive,
          tally.fail, tally.error, no_verdict, tally.not_tested, elsewhere + tally.not_applicable})
      page.out.leaf("td", {{"class", number > 0 ? "some" : "none"}}, cat(number));
  }
}

bool has_verdict(const LedgerRow& row) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const Kind& kind) {
    return (row.*kind.cell).finding.verdict.has_value();
  });
}

std::string coverage(Page& page) {
  const RunRecord& record = page.record;
  const auto samples = std::count_if(record.samples.begin(), record.samples.end(), under_test);
  const auto applicable = std::count_if(record.ledger.begin(), record.ledger.end(),
                                        [](const LedgerRow& row) { return row.applicable; });
  std::string out = page.text("result.coverage",
                              {{"steps", cat(record.steps.size())}, {"samples", cat(samples)}});
  if (!record.ledger.empty())
    out += " " + page.text("result.ledger", {{"clauses", cat(record.ledger.size())},
                                             {"applicable", cat(applicable)}});
  if (page.text.has("state." + record.state)) out += " " + page.text("state." + record.state);
  return out;
}

void result(Page& page) {
  const RunRecord& record = page.record;
  const std::string outcome = page.text.has(cat("overall.", record.exit_code))
                                  ? cat(record.exit_code)
                                  : std::string("other");
  const auto open =
      std::count_if(record.ledger.begin(), record.ledger.end(),
                    [](const LedgerRow& row) { return row.applicable && !has_verdict(row); });
  // All steps passed is no whole success while clauses stay open, and does not look like one.
  const std::string_view look = outcome == "0" && open > 0 ? "open" : std::string_view(outcome);
  const auto section =
      page.out.in("section", {{"id", "result"}, {"class", cat("result exit-", look)}});
  page.out.leaf("h2", {{"class", "plain"}}, page.text("result.title"));
  paragraph(page, "overall", page.text(cat("overall.", outcome)));
  if (open > 0) paragraph(page, "open-clauses", page.text("result.open", {{"open", cat(open)}}));
  paragraph(page, "coverage", coverage(page));
  step_counts(page);
  kind_counts(page);
}

void not_signable(Page& page) {
  if (page.record.not_signable.empty()) return;
  const auto box = page.out.in("aside", {{"class", "unsigned"}});
  paragraph(page, "lead", page.text("signature.impossible"));
  const auto list = page.out.in("ul");
  for (const Text2& why : page.record.not_signable) page.out.leaf("li", {}, page.text.pick(why));
}

}  // namespace

void front(Page& page) {
  if (page.record.simulated) {
    const auto banner = page.out.in("aside", {{"class", "simulation"}});
    page.out.leaf("strong", {}, page.text("simulation.banner"));
    page.out.leaf("span", {}, page.text("simulation.explained"));
  }
  masthead(page);
  essentials(page);
  result(page);
  not_signable(page);
}

}  // namespace carebench::html
