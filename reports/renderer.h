// A renderer turns the run record into one file a person or a machine can hold. One format, one
// file below reports/formats: formats/junit.cpp defines `extern const Renderer junit`. It computes
// no verdict and sees nothing but the record.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "standards/vocab/run_record.h"

namespace carebench {

enum class Language { zh_cn, en };

struct Renderer {
  std::string_view id;         // what follows -f: "html"
  std::string_view extension;  // "html"
  std::string_view media_type;
  bool has_language;
  Result<void> (*render)(const RunRecord& record, Language language, std::ostream& out);
};

std::span<const Renderer* const> renderers();  // generated
const Renderer* renderer(std::string_view id);

}  // namespace carebench
