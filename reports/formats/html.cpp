// The report that people read.
#include <ostream>

#include "reports/html/page.h"
#include "reports/renderer.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench::formats {
namespace {

Result<void> render(const RunRecord& record, Language language, std::ostream& out) {
  const Result<Texts> texts = Texts::load(language);
  if (!texts) return tl::unexpected(texts.error());
  std::string style;
  for (const std::string_view name : {"report.css", "results.css", "paper.css"}) {
    const auto file = shipped_file(cat("reports/html/", name));
    if (!file) return fail(Errc::internal, Blame::tool, cat(name, " is not in this program"));
    style += file->text;
  }
  out << carebench::html::page(record, *texts, style);
  if (!out) return fail(Errc::io, Blame::bench, "the report could not be written");
  return {};
}

}  // namespace

extern const Renderer html;
const Renderer html{"html", "html", "text/html; charset=utf-8", true, render};

}  // namespace carebench::formats
