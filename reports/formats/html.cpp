// The report that people read.
#include <ostream>

#include "reports/html/page.h"
#include "reports/renderer.h"
#include "standards/vocab/shipped.h"

namespace carebench::formats {
namespace {

Result<void> render(const RunRecord& record, Language language, std::ostream& out) {
  const Result<Texts> texts = Texts::load(language);
  if (!texts) return tl::unexpected(texts.error());
  std::string style;
  for (const ShippedFile& file : shipped_files("reports/html/"))
    if (file.path.ends_with(".css")) style += file.text;
  out << carebench::html::page(record, *texts, style);
  if (!out) return fail(Errc::io, Blame::bench, "the report could not be written");
  return {};
}

}  // namespace

extern const Renderer html;
const Renderer html{"html", "html", "text/html; charset=utf-8", true, render};

}  // namespace carebench::formats
