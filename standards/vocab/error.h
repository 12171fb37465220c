// Error policy of the whole house. Whatever the outside can cause is a Result; an Error says who
// has to act and what to do. A device is measured, never blamed: there is no Blame::device (design
// law 3). Third-party exceptions are caught in the one file that includes that library.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace carebench {

// What kind of thing went wrong. exit_code() maps it to the exit codes of the command line.
enum class Errc {
  usage,          // 64: the command line is off
  bad_input,      // 65: a file or text that came from outside is malformed
  not_found,      // 3: the device is absent
  busy,           // 3: somebody else holds the device
  not_permitted,  // 3: the bench may not open the device
  silent,         // 3: the device is there and never answered
  lost,           // 3: the device went away in the middle
  unsupported,    // 3: the link or the bench cannot do what was asked
  not_ready,      // 3: the bench is not fit (instrument missing, answer missing ...)
  io,             // 74: reading or writing our own files failed (disk full ...)
  tampered,       // 76: evidence, inputs or record were changed
  diverged,       // 76: the derivation asked for something the evidence does not hold
  interrupted,    // 130: stopped by the user, or by the end of the process
  internal,       // 3: a fault of the tool
};

enum class Blame { bench, profile, tool };

// 1-based line and column (columns count characters, not bytes); line 0 = the whole file.
struct Origin {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Error {
  Errc code = Errc::internal;
  Blame blame = Blame::tool;
  std::string message;  // lower case, no full stop: what, where, what to do
  Origin at;
  std::string excerpt;  // the line of the file and a caret below it, or empty

  // "file:line:column: message" and, where there is one, the excerpt on the lines after it.
  std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, Blame blame, std::string message) {
  return tl::unexpected<Error>(Error{code, blame, std::move(message), {}, {}});
}

std::string_view to_string(Errc code);
std::string_view to_string(Blame blame);
Errc errc_from(std::string_view text);    // unknown text -> internal
Blame blame_from(std::string_view text);  // unknown text -> tool

// Exit codes of the command line (design section 5).
namespace exit_status {
inline constexpr int passed = 0, failed = 1, undecided = 2, could_not_test = 3, usage = 64,
                     bad_input = 65, io = 74, tampered = 76, interrupted = 130;
}
int exit_code(Errc code);

// Several problems of one file, reported together; empty() means the file is good.
class Problems {
 public:
  void add(Error error);
  // A bad_input problem with a position; the excerpt is filled in by the yaml reader.
  void add(const Origin& at, std::string message, Blame blame = Blame::profile);
  bool empty() const { return list_.empty(); }
  const std::vector<Error>& list() const { return list_; }
  // All of them as one error: the first one's code, every text on a line of its own.
  Error as_error() const;

 private:
  std::vector<Error> list_;
};

}  // namespace carebench
