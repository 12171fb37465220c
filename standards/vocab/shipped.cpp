#include "standards/vocab/shipped.h"

#include <cstddef>

namespace carebench {
namespace {

struct ShippedRow {
  const char* path;
  const char* begin;
  const char* end;
};

}  // namespace
}  // namespace carebench

using carebench::ShippedRow;
#include "shipped_data.inc"

namespace carebench {
namespace {

ShippedFile as_file(const ShippedRow& row) {
  return {row.path, {row.begin, static_cast<std::size_t>(row.end - row.begin)}};
}

}  // namespace

std::optional<ShippedFile> shipped_file(std::string_view path) {
  for (const ShippedRow* row = rows; row->path; ++row)
    if (path == row->path) return as_file(*row);
  return std::nullopt;
}

std::vector<ShippedFile> shipped_files(std::string_view folder) {
  std::vector<ShippedFile> found;
  for (const ShippedRow* row = rows; row->path; ++row)
    if (std::string_view(row->path).starts_with(folder)) found.push_back(as_file(*row));
  return found;
}

}  // namespace carebench
