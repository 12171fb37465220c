#include "profiles/measuring/table_file.h"

#include <algorithm>
#include <limits>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_rows = 2'000'000;

// `offset`: octets from the start of the line.
tl::unexpected<Error> refuse_at(const std::string& name, int line_number, std::size_t offset,
                                std::string message, std::string_view line) {
  int column = 1;
  for (std::size_t at = 0; at < offset; ++column) next_character(line, at);
  Error error{Errc::bad_input, Blame::profile, std::move(message), {name, line_number, column}, {}};
  if (!line.empty()) error.excerpt = excerpt(line, offset);
  return tl::unexpected<Error>(std::move(error));
}

std::string_view line_from(std::string_view text, std::size_t start) {
  std::string_view line = text.substr(start);
  line = line.substr(0, std::min(line.find('\n'), line.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Result<TableFile> TableFile::parse(std::string text, std::string name,
                                   std::initializer_list<std::string_view> required,
                                   std::initializer_list<std::string_view> optional) {
  TableFile out;
  out.name_ = std::move(name);
  if (text.size() >= std::numeric_limits<std::uint32_t>::max())
    return refuse_at(out.name_, 1, 0, "the file is larger than 4 GiB", {});
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (!valid_utf8(text)) return refuse_at(out.name_, 1, 0, "the file is not UTF-8", {});
  out.text_ = std::move(text);
  const std::string_view all = out.text_;

  const std::string_view head = line_from(all, 0);
  for (const std::string_view column : split(head, ',')) out.columns_.emplace_back(trim(column));
  std::vector<std::string> known;
  for (const auto list : {required, optional})
    for (const std::string_view column : list) known.emplace_back(column);
  for (std::size_t i = 0; i < out.columns_.size(); ++i) {
    const std::string& column = out.columns_[i];
    if (std::find(known.begin(), known.end(), column) == known.end())
      return refuse_at(out.name_, 1, 0,
                       cat("unknown column \"", printable(column), "\"", suggestion(column, known),
                           "; known are ", join(known, ", ")),
                       head);
    if (std::count(out.columns_.begin(), out.columns_.end(), column) > 1)
      return refuse_at(out.name_, 1, 0, cat("the column \"", column, "\" stands twice"), head);
  }
  for (const std::string_view column : required)
    if (!out.has(column))
      return refuse_at(out.name_, 1, 0,
                       cat("the head line has no column \"", column, "\"; it is wanted"), head);

  int number = 1;
  for (std::size_t start = std::min(all.find('\n'), all.size() - 1) + 1; start < all.size();) {
    ++number;
    const std::string_view line = line_from(all, start);
    const std::size_t next = std::min(all.find('\n', start), all.size() - 1) + 1;
    if (trim(line).empty() && next >= all.size()) break;
    const auto cells = static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
    if (cells != out.columns_.size())
      return refuse_at(
          out.name_, number, 0,
          cat("the row has ", cells, " cells, the head line has ", out.columns_.size()), line);
    if (out.rows() == most_rows)
      return refuse_at(out.name_, number, 0, cat("more than ", most_rows, " rows"), {});
    out.line_starts_.push_back(static_cast<std::uint32_t>(start));
    std::size_t at = 0;
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t end = std::min(line.find(',', at), line.size());
      const std::string_view cell = trim(line.substr(at, end - at));
      out.cells_.push_back(
          {static_cast<std::uint32_t>(
               cell.empty() ? start + at : static_cast<std::size_t>(cell.data() - all.data())),
           static_cast<std::uint32_t>(cell.size())});
      at = end + 1;
    }
    start = next;
  }
  if (out.cells_.empty()) return refuse_at(out.name_, 1, 0, "the file holds no rows", {});
  return out;
}

std::optional<std::size_t> TableFile::index(std::string_view column) const {
  const auto at = std::find(columns_.begin(), columns_.end(), column);
  if (at == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns_.begin());
}

bool TableFile::has(std::string_view column) const { return index(column).has_value(); }

std::string_view TableFile::cell(std::size_t row, std::string_view column) const {
  const auto i = index(column);
  if (!i) return {};
  const Cell& cell = cells_[row * columns_.size() + *i];
  return std::string_view(text_).substr(cell.from, cell.size);
}

Result<double> TableFile::number(std::size_t row, std::string_view column, double low,
                                 double high) const {
  const auto value = parse_double(cell(row, column));
  if (!value) return refuse(row, column, cat(column, " must be a number"));
  if (*value < low || *value > high)
    return refuse(
        row, column,
        cat(column, " lies outside of ", carebench::number(low), " … ", carebench::number(high)));
  return *value;
}

Result<std::vector<double>> TableFile::rising(std::string_view column, double low,
                                              double high) const {
  std::vector<double> out;
  out.reserve(rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    const auto value = number(row, column, low, high);
    if (!value) return tl::unexpected(value.error());
    if (!out.empty() && *value < out.back())
      return refuse(row, column, cat(column, " goes back: rows stand in the order of time"));
    out.push_back(*value);
  }
  return out;
}

tl::unexpected<Error> TableFile::refuse(std::size_t row, std::string_view column,
                                        std::string message) const {
  const std::string_view line = line_from(text_, line_starts_[row]);
  const auto i = index(column);
  const std::size_t from = i ? cells_[row * columns_.size() + *i].from - line_starts_[row] : 0;
  return refuse_at(name_, static_cast<int>(row) + 2, from, std::move(message), line);
}

}  // namespace carebench
