#include "cli/reports.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "profiles/run/session.h"
#include "reports/renderer.h"
#include "standards/vocab/text.h"

namespace carebench {

Result<std::vector<std::string>> render_reports(const std::string& directory,
                                                const RunRecord& record,
                                                const std::vector<std::string>& formats,
                                                const std::vector<std::string>& languages) {
  std::vector<std::string> written;
  const auto wanted = languages.empty() ? std::vector<std::string>{"zh-CN", "en"} : languages;
  for (const auto& format : formats) {
    const Renderer* chosen = renderer(format);
    std::vector<std::string> known;
    for (const auto* entry : renderers()) known.emplace_back(entry->id);
    if (!chosen)
      return fail(Errc::usage, Blame::profile,
                  cat("there is no report format \"", format, "\"", suggestion(format, known),
                      "; there are ", join(known, ", ")));
    for (const auto& language : wanted) {
      if (language != "zh-CN" && language != "en")
        return fail(Errc::usage, Blame::profile,
                    cat("there is no report language \"", language, "\"; there are zh-CN and en"));
      const auto path = cat(directory, "/report", chosen->has_language ? "." + language : "", ".",
                            chosen->extension);
      std::ostringstream out;
      const auto code = language == "en" ? Language::en : Language::zh_cn;
      if (auto rendered = chosen->render(record, code, out); !rendered)
        return tl::unexpected(rendered.error());
      if (auto kept = write_whole(path, out.str()); !kept) return tl::unexpected(kept.error());
      written.push_back(path);
      if (!chosen->has_language) break;
    }
  }
  return written;
}

Result<RunRecord> record_of(const std::string& directory) {
  const auto path = cat(directory, "/", record_name);
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    auto derived = derive(directory);
    if (!derived) return tl::unexpected(derived.error());
    return std::move(derived->record);
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return run_record_from(text, path);
}

}  // namespace carebench
