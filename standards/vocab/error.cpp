#include "standards/vocab/error.h"

#include <array>
#include <cstddef>
#include <utility>

namespace carebench {
namespace {

struct CodeRow {
  Errc code;
  std::string_view name;
  int exit;
};

constexpr std::array code_rows = {
    CodeRow{Errc::usage, "usage", exit_status::usage},
    CodeRow{Errc::bad_input, "bad_input", exit_status::bad_input},
    CodeRow{Errc::not_found, "not_found", exit_status::could_not_test},
    CodeRow{Errc::busy, "busy", exit_status::could_not_test},
    CodeRow{Errc::not_permitted, "not_permitted", exit_status::could_not_test},
    CodeRow{Errc::silent, "silent", exit_status::could_not_test},
    CodeRow{Errc::lost, "lost", exit_status::could_not_test},
    CodeRow{Errc::unsupported, "unsupported", exit_status::could_not_test},
    CodeRow{Errc::not_ready, "not_ready", exit_status::could_not_test},
    CodeRow{Errc::io, "io", exit_status::io},
    CodeRow{Errc::tampered, "tampered", exit_status::tampered},
    CodeRow{Errc::diverged, "diverged", exit_status::tampered},
    CodeRow{Errc::interrupted, "interrupted", exit_status::interrupted},
    CodeRow{Errc::internal, "internal", exit_status::could_not_test},
};

struct BlameRow {
  Blame blame;
  std::string_view name;
};

constexpr std::array blame_rows = {
    BlameRow{Blame::bench, "bench"},
    BlameRow{Blame::profile, "profile"},
    BlameRow{Blame::tool, "tool"},
};

const CodeRow& row_of(Errc code) {
  for (const CodeRow& row : code_rows)
    if (row.code == code) return row;
  return code_rows.back();
}

// A hostile file can hold a hundred thousand mistakes; a person reads the first few.
constexpr std::size_t most_problems_shown = 50;
constexpr std::size_t most_problems_kept = 1000;

}  // namespace

std::string Error::text() const {
  std::string out;
  if (!at.file.empty()) {
    out += at.file;
    if (at.line > 0) out += ":" + std::to_string(at.line);
    if (at.line > 0 && at.column > 0) out += ":" + std::to_string(at.column);
    out += ": ";
  }
  out += message;
  if (!excerpt.empty()) {
    out += "\n  ";
    for (char c : excerpt) {
      out += c;
      if (c == '\n') out += "  ";
    }
  }
  return out;
}

std::string_view to_string(Errc code) { return row_of(code).name; }

std::string_view to_string(Blame blame) {
  for (const BlameRow& row : blame_rows)
    if (row.blame == blame) return row.name;
  return "tool";
}

Errc errc_from(std::string_view text) {
  for (const CodeRow& row : code_rows)
    if (row.name == text) return row.code;
  return Errc::internal;
}

Blame blame_from(std::string_view text) {
  for (const BlameRow& row : blame_rows)
    if (row.name == text) return row.blame;
  return Blame::tool;
}

int exit_code(Errc code) { return row_of(code).exit; }

void Problems::add(Error error) {
  if (list_.size() < most_problems_kept) list_.push_back(std::move(error));
}

void Problems::add(const Origin& at, std::string message, Blame blame) {
  add({Errc::bad_input, blame, std::move(message), at, {}});
}

Error Problems::as_error() const {
  if (list_.empty()) return {Errc::internal, Blame::tool, "no problem was found", {}, {}};
  if (list_.size() == 1) return list_.front();
  Error all{list_.front().code, list_.front().blame, {}, {}, {}};
  for (std::size_t i = 0; i < list_.size() && i < most_problems_shown; ++i) {
    if (i > 0) all.message += '\n';
    all.message += list_[i].text();
  }
  if (list_.size() > most_problems_shown)
    all.message += "\nand " + std::string(list_.size() == most_problems_kept ? "at least " : "") +
                   std::to_string(list_.size() - most_problems_shown) + " more problems";
  return all;
}

}  // namespace carebench
