#include "profiles/series/csv.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "standards/vocab/text.h"

namespace carebench::csv {
namespace {

constexpr std::size_t longest_line = 4096;

std::optional<std::string> from_gb18030(std::string_view octets) {
  const iconv_t converter = ::iconv_open("UTF-8", "GB18030");
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out(octets.size() * 2 + 16, '\0');
  char* from = const_cast<char*>(octets.data());
  char* to = out.data();
  std::size_t left = octets.size(), room = out.size();
  const bool good = ::iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
  ::iconv_close(converter);
  if (!good) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

Error refused(std::string_view file, int line, int column, std::string message) {
  return {
      Errc::bad_input, Blame::profile, std::move(message), {std::string(file), line, column}, {}};
}

}  // namespace

Result<std::string> to_utf8(std::string_view octets, std::string_view file,
                            std::vector<std::string>& notes) {
  if (octets.find('\0') != std::string_view::npos)
    return tl::unexpected(
        refused(file, 0, 0, "the file holds NUL octets: save it as text, in UTF-8"));
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (octets.starts_with(byte_order_mark)) {
    octets.remove_prefix(byte_order_mark.size());
    notes.emplace_back("a byte order mark was skipped");
  }
  if (valid_utf8(octets)) return std::string(octets);
  auto converted = from_gb18030(octets);
  if (!converted)
    return tl::unexpected(
        refused(file, 0, 0, "the file is neither UTF-8 nor GB 18030: save it in UTF-8"));
  notes.emplace_back("the file was read as GB 18030");
  return std::move(*converted);
}

Reader::Reader(std::string_view text, std::string_view file) : rest_(text), file_(file) {
  const std::string_view first = text.substr(0, std::min(text.find('\n'), longest_line));
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    const auto count = std::count(first.begin(), first.end(), candidate);
    if (count > most) most = count, separator_ = candidate;
  }
}

Error Reader::error(const Cell& cell, std::string message) const {
  Error error = refused(file_, line_, cell.column, std::move(message));
  error.excerpt = excerpt(current_, static_cast<std::size_t>(cell.column - 1));
  return error;
}

Result<bool> Reader::next(std::vector<Cell>& cells) {
  cells.clear();
  current_ = {};
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    current_ = rest_.substr(0, end);
    rest_.remove_prefix(std::min(rest_.size(), end + 1));
    ++line_;
    if (current_.ends_with('\r')) current_.remove_suffix(1);
    if (current_.size() > longest_line)
      return tl::unexpected(refused(
          file_, line_, 1,
          cat("the line is longer than ", longest_line, " octets: is this a table of text?")));
    if (!trim(current_).empty()) break;
    current_ = {};
  }
  if (current_.empty()) return false;
  std::size_t at = 0;
  while (true) {
    while (at < current_.size() && current_[at] == ' ') ++at;
    Cell cell{{}, static_cast<int>(at) + 1};
    if (at < current_.size() && current_[at] == '"') {
      const auto close = current_.find('"', at + 1);
      if (close == std::string_view::npos)
        return tl::unexpected(error(cell, "this quote is not closed on its line"));
      cell.text = trim(current_.substr(at + 1, close - at - 1));
      at = close + 1;
      while (at < current_.size() && current_[at] == ' ') ++at;
      if (at < current_.size() && current_[at] != separator_)
        return tl::unexpected(error(cell, "something stands behind the closing quote"));
    } else {
      const auto stop = std::min(current_.find(separator_, at), current_.size());
      cell.text = trim(current_.substr(at, stop - at));
      at = stop;
    }
    cells.push_back(cell);
    if (at >= current_.size()) break;
    ++at;
  }
  return true;
}

}  // namespace carebench::csv
