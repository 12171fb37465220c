#include "profiles/run/inputs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "standards/vocab/digest.h"
#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t largest_input = 64u * 1024 * 1024;

// Where shipped files of a role stand in the source tree; several folders are searched in order.
std::vector<std::string_view> folders(std::string_view role) {
  if (role == "profile") return {"profiles/examples/", "profiles/miit-2024/"};
  if (role == "job" || role == "answers" || role == "reference") return {"profiles/examples/"};
  if (role == "protocol") return {"probes/protocols/"};
  if (role == "limits") return {"standards/limits/"};
  if (role == "catalogue") return {"standards/catalogue/"};
  if (role == "device") return {"probes/sim/devices/"};
  return {};
}

// A catalogue's shipped files are named CATALOGUE/CATEGORY, so a slash alone makes no path there.
bool is_path(std::string_view role, std::string_view name) {
  return (role != "catalogue" && name.find('/') != std::string_view::npos) ||
         name.ends_with(".yaml") || name.ends_with(".csv");
}

Result<std::string> read_file(const fs::path& path, std::string_view role) {
  std::error_code error;
  const auto status = fs::status(path, error);
  const auto bad = [&](std::string_view why) {
    return fail(Errc::bad_input, Blame::profile, cat(path.string(), ": ", why));
  };
  if (!fs::exists(status)) return bad(cat("no such ", role, " file"));
  if (!fs::is_regular_file(status)) return bad("not a regular file");
  if (fs::file_size(path, error) > largest_input) return bad("larger than 64 MiB");
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.good() && !in.eof()) return bad(cat("cannot be read: ", std::strerror(errno)));
  return text;
}

}  // namespace

std::string local_date() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  localtime_r(&now, &day);
  char text[16];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d", &day);
  return {text, length};
}

std::string test_date_of(const Json& start) {
  const std::string date = start["test_date"].string();
  return date.empty() ? start["started"].string().substr(0, 10) : date;
}

std::vector<std::string> shipped_names(std::string_view role) {
  std::vector<std::string> names;
  for (const auto folder : folders(role))
    for (const auto& file : shipped_files(folder)) {
      auto name = file.path.substr(folder.size());
      names.emplace_back(name.substr(0, name.rfind('.')));
    }
  return names;
}

Result<Inputs> Inputs::from_run(const std::string& run_dir, const Json& listed) {
  Inputs inputs;
  inputs.closed_ = true;
  for (const auto& json : listed.items()) {
    Entry entry{{json["path"].string(), json["origin"].string(), json["role"].string(),
                 json["sha256"].string()},
                json["name"].string(),
                {}};
    const fs::path below(entry.file.path);
    const bool escapes =
        below.is_absolute() || std::find(below.begin(), below.end(), fs::path("..")) != below.end();
    auto text = escapes ? Result<std::string>(fail(Errc::tampered, Blame::bench, "outside"))
                        : read_file(fs::path(run_dir) / below, entry.file.role);
    if (!text)
      return fail(Errc::tampered, Blame::bench,
                  cat(entry.file.path, " is missing from the run directory or unreadable"));
    if (sha256_hex(as_bytes(*text)) != entry.file.sha256)
      return fail(Errc::tampered, Blame::bench,
                  cat(entry.file.path, " was changed: its SHA-256 is not the one in the evidence"));
    entry.text = std::move(*text);
    inputs.entries_.push_back(std::move(entry));
    inputs.documents_.emplace_back();
  }
  return inputs;
}

Result<void> Inputs::replace(std::string_view role, const std::string& path) {
  bool any = false;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].file.role != role) continue;
    const auto base = fs::path(entries_[i].file.origin).filename();
    const auto from = fs::is_directory(path) ? (fs::path(path) / base).string() : path;
    Inputs fresh;
    auto text = path == "shipped" ? fresh.text(role, entries_[i].name) : fresh.text(role, from);
    if (!text) return tl::unexpected(text.error());
    const auto name = entries_[i].name;
    entries_[i] = fresh.entries_[0];
    entries_[i].name = name;
    documents_[i] = nullptr;
    any = true;
  }
  if (any) return {};
  return fail(Errc::usage, Blame::profile,
              cat("the run used no ", role, " that could be replaced"));
}

