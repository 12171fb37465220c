// The data files that ship inside the program (catalogue, limits, protocols, virtual devices,
// profiles, report texts), found by their path in the source tree.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace carebench {

struct ShippedFile {
  std::string_view path;  // "probes/protocols/r60abd1.yaml"
  std::string_view text;
};

std::optional<ShippedFile> shipped_file(std::string_view path);
// All below a folder ("probes/protocols/"), sorted by path.
std::vector<ShippedFile> shipped_files(std::string_view folder);

}  // namespace carebench
