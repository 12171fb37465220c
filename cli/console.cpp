#include "cli/console.h"

#include <cstdio>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

// ", risk of false acceptance 2.28 %": of what was stated (JCGM 106).
std::string risk_of(const JudgedRecord& judged) {
  const auto said = [](std::string_view what, double probability) {
    return cat("; ", what, " ", probability < 1e-4 ? "< 0.01" : number(100 * probability, 3), " %");
  };
  if (judged.false_acceptance) return said("risk of false acceptance", *judged.false_acceptance);
  if (judged.false_rejection) return said("risk of false rejection", *judged.false_rejection);
  if (judged.conformance) return said("probability of conformity", *judged.conformance);
  return {};
}

// A step's first judged value that decides it, in one phrase.
std::string in_short(const StepRecord& step) {
  if (step.attempts.empty()) return step.reason.en;
  const auto& attempt = step.attempts.back();
  if (attempt.error) return attempt.error->message;
  for (const auto& judged : attempt.judged)
    if (judged.finding == step.finding)
      return cat(judged.value, ": ", judged.wording.en, risk_of(judged));
  if (!attempt.measurements.empty() && attempt.judged.empty())
    return cat(attempt.measurements.front().name, " = ", value_text(attempt.measurements.front()));
  return step.reason.en;
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<int> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  std::string out;
  for (const auto& row : rows) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i)
      text += i + 1 < row.size() ? pad(row[i], widths[i]) + "  " : row[i];
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out += text + "\n";
  }
  return out;
}

void ConsoleListener::line(const std::string& text) {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
  std::fprintf(stderr, "%s\n", text.c_str());
}

void ConsoleListener::step_started(const StepSpec& step, const std::string& sample) {
  const std::lock_guard lock(mutex_);
  if (terminal_ && !quiet_)
    std::fprintf(stderr, "\r\033[K%s %s %s …", step.id.c_str(), sample.c_str(),
                 step.title.en.c_str());
}

void ConsoleListener::progress(const StepSpec& step, const std::string& sample, double share) {
  if (!terminal_ || quiet_) return;
  const std::lock_guard lock(mutex_);
  const auto text =
      cat(step.id, " ", sample, " ", step.title.en, " ", static_cast<int>(share * 100), " %");
  if (text == last_) return;
  last_ = text;
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
}

void ConsoleListener::step_finished(const StepRecord& record) {
  const std::lock_guard lock(mutex_);
  if (!quiet_)
    line(cat(pad(to_string(record.finding), 16), " ", pad(record.id, 8), " ",
             record.sample.empty() ? "" : record.sample + " ", printable(in_short(record))));
}

std::string counts(const Tally& tally) {
  const std::pair<std::string_view, int> all[] = {
      {"pass", tally.pass},
      {"conditional pass", tally.conditional_pass},
      {"inconclusive", tally.inconclusive},
      {"conditional fail", tally.conditional_fail},
      {"fail", tally.fail},
      {"error", tally.error},
      {"not tested", tally.not_tested},
      {"not applicable", tally.not_applicable},
      {"value only (no limit)", tally.report_only},
      {"value only (limit not established)", tally.limit_todo},
      {"value only (no decision rule)", tally.no_rule},
      {"value only (reference not fit)", tally.reference_not_fit}};
  std::string out;
  for (const auto& [name, count] : all)
    if (count > 0) out += cat(out.empty() ? "" : ", ", count, " ", name);
  return out.empty() ? "nothing decided" : out;
}

std::string verdict_table(const RunRecord& record) {
  std::vector<std::vector<std::string>> rows{{"STEP", "SAMPLE", "FINDING", "VALUE AND LIMIT"}};
  for (const auto& step : record.steps)
    rows.push_back(
        {step.id, step.sample, std::string(to_string(step.finding)), printable(in_short(step))});
  std::string out = table(rows);
  if (!record.ledger.empty()) {
    out += cat("\nClauses of ", record.scope, " (", record.catalogue_title.zh, "):\n");
    std::vector<std::vector<std::string>> clauses;
    for (const auto& row : record.ledger)
      for (const auto& [kind, cell] :
           {std::pair{"measured", &row.measured}, std::pair{"probed", &row.probed},
            std::pair{"attested", &row.attested}, std::pair{"calculated", &row.calculated}}) {
        if (cell->steps.empty() && std::string_view(kind) != row.kinds.front()) continue;
        const bool by_result = !cell->steps.empty();
        clauses.push_back({cat("  ", row.clause.zh), by_result ? kind : "-",
                           std::string(to_string(cell->finding)),
                           by_result ? join(cell->steps, ", ") : cell->reason.en});
      }
    out += table(clauses);
  }
  out += cat("\n", counts(record.tally), "\n");
  for (const auto& error : record.errors) out += cat("error: ", error.message, "\n");
  for (const auto& why : record.not_signable) out += cat("cannot be signed: ", why.en, "\n");
  return out;
}

}  // namespace carebench
