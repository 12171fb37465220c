#include "standards/vocab/verdict.h"

#include <array>

#include "standards/vocab/error.h"

namespace carebench {
namespace {

struct Row {
  std::string_view name;
  Finding finding;
  int Tally::*count;
};

// From worst to best: worse() compares places in this table.
const std::array rows = {
    Row{"fail", Finding::of(Verdict::fail), &Tally::fail},
    Row{"error", Finding::without(Reason::error), &Tally::error},
    Row{"conditional_fail", Finding::of(Verdict::conditional_fail), &Tally::conditional_fail},
    Row{"inconclusive", Finding::of(Verdict::inconclusive), &Tally::inconclusive},
    Row{"reference_not_fit", Finding::without(Reason::reference_not_fit),
        &Tally::reference_not_fit},
    Row{"not_tested", Finding::without(Reason::not_tested), &Tally::not_tested},
    Row{"limit_todo", Finding::without(Reason::limit_todo), &Tally::limit_todo},
    Row{"no_rule", Finding::without(Reason::no_rule), &Tally::no_rule},
    Row{"conditional_pass", Finding::of(Verdict::conditional_pass), &Tally::conditional_pass},
    Row{"pass", Finding::of(Verdict::pass), &Tally::pass},
    Row{"report_only", Finding::without(Reason::report_only), &Tally::report_only},
    Row{"not_applicable", Finding::without(Reason::not_applicable), &Tally::not_applicable},
};

const Row& row_of(const Finding& finding) {
  for (const Row& row : rows)
    if (row.finding == finding) return row;
  return rows[1];
}

}  // namespace

std::string_view to_string(Verdict v) { return row_of(Finding::of(v)).name; }
std::string_view to_string(Reason r) { return row_of(Finding::without(r)).name; }
std::string_view to_string(const Finding& f) { return row_of(f).name; }

std::optional<Finding> finding_from(std::string_view text) {
  for (const Row& row : rows)
    if (row.name == text) return row.finding;
  return std::nullopt;
}

Finding worse(const Finding& a, const Finding& b) { return &row_of(b) < &row_of(a) ? b : a; }

void Tally::add(const Finding& f) { ++(this->*row_of(f).count); }

int Tally::exit_code() const {
  if (fail > 0) return exit_status::failed;
  if (error > 0) return exit_status::could_not_test;
  const int undecided = conditional_pass + conditional_fail + inconclusive + reference_not_fit +
                        not_tested + limit_todo + no_rule;
  return undecided > 0 || pass == 0 ? exit_status::undecided : exit_status::passed;
}

}  // namespace carebench