Result<void> Inputs::add(std::string_view role, const std::string& path) {
  Inputs fresh;
  if (auto text = fresh.text(role, path); !text) return tl::unexpected(text.error());
  Entry entry = std::move(fresh.entries_[0]);
  const auto base = fs::path(entry.file.origin).filename().string();
  entry.file.path = cat("inputs/", entries_.size() + 1, "-", role, "-", base);
  entries_.push_back(std::move(entry));
  documents_.emplace_back();
  return {};
}

void Inputs::put(std::string_view role, std::string_view name, std::string text) {
  Entry entry;
  entry.name = name;
  entry.text = std::move(text);
  const auto base = fs::path(name).filename().string();
  entry.file = {cat("inputs/", entries_.size() + 1, "-", role, "-", base), cat("generated:", base),
                std::string(role), sha256_hex(as_bytes(entry.text))};
  entries_.push_back(std::move(entry));
  documents_.emplace_back();
}

Result<Inputs::Entry*> Inputs::find(std::string_view role, std::string_view name,
                                    std::string_view beside) {
  for (auto& entry : entries_)
    if (entry.file.role == role && entry.name == name) return &entry;
  if (closed_)
    return fail(Errc::tampered, Blame::bench,
                cat("the run's inputs hold no ", role, " \"", name, "\""));
  Entry entry;
  entry.name = name;
  entry.file.role = role;
  if (is_path(role, name)) {
    fs::path path(name);
    if (path.is_relative() && !beside.empty()) path = fs::path(beside).parent_path() / path;
    auto text = read_file(path, role);
    if (!text) return tl::unexpected(text.error());
    entry.text = std::move(*text);
    entry.file.origin = path.string();
  } else {
    for (const auto folder : folders(role))
      for (const std::string_view suffix : {".yaml", ".csv"})
        if (const auto file = shipped_file(cat(folder, name, suffix)); file && entry.text.empty()) {
          entry.text = file->text;
          entry.file.origin = cat("shipped:", file->path);
        }
    if (entry.text.empty())
      return fail(Errc::bad_input, Blame::profile,
                  cat("there is no shipped ", role, " \"", name, "\"",
                      suggestion(name, shipped_names(role)),
                      "; a file of your own is named by "
                      "its path"));
  }
  entry.file.sha256 = sha256_hex(as_bytes(entry.text));
  // Numbered, so that two files of one name do not meet.
  const auto base = fs::path(entry.file.origin).filename().string();
  entry.file.path = cat("inputs/", entries_.size() + 1, "-", role, "-", base);
  entries_.push_back(std::move(entry));
  documents_.emplace_back();
  return &entries_.back();
}

Result<std::string> Inputs::text(std::string_view role, std::string_view name,
                                 std::string_view beside) {
  auto entry = find(role, name, beside);
  if (!entry) return tl::unexpected(entry.error());
  return (*entry)->text;
}

Result<std::shared_ptr<const yaml::Document>> Inputs::document(std::string_view role,
                                                               std::string_view name,
                                                               std::string_view beside) {
  auto entry = find(role, name, beside);
  if (!entry) return tl::unexpected(entry.error());
  const auto index = static_cast<std::size_t>(*entry - entries_.data());
  if (!documents_[index]) {
    auto parsed = yaml::Document::parse((*entry)->file.origin, (*entry)->text);
    if (!parsed) return tl::unexpected(parsed.error());
    documents_[index] = *parsed;
  }
  return documents_[index];
}

Json Inputs::listing() const {
  Json list = Json::array();
  for (const auto& entry : entries_)
    list.push(Json::object()
                  .set("path", entry.file.path)
                  .set("role", entry.file.role)
                  .set("name", entry.name)
                  .set("origin", entry.file.origin)
                  .set("sha256", entry.file.sha256));
  return list;
}

Result<void> Inputs::store(const std::string& run_dir) const {
  std::error_code error;
  fs::create_directories(fs::path(run_dir) / "inputs", error);
  for (const auto& entry : entries_) {
    const auto path = (fs::path(run_dir) / entry.file.path).string();
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(entry.text.data(), static_cast<std::streamsize>(entry.text.size()));
    out.close();
    if (!out)
      return fail(Errc::io, Blame::bench, cat("cannot write ", path, ": ", std::strerror(errno)));
  }
  return {};
}

}  // namespace carebench
