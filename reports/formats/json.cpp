// run.json itself, for machines.
#include <ostream>

#include "reports/renderer.h"

namespace carebench::formats {
namespace {

Result<void> render(const RunRecord& record, Language, std::ostream& out) {
  out << to_text(record);
  if (!out) return fail(Errc::io, Blame::bench, "the report could not be written");
  return {};
}

}  // namespace

extern const Renderer json;
const Renderer json{"json", "json", "application/json", false, render};

}  // namespace carebench::formats
