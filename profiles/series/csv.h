// Lines and cells of a text table from outside: encoding, separator, quotes. Knows no columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/error.h"

namespace carebench::csv {

struct Cell {
  std::string_view text;  // trimmed; quotes taken off where they hold no quote themselves
  int column = 1;         // of its first character in the line
};

// UTF-8 without byte order mark; `notes` says what was converted. bad_input for what is neither
// UTF-8 nor GB 18030, or holds NUL.
Result<std::string> to_utf8(std::string_view octets, std::string_view file,
                            std::vector<std::string>& notes);

class Reader {
 public:
  // `text` must outlive the reader. The separator is told by the first line: comma, semicolon or
  // tab, whichever there is most of.
  Reader(std::string_view text, std::string_view file);
  char separator() const { return separator_; }
  // The next line that is not empty. False at the end; an unclosed quote or a line that is too long
  // is an error.
  Result<bool> next(std::vector<Cell>& cells);
  int line() const { return line_; }
  // bad_input at a cell of the current line, with the line and a caret.
  Error error(const Cell& cell, std::string message) const;

 private:
  std::string_view rest_, file_, current_;
  char separator_ = ',';
  int line_ = 0;
};

}  // namespace carebench::csv
