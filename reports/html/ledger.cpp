#include <algorithm>

#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

// Notes that several clauses share stand once, below the table.
class Footnotes {
 public:
  std::size_t number(const std::string& note) {
    const auto found = std::find(notes_.begin(), notes_.end(), note);
    if (found != notes_.end()) return static_cast<std::size_t>(found - notes_.begin()) + 1;
    notes_.push_back(note);
    return notes_.size();
  }
  void print(Page& page) const {
    if (notes_.empty()) return;
    const auto list = page.out.in("ul", {{"class", "footnotes"}});
    for (std::size_t i = 0; i < notes_.size(); ++i)
      page.out.leaf(
          "li", {{"id", cat("note-", i + 1)}},
          cat(page.text("ledger.note"), " ", i + 1, page.text("report.colon"), notes_[i]));
  }

 private:
  std::vector<std::string> notes_;
};

void clause(Page& page, const LedgerRow& row, Footnotes& footnotes) {
  const auto cell = page.out.in("th", {{"scope", "row"}, {"class", "clause"}});
  const std::string& mine = page.text.pick(row.clause);
  page.out.leaf("div", {{"class", "words"}}, mine);
  if (page.text.language() != Language::zh_cn && !row.clause.zh.empty() && row.clause.zh != mine)
    page.out.leaf("div", {{"class", "verbatim"}, {"lang", "zh-CN"}}, row.clause.zh);
  page.out.leaf("code", {{"class", "id"}}, row.requirement);
  const std::string& means = page.text.pick(row.failure_means);
  if (!means.empty())
    page.out.leaf("div", {{"class", "note"}},
                  page.text("ledger.failure_means") + page.text("report.colon") + means);
  if (row.applies_note.empty()) return;
  const std::string number = cat(footnotes.number(row.applies_note));
  page.out.text(" ");
  page.out.leaf("a", {{"class", "note q"}, {"href", "#note-" + number}},
                cat(page.text("ledger.note"), " ", number));
}

void kind_cell(Page& page, const LedgerRow& row, const LedgerCell& cell, std::string_view kind) {
  const bool can = std::find(row.kinds.begin(), row.kinds.end(), kind) != row.kinds.end();
  const auto td = page.out.in("td");
  if (!can && cell.steps.empty()) {
    page.out.leaf("span", {{"class", "cannot"}, {"title", page.text("ledger.other_kind")}}, "–");
    return;
  }
  badge(page, cell.finding);
  if (!cell.steps.empty()) {
    const auto links = page.out.in("div", {{"class", "links"}});
    for (const std::string& step : cell.steps) {
      step_link(page, step);
      page.out.text(" ");
    }
  }
  if (!cell.reason.empty())
    page.out.leaf("div", {{"class", "reason"}}, page.text.pick(cell.reason));
}

void not_applicable(Page& page, const LedgerRow& row) {
  const auto td = page.out.in("td", {{"colspan", "4"}});
  badge(page, Finding::without(Reason::not_applicable));
  for (const LedgerCell* cell : {&row.measured, &row.probed, &row.attested, &row.calculated}) {
    if (cell->reason.empty()) continue;
    page.out.leaf("div", {{"class", "reason"}}, page.text.pick(cell->reason));
    break;
  }
}

}  // namespace

void ledger(Page& page) {
  const RunRecord& record = page.record;
  const Section section(page, "ledger");
  if (record.ledger.empty()) return paragraph(page, "empty", page.text("ledger.none"));
  paragraph(page, "intro", page.text("ledger.intro"));
  Footnotes footnotes;
  {
    Table table(
        page, "ledger",
        {"ledger.clause", "kind.measured", "kind.probed", "kind.attested", "kind.calculated"});
    for (std::size_t i = 0; i < record.ledger.size(); ++i) {
      const LedgerRow& row = record.ledger[i];
      {
        const auto tr = page.out.in("tr", {{"id", clause_anchor(i)}});
        clause(page, row, footnotes);
        if (row.applicable) {
          kind_cell(page, row, row.measured, "measured");
          kind_cell(page, row, row.probed, "probed");
          kind_cell(page, row, row.attested, "attested");
          kind_cell(page, row, row.calculated, "calculated");
        } else {
          not_applicable(page, row);
        }
      }
      page.out.line();
    }
  }
  footnotes.print(page);
}

}  // namespace carebench::html
