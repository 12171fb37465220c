// Signs of a debug console on a serial line: what boot loaders, operating systems and shells print.
// The product's own protocol must not look like one, so its frames are taken out first.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/protocol.h"
#include "standards/vocab/bytes.h"

namespace carebench {

enum class ConsoleSign { boot_banner, shell_prompt, boot_loader_prompt, login_prompt };
inline constexpr std::size_t console_signs = 4;

struct ConsoleFind {
  ConsoleSign sign = ConsoleSign::boot_banner;
  std::string line;  // the line it stands in, printable, cut
};
// All signs in the lines of `text`. `sent` is what was typed before: an echo of it behind a prompt
// does not hide the prompt.
std::vector<ConsoleFind> find_console_signs(std::string_view text, std::string_view sent = {});

// Lines that people could read, without the echo of `sent`: printable from end to end, two letters
// or more, three characters or more (or "OK").
std::vector<std::string> readable_lines(std::string_view text, std::string_view sent = {});
// A line with its digits made equal, to know a counting status line again.
std::string line_shape(std::string_view line);

// What is left of a stream once the sound frames of a protocol are out. Marks of broken frames are
// made unreadable, and broken lines of text protocols left out: noise is no console.
class UnframedText {
 public:
  // `protocol` may be null (nothing is taken out) and must outlive this.
  explicit UnframedText(const Protocol* protocol);
  void feed(ByteView octets);
  // What cannot become a frame any more since the last call; `quiet`: nothing more is coming.
  std::string take(bool quiet);
  std::uint64_t frames() const { return frames_; }

 private:
  void sort_out(bool quiet);
  bool drop_broken_line();
  std::size_t mark_size() const;

  const Protocol* protocol_;
  Bytes held_;
  std::string text_;
  std::uint64_t frames_ = 0;
};

}  // namespace carebench
