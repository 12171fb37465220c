// A CSV file that a profile names, with a head line of column names: stimuli, alarms, beats, sleep
// stages. Strict, for files that a script or a laboratory writes for this bench: UTF-8 (a byte
// order mark is skipped), commas, no quotes, one head line, every row with every column of the
// head. What does not fit is refused with file, line and column; nothing is guessed.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/error.h"

namespace carebench {

class TableFile {
 public:
  // Columns beyond these are refused; optional ones may be missing. At most two million rows; a
  // file without a row is refused.
  static Result<TableFile> parse(std::string text, std::string name,
                                 std::initializer_list<std::string_view> required,
                                 std::initializer_list<std::string_view> optional = {});

  std::size_t rows() const { return cells_.size() / columns_.size(); }
  bool has(std::string_view column) const;
  // Trimmed; of a column that is not there "".
  std::string_view cell(std::size_t row, std::string_view column) const;
  // A finite number within [low, high]; otherwise what is wrong, and where.
  Result<double> number(std::size_t row, std::string_view column, double low, double high) const;
  // Numbers that never go down (times).
  Result<std::vector<double>> rising(std::string_view column, double low, double high) const;
  tl::unexpected<Error> refuse(std::size_t row, std::string_view column, std::string message) const;

 private:
  std::optional<std::size_t> index(std::string_view column) const;
  struct Cell {
    std::uint32_t from = 0, size = 0;
  };
  std::string text_, name_;
  std::vector<std::string> columns_;
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> line_starts_;  // of each row
};

inline constexpr double longest_file_s = 366.0 * 86400;

}  // namespace carebench
