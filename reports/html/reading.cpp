#include <algorithm>
#include <set>

#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

std::set<std::string> rules_used(const RunRecord& record) {
  std::set<std::string> used;
  if (!record.decision_rule.empty()) used.insert(record.decision_rule);
  for (const StepRecord& step : record.steps)
    for (const Attempt& one : step.attempts)
      for (const JudgedRecord& judged : one.judged)
        if (!judged.rule.empty()) used.insert(judged.rule);
  return used;
}

void rules(Page& page) {
  const auto box = page.out.in("div", {{"id", "rules"}});
  page.out.leaf("h3", {}, page.text("reading.rules"));
  paragraph(page, "plain", page.text("reading.rules_text"));
  const std::set<std::string> used = rules_used(page.record);
  if (used.empty()) return paragraph(page, "empty", page.text("reading.no_rules"));
  Facts facts(page);
  for (const std::string& id : used)
    facts.named(page.text.word("rule_name", id), page.text.word("rule_text", id));
}

void words(Page& page, std::string_view heading, std::string_view names, std::string_view texts,
           std::initializer_list<std::string_view> keys) {
  page.out.leaf("h3", {}, page.text(heading));
  Facts facts(page, "facts glossary");
  for (const std::string_view key : keys)
    facts.named(page.text(cat(names, ".", key)), page.text(cat(texts, ".", key)));
}

void findings(Page& page) {
  page.out.leaf("h3", {}, page.text("reading.findings"));
  const auto table = page.out.in("table", {{"class", "facts glossary"}});
  const auto body = page.out.in("tbody");
  for (const std::string_view key : {"pass", "conditional_pass", "inconclusive", "conditional_fail",
                                     "fail", "error", "reference_not_fit", "no_rule", "limit_todo",
                                     "report_only", "not_tested", "not_applicable"}) {
    const auto row = page.out.in("tr");
    {
      const auto head = page.out.in("th", {{"scope", "row"}});
      badge(page, finding_from(key).value_or(Finding{}));
    }
    page.out.leaf("td", {}, page.text(cat("finding_text.", key)));
  }
}

}  // namespace

void reading(Page& page) {
  const Section section(page, "reading");
  rules(page);
  findings(page);
  words(page, "reading.kinds", "kind", "kind_text",
        {"measured", "probed", "attested", "calculated"});
  words(page, "reading.sources", "source", "source_text",
        {"standard", "claim", "laboratory", "laboratory_own", "laboratory_replaced", "catalogue",
         "built_in"});
  words(page, "reading.signs", "notation", "notation_text",
        {"uncertainty", "budget", "reported", "interval", "guard_band", "risk", "infinite", "dash",
         "evidence", "confidence_v", "confidence_v2", "confidence_w", "confidence_u"});
}

}  // namespace carebench::html
