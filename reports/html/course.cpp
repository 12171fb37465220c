#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

void segments(Page& page) {
  page.out.leaf("h3", {}, page.text("course.segments"));
  Table table(page, "plain",
              {"course.number", "course.started", "course.ended", "course.axis", "value.evidence",
               "course.why_ended"});
  int number = 0;
  for (const Segment& segment : page.record.given.segments) {
    const auto row = page.out.in("tr");
    page.out.leaf("th", {{"scope", "row"}}, cat(++number));
    page.out.leaf("td", {{"class", "q"}}, segment.started);
    page.out.leaf("td", {{"class", "q"}},
                  segment.ended.empty() ? page.text("course.not_recorded") : segment.ended);
    page.out.leaf("td", {{"class", "q"}}, span(segment.from, segment.to));
    {
      const auto cell = page.out.in("td");
      evidence(page, {segment.first_seq, segment.last_seq});
    }
    page.out.leaf("td", {}, page.text.word("ended", segment.why_ended));
  }
}

void prompts(Page& page) {
  page.out.leaf("h3", {}, page.text("course.prompts"));
  if (page.record.prompts.empty()) return paragraph(page, "empty", page.text("course.no_prompts"));
  Table table(page, "plain",
              {"step.step", "course.purpose", "course.answer", "course.asked", "course.answered"});
  for (const PromptRecord& prompt : page.record.prompts) {
    const auto row = page.out.in("tr");
    {
      const auto head = page.out.in("th", {{"scope", "row"}});
      step_link(page, prompt.step);
    }
    page.out.leaf("td", {}, prompt.purpose);
    page.out.leaf("td", {}, prompt.answer);
    page.out.leaf("td", {{"class", "q"}}, cat(shown(prompt.asked.seconds()), " s"));
    page.out.leaf("td", {{"class", "q"}}, cat(shown(prompt.answered.seconds()), " s"));
  }
}

}  // namespace

void course(Page& page) {
  const Section section(page, "course");
  segments(page);
  prompts(page);
  page.out.leaf("h3", {}, page.text("course.notes"));
  if (page.record.notes.empty()) {
    paragraph(page, "empty", page.text("course.no_notes"));
  } else {
    const auto list = page.out.in("ul", {{"class", "notes"}});
    for (const std::string& note : page.record.notes) page.out.leaf("li", {}, note);
  }
  page.out.leaf("h3", {}, page.text("course.errors"));
  if (page.record.errors.empty()) paragraph(page, "empty", page.text("course.no_errors"));
  for (const Error& one : page.record.errors) error(page, one);
}

}  // namespace carebench::html
