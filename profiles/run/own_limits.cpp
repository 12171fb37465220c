#include "profiles/run/own_limits.h"

#include <algorithm>
#include <filesystem>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t most_files = 1000;

Result<std::vector<std::string>> files_at(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    // A bare name is a file here, never a shipped one.
    return std::vector{path.find('/') == std::string::npos ? "./" + path : path};
  }
  std::vector<std::string> files;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".yaml") files.push_back(at->path().string());
  if (error) return fail(Errc::bad_input, Blame::profile, cat(path, ": ", error.message()));
  if (files.empty())
    return fail(Errc::bad_input, Blame::profile, cat(path, ": the folder holds no *.yaml"));
  if (files.size() > most_files)
    return fail(Errc::bad_input, Blame::profile, cat(path, ": more than ", most_files, " files"));
  std::sort(files.begin(), files.end());
  return files;
}

using Documents = std::vector<std::shared_ptr<const yaml::Document>>;

}  // namespace

Result<void> add_limits(Inputs& inputs, std::string_view role,
                        const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const auto files = files_at(path);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& file : *files)
      if (const auto added = inputs.add(role, file); !added) return added;
  }
  return {};
}

Result<LimitLibrary> limit_library(Inputs& inputs) {
  LimitLibrary library(
      [&inputs](std::string_view file) { return inputs.document("limits", file); });
  for (const std::string_view role : {own_limits, other_limits}) {
    Documents documents;
    const std::size_t count = inputs.entries().size();
    for (std::size_t i = 0; i < count; ++i) {
      if (inputs.entries()[i].file.role != role) continue;
      const std::string name = inputs.entries()[i].name;
      auto document = inputs.document(role, name);
      if (!document) return tl::unexpected(document.error());
      documents.push_back(std::move(*document));
    }
    if (auto laid = library.overlay(documents); !laid) return tl::unexpected(laid.error());
  }
  return library;
}

namespace {

Result<Documents> documents_at(const std::vector<std::string>& paths) {
  Documents documents;
  for (const std::string& path : paths) {
    const auto files = files_at(path);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& file : *files) {
      auto document = yaml::Document::read(file);
      if (!document) return tl::unexpected(document.error());
      documents.push_back(std::move(*document));
    }
  }
  return documents;
}

}  // namespace

Result<LimitLibrary> limit_library(const std::vector<std::string>& paths) {
  LimitLibrary library;
  const auto documents = documents_at(paths);
  if (!documents) return tl::unexpected(documents.error());
  if (auto laid = library.overlay(*documents); !laid) return tl::unexpected(laid.error());
  return library;
}

Result<std::vector<Limit>> own_limits_in(const std::vector<std::string>& paths) {
  const auto documents = documents_at(paths);
  if (!documents) return tl::unexpected(documents.error());
  std::vector<Limit> all;
  for (const auto& document : *documents) {
    auto limits = read_limits(*document);
    if (!limits) return tl::unexpected(limits.error());
    all.insert(all.end(), limits->begin(), limits->end());
  }
  return all;
}

}  // namespace carebench
