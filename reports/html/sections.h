// The sections of the HTML report, in their order on paper. Each writes itself; none computes a
// verdict, they only count what the record holds.
#pragma once

#include "reports/html/parts.h"

namespace carebench::html {

void front(Page& page);           // title, who and what, the result in words, the counts
void identification(Page& page);  // what ISO/IEC 17025, 7.8.2.1 asks for
void ledger(Page& page);          // clause by clause
void steps(Page& page);           // step by step: overview, then every attempt of every step
void bench(Page& page);           // samples, instruments, conditions, what the customer declared
void course(Page& page);          // segments, prompts, notes, errors of the run
void trace(Page& page);           // inputs, evidence, tool, and how to derive the verdicts again
void reading(Page& page);         // decision rules, words and signs

void attempt(Page& page, const Attempt& attempt);  // of one step: values, figures, notes, error
// The uncertainty budgets of its values: one table, and bars for each value that was judged.
void budgets(Page& page, const Attempt& attempt);

}  // namespace carebench::html
