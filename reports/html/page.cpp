#include "reports/html/page.h"

#include "reports/html/sections.h"
#include "standards/vocab/text.h"

namespace carebench::html {
namespace {

// A CSS string. The texts come from our own tables; the run id holds letters, digits and '-' only.
std::string css_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text)
    if (c != '"' && c != '\\' && c != '<' && c != '\n') out += c;
  return out + "\"";
}

// What stands on every printed page: the run id, the page number, and the mark of a simulation.
std::string running_style(const Page& page) {
  const Texts& text = page.text;
  std::string out = cat("@page{@bottom-left{content:", css_string(page.run_id), "}",
                        "@bottom-right{content:", css_string(text("page.before")),
                        " counter(page) ", css_string(text("page.between")), " counter(pages) ",
                        css_string(text("page.after")), "}");
  out += cat("@top-left{content:", css_string(text("report.title")), "}");
  if (page.record.simulated)
    out += cat("@top-right{content:", css_string(text("simulation.running")), "}");
  return out + "}\n";
}

void head(Page& page, std::string_view style_sheet) {
  const auto head = page.out.in("head");
  page.out.lone("meta", {{"charset", "utf-8"}});
  page.out.lone("meta", {{"http-equiv", "Content-Security-Policy"},
                         {"content", "default-src 'none'; style-src 'unsafe-inline'"}});
  page.out.lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.out.lone("meta", {{"name", "generator"},
                         {"content", cat(page.record.given.tool, " ", page.record.given.version)}});
  page.out.leaf("title", {},
                cat(page.record.simulated ? page.text("simulation.mark") + " " : "",
                    page.text("report.title"), " ", page.run_id));
  const auto style = page.out.in("style");
  page.out.verbatim(style_sheet);
  page.out.verbatim(running_style(page));
}

void contents(Page& page) {
  const auto nav = page.out.in("nav", {{"aria-label", page.text("report.contents")}});
  const auto list = page.out.in("ol");
  for (const std::string_view key :
       {"identification", "ledger", "steps", "bench", "course", "trace", "reading"}) {
    const auto item = page.out.in("li");
    page.out.leaf("a", {{"href", cat("#", key)}}, page.text(cat("section.", key)));
  }
}

}  // namespace

std::string page(const RunRecord& record, const Texts& text, std::string_view style_sheet) {
  Page page{record, text, run_id(record)};
  page.out.verbatim("<!DOCTYPE html>\n");
  {
    const auto html = page.out.in("html", {{"lang", text("report.language")}});
    head(page, style_sheet);
    const auto body = page.out.in("body", {{"class", record.simulated ? "is-simulated" : ""}});
    if (record.simulated)
      page.out.leaf("div", {{"class", "watermark"}, {"aria-hidden", "true"}},
                    text("simulation.watermark"));
    const auto main = page.out.in("main");
    front(page);
    contents(page);
    identification(page);
    ledger(page);
    steps(page);
    bench(page);
    course(page);
    trace(page);
    reading(page);
    paragraph(page, "end", text("report.end", {{"id", page.run_id}}));
  }
  page.out.line();
  return page.out.take();
}

}  // namespace carebench::html
