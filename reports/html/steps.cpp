#include <algorithm>

#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

// What decided a step: the value and the words of the judgement that has the step's own finding.
std::string decisive(const StepRecord& step, const Texts& text) {
  for (auto attempt = step.attempts.rbegin(); attempt != step.attempts.rend(); ++attempt)
    for (const JudgedRecord& judged : attempt->judged)
      if (judged.finding == step.finding && !judged.wording.empty())
        return cat(judged.value, text("report.colon"), text.pick(judged.wording));
  if (!step.reason.empty()) return text.pick(step.reason);
  for (const Attempt& attempt : step.attempts)
    if (attempt.error) return attempt.error->message;
  return {};
}

void overview(Page& page) {
  Table table(page, "overview",
              {"step.step", "step.sample", "step.title", "step.decisive", "step.finding"});
  for (std::size_t i = 0; i < page.record.steps.size(); ++i) {
    const StepRecord& step = page.record.steps[i];
    {
      const auto row = page.out.in("tr");
      {
        const auto head = page.out.in("th", {{"scope", "row"}});
        page.out.leaf("a", {{"class", "q"}, {"href", "#" + step_anchor(i)}}, step.id);
      }
      page.out.leaf("td", {{"class", "q"}},
                    step.sample.empty() ? page.text("step.all_samples") : step.sample);
      page.out.leaf("td", {}, page.text.pick(step.title));
      page.out.leaf("td", {{"class", "decisive"}}, decisive(step, page.text));
      const auto cell = page.out.in("td");
      badge(page, step.finding);
    }
    page.out.line();
  }
}

void requirement(Page& page, const StepRecord& step) {
  const std::vector<LedgerRow>& rows = page.record.ledger;
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const LedgerRow& row) {
    return row.requirement == step.requirement;
  });
  page.out.text(page.text("step.requirement") + page.text("report.colon"));
  if (found == rows.end()) return page.out.leaf("code", {}, step.requirement);
  const auto index = static_cast<std::size_t>(found - rows.begin());
  const auto link = page.out.in("a", {{"href", "#" + clause_anchor(index)}});
  page.out.text(page.text.pick(found->clause));
}

void step(Page& page, const StepRecord& step, std::size_t index) {
  const auto article = page.out.in("article", {{"class", "step"}, {"id", step_anchor(index)}});
  {
    const auto head = page.out.in("header");
    {
      const auto heading = page.out.in("h3");
      page.out.leaf("span", {{"class", "step-id q"}}, step_name(step));
      page.out.leaf("span", {{"class", "title"}}, page.text.pick(step.title));
      badge(page, step.finding);
    }
    {
      const auto meta = page.out.in("p", {{"class", "meta"}});
      page.out.text(page.text("step.check") + page.text("report.colon"));
      page.out.leaf("code", {}, step.check);
      page.out.text(" " + page.text("step.revision", {{"number", cat(step.revision)}}));
      for (const std::string& device : step.devices) {
        page.out.text(page.text("report.separator"));
        raw(page, device);
      }
      if (!step.requirement.empty()) {
        page.out.lone("br");
        requirement(page, step);
      }
    }
    if (!step.reason.empty()) paragraph(page, "reason", page.text.pick(step.reason));
  }
  if (step.attempts.empty()) paragraph(page, "reason", page.text("step.no_attempt"));
  for (const Attempt& one : step.attempts) {
    const auto box = page.out.in("div", {{"class", "attempt"}});
    {
      const auto line = page.out.in("p", {{"class", "when"}});
      page.out.leaf("b", {},
                    page.text("attempt.number",
                              {{"number", cat(one.number)}, {"of", cat(step.attempts.size())}}));
      page.out.text(cat(" ", page.text.word("attempt", one.state), page.text("report.separator")));
      quantity(page, span(one.from, one.to));
      page.out.text(page.text("report.separator") + page.text("value.evidence") + " ");
      evidence(page, one.evidence);
    }
    attempt(page, one);
  }
}

}  // namespace

void steps(Page& page) {
  const Section section(page, "steps");
  if (page.record.steps.empty()) return paragraph(page, "empty", page.text("step.none"));
  paragraph(page, "intro", page.text("step.intro"));
  overview(page);
  for (std::size_t i = 0; i < page.record.steps.size(); ++i) step(page, page.record.steps[i], i);
}

}  // namespace carebench::html
