#include "reports/html/parts.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench::html {

std::string run_id(const RunRecord& record) {
  const auto keep = [](std::string_view from, std::size_t most) {
    std::string out;
    for (const char c : from)
      if (out.size() < most &&
          ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
        out += c;
    return out;
  };
  std::string id = "CB-" + keep(record.given.started, 16);
  if (!record.given.evidence_sha256.empty()) id += "-" + keep(record.given.evidence_sha256, 12);
  return id;
}

Section::Section(Page& page, std::string_view key)
    : element_(page.out.in("section", {{"id", std::string(key)}})) {
  const auto heading = page.out.in("h2");
  page.out.leaf("span", {{"class", "number"}}, cat(++page.sections));
  page.out.leaf("span", {{"class", "title"}}, page.text(cat("section.", key)));
  if (page.record.simulated)
    page.out.leaf("span", {{"class", "simulated"}}, page.text("simulation.mark"));
  page.out.leaf("span", {{"class", "id"}}, page.run_id);
}

Table::Table(Page& page, std::string_view kind, std::initializer_list<std::string_view> columns)
    : scroll_(page.out.in("div", {{"class", "scroll"}})),
      table_(page.out.in("table", {{"class", std::string(kind)}})) {
  {
    const auto head = page.out.in("thead");
    const auto row = page.out.in("tr");
    for (const std::string_view column : columns)
      page.out.leaf("th", {{"scope", "col"}}, page.text(column));
  }
  body_.emplace(page.out, "tbody");
  page.out.verbatim("<tbody>\n");
}

Facts::Facts(Page& page, std::string_view kind)
    : page_(page),
      table_(page.out.in("table", {{"class", std::string(kind)}})),
      body_(page.out.in("tbody")) {}

void Facts::row(std::string_view key, const std::function<void()>& value) {
  {
    const auto row = page_.out.in("tr");
    page_.out.leaf("th", {{"scope", "row"}}, page_.text(key));
    const auto cell = page_.out.in("td");
    value();
  }
  page_.out.line();
}

void Facts::row(std::string_view key, const std::string& value) {
  row(key, [&] {
    if (value.empty())
      page_.out.leaf("span", {{"class", "missing"}}, page_.text("report.not_stated"));
    else
      page_.out.text(value);
  });
}

void Facts::row_if(std::string_view key, const std::string& value) {
  if (!value.empty()) row(key, value);
}

void Facts::named(const std::string& name, const std::string& value) {
  const auto row = page_.out.in("tr");
  page_.out.leaf("th", {{"scope", "row"}}, name);
  page_.out.leaf("td", {}, value);
}

void badge(Page& page, const Finding& finding) {
  const std::string name(to_string(finding));
  const auto span = page.out.in("span", {{"class", cat("badge ", name)}});
  page.out.leaf("span", {{"class", "sign"}, {"aria-hidden", "true"}},
                page.text(cat("sign.", name)));
  page.out.text(page.text(cat("finding.", name)));
}

void quantity(Page& page, std::string_view text) {
  // What is longer than any quantity came from a bad file, and may be broken.
  page.out.leaf("span", {{"class", text.size() < 80 ? "q" : ""}}, text);
}

void evidence(Page& page, const SeqRange& range) {
  if (range.first == 0) return page.out.text("–");
  const bool one = range.first == range.last;
  page.out.leaf("a",
                {{"class", "q evidence"},
                 {"href", "#open"},
                 {"title", one ? cat("frame.packet_id == ", range.first)
                               : cat("frame.packet_id >= ", range.first,
                                     " && frame.packet_id <= ", range.last)}},
                one ? cat("#", range.first) : cat("#", range.first, "–", range.last));
}

void raw(Page& page, std::string_view device_text) {
  page.out.leaf("code", {{"class", "raw"}}, device_text);
}

void paragraph(Page& page, std::string_view kind, std::string_view text) {
  page.out.leaf("p", {{"class", std::string(kind)}}, text);
  page.out.line();
}

void error(Page& page, const Error& error) {
  const auto box = page.out.in("div", {{"class", "trouble"}});
  {
    const auto line = page.out.in("p");
    page.out.leaf("strong", {}, page.text("error.could_not_test"));
    page.out.text(" · ");
    page.out.text(page.text(cat("blame.", to_string(error.blame))));
    page.out.text(" · ");
    page.out.text(page.text.word("error", to_string(error.code)));
  }
  const Error plain{error.code, error.blame, error.message, error.at, {}};
  page.out.leaf("p", {{"class", "message"}}, plain.text());
  if (!error.excerpt.empty()) page.out.leaf("pre", {}, error.excerpt);
}

void step_link(Page& page, std::string_view step) {
  const std::vector<StepRecord>& steps = page.record.steps;
  auto found = std::find_if(steps.begin(), steps.end(),
                            [&](const StepRecord& s) { return step_name(s) == step; });
  if (found == steps.end())
    found =
        std::find_if(steps.begin(), steps.end(), [&](const StepRecord& s) { return s.id == step; });
  if (found == steps.end()) return page.out.leaf("span", {{"class", "q"}}, step);
  const auto index = static_cast<std::size_t>(found - steps.begin());
  page.out.leaf("a", {{"class", "q"}, {"href", "#" + step_anchor(index)}}, step);
}

std::string step_anchor(std::size_t index) { return cat("step-", index + 1); }

std::string clause_anchor(std::size_t index) { return cat("clause-", index + 1); }

std::string step_name(const StepRecord& step) {
  return step.sample.empty() ? step.id : cat(step.id, " (", step.sample, ")");
}

}  // namespace carebench::html
