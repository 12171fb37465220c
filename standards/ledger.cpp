#include "standards/ledger.h"

#include <algorithm>
#include <cassert>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

LedgerCell& cell_of(LedgerRow& row, ResultKind kind) {
  switch (kind) {
    case ResultKind::measured:
      return row.measured;
    case ResultKind::probed:
      return row.probed;
    case ResultKind::attested:
      return row.attested;
    case ResultKind::calculated:
      break;
  }
  return row.calculated;
}

void set_all(LedgerRow& row, Reason reason, const Text2& why) {
  for (LedgerCell* cell : {&row.measured, &row.probed, &row.attested, &row.calculated}) {
    cell->finding = Finding::without(reason);
    cell->reason = why;
  }
}

LedgerRow empty_row(const Requirement& requirement, const std::vector<std::string>& declared) {
  LedgerRow row;
  row.requirement = requirement.id;
  row.clause = requirement.clause;
  row.failure_means = requirement.failure_means;
  row.applies_note = requirement.applies_note;
  for (ResultKind kind : requirement.kinds) row.kinds.emplace_back(to_string(kind));
  row.applicable =
      requirement.condition.empty() ||
      std::find(declared.begin(), declared.end(), requirement.condition) != declared.end();
  if (!row.applicable) {
    set_all(row, Reason::not_applicable,
            {cat("送检方未声明功能 ", requirement.condition),
             cat("the vendor does not declare the capability ", requirement.condition)});
    return row;
  }
  set_all(row, Reason::not_applicable,
          {"此类结果不能判定该条款", "this kind of result cannot settle the clause"});
  for (ResultKind kind : requirement.kinds)
    cell_of(row, kind) = {Finding::without(Reason::not_tested),
                          {},
                          {"没有步骤或证明涉及该条款", "no step and no attestation covers it"}};
  return row;
}

void enter(LedgerRow& row, const LedgerEntry& entry) {
  LedgerCell& cell = cell_of(row, entry.kind);
  const bool first = cell.steps.empty();
  cell.steps.push_back(entry.step);
  if (first ||
      (worse(entry.finding, cell.finding) == entry.finding && !(entry.finding == cell.finding))) {
    cell.finding = entry.finding;
    cell.reason = entry.reason;
  }
}

}  // namespace

std::vector<LedgerRow> collect(const Catalogue& catalogue, std::string_view category,
                               const std::vector<std::string>& declared,
                               const std::vector<LedgerEntry>& entries) {
  std::vector<LedgerRow> rows;
  for (const Requirement* requirement : catalogue.applying_to(category))
    rows.push_back(empty_row(*requirement, declared));
  for (const LedgerEntry& entry : entries) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&entry](const LedgerRow& r) {
      return r.requirement == entry.requirement;
    });
    assert(row != rows.end() && "the profile reader admits applicable requirements only");
    enter(*row, entry);
  }
  return rows;
}

}  // namespace carebench
