#include "profiles/measuring/console_signs.h"

#include <algorithm>
#include <array>

#include "probes/frame_scan.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t longest_shown = 60;
constexpr std::size_t least_letters = 2, least_characters = 3;

enum class Place {
  anywhere,  // somewhere in the line
  start,     // the line starts with it
  end,       // the line, blanks at its end aside, ends with it
  whole,     // the line is that and nothing else
};
struct Row {
  ConsoleSign sign;
  Place place;
  std::string_view text;  // in small letters
};

using enum ConsoleSign;

constexpr std::array rows = std::to_array<Row>({
    // Boot loaders, kernels and runtimes as they start.
    {boot_banner, Place::anywhere, "u-boot 1."},
    {boot_banner, Place::anywhere, "u-boot 20"},
    {boot_banner, Place::anywhere, "u-boot spl"},
    {boot_banner, Place::anywhere, "barebox 20"},
    {boot_banner, Place::anywhere, "redboot(tm)"},
    {boot_banner, Place::anywhere, "cfe version"},
    {boot_banner, Place::start, "notice:  bl"},
    {boot_banner, Place::anywhere, "linux version "},
    {boot_banner, Place::anywhere, "booting linux"},
    {boot_banner, Place::anywhere, "uncompressing linux"},
    {boot_banner, Place::anywhere, "starting kernel"},
    {boot_banner, Place::anywhere, "[    0.000000]"},
    {boot_banner, Place::anywhere, "busybox v"},
    {boot_banner, Place::anywhere, "openwrt"},
    {boot_banner, Place::start, "init: "},
    {boot_banner, Place::anywhere, "systemd["},
    {boot_banner, Place::start, "rst:0x"},  // ESP32 ROM
    {boot_banner, Place::start, "esp-rom:"},
    {boot_banner, Place::start, "ets jan "},  // ESP8266 ROM
    {boot_banner, Place::start, "ets jun "},  // ESP32 ROM
    {boot_banner, Place::start, "ets jul "},
    {boot_banner, Place::anywhere, "esp-idf v"},
    {boot_banner, Place::anywhere, "booting zephyr"},
    {boot_banner, Place::anywhere, "rt-thread operating system"},
    {boot_banner, Place::anywhere, "nuttx-"},
    {boot_banner, Place::anywhere, "freertos v"},
    {boot_banner, Place::anywhere, "liteos"},
    {boot_banner, Place::start, "micropython v"},
    {boot_banner, Place::anywhere, "bootloader v"},
    // A boot loader that waits for commands, or offers to.
    {boot_loader_prompt, Place::anywhere, "any key to stop autoboot"},
    {boot_loader_prompt, Place::anywhere, "press any key to stop"},
    {boot_loader_prompt, Place::whole, "=>"},
    {boot_loader_prompt, Place::end, "u-boot>"},
    {boot_loader_prompt, Place::end, "u-boot #"},
    {boot_loader_prompt, Place::start, "barebox@"},
    {boot_loader_prompt, Place::end, "redboot>"},
    {boot_loader_prompt, Place::whole, "cfe>"},
    {boot_loader_prompt, Place::end, "grub>"},
    {boot_loader_prompt, Place::end, "grub rescue>"},
    {boot_loader_prompt, Place::end, "bootloader>"},
    {boot_loader_prompt, Place::whole, "boot>"},
    {boot_loader_prompt, Place::whole, "marvell>>"},
    // Shells and interpreters.
    {shell_prompt, Place::whole, "#"},
    {shell_prompt, Place::whole, "$"},
    {shell_prompt, Place::end, "/ #"},
    {shell_prompt, Place::end, "~ #"},
    {shell_prompt, Place::end, "/ $"},
    {shell_prompt, Place::end, "~ $"},
    {shell_prompt, Place::end, ":~#"},
    {shell_prompt, Place::end, ":~$"},
    {shell_prompt, Place::end, ":/#"},
    {shell_prompt, Place::end, ":/$"},
    {shell_prompt, Place::end, "]#"},
    {shell_prompt, Place::end, "]$"},
    {shell_prompt, Place::end, "msh >"},
    {shell_prompt, Place::end, "msh />"},
    {shell_prompt, Place::end, "finsh >"},
    {shell_prompt, Place::whole, "nsh>"},
    {shell_prompt, Place::whole, "esp32>"},
    {shell_prompt, Place::whole, "esp>"},
    {shell_prompt, Place::whole, "shell>"},
    {shell_prompt, Place::whole, "cli>"},
    {shell_prompt, Place::whole, ">>>"},
    {shell_prompt, Place::whole, "huawei liteos #"},
    // Prompts for a name or a password.
    {login_prompt, Place::end, "login:"},
    {login_prompt, Place::end, "username:"},
    {login_prompt, Place::end, "user name:"},
    {login_prompt, Place::end, "password:"},
    {login_prompt, Place::end, "passwd:"},
});

// "sh-4.2#", "bash-5.0$"
bool is_versioned_shell(std::string_view line) {
  return (line.starts_with("sh-") || line.starts_with("bash-")) &&
         (line.ends_with('#') || line.ends_with('$'));
}

bool fits(const Row& row, std::string_view line) {
  switch (row.place) {
    case Place::anywhere:
      return line.find(row.text) != line.npos;
    case Place::start:
      return line.starts_with(row.text);
    case Place::end:
      return line.ends_with(row.text);
    case Place::whole:
      return line == row.text;
  }
  return false;
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view without_echo(std::string_view line, std::string_view sent) {
  const std::string_view typed = trim(sent);
  line = trim(line);
  if (!typed.empty() && line.ends_with(typed)) line.remove_suffix(typed.size());
  return trim(line);
}

std::string shown(std::string_view line) {
  std::string out = printable(line.substr(0, longest_shown));
  return line.size() > longest_shown ? out + "…" : out;
}

}  // namespace

std::vector<ConsoleFind> find_console_signs(std::string_view text, std::string_view sent) {
  std::vector<ConsoleFind> finds;
  for (const std::string_view whole : lines_of(text)) {
    const std::string line = lower(without_echo(whole, sent));
    std::array<bool, console_signs> seen{};
    for (const Row& row : rows) seen[static_cast<std::size_t>(row.sign)] |= fits(row, line);
    seen[static_cast<std::size_t>(shell_prompt)] |= is_versioned_shell(line);
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (seen[i]) finds.push_back({static_cast<ConsoleSign>(i), shown(trim(whole))});
  }
  return finds;
}

std::vector<std::string> readable_lines(std::string_view text, std::string_view sent) {
  std::vector<std::string> lines;
  for (const std::string_view whole : lines_of(text)) {
    const std::string_view line = without_echo(whole, sent);
    const auto letters = std::count_if(line.begin(), line.end(), is_letter);
    const bool clean = std::none_of(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
    const bool long_enough = line.size() >= least_characters || line == "OK";
    if (static_cast<std::size_t>(letters) >= least_letters && long_enough && clean &&
        valid_utf8(line))
      lines.push_back(shown(line));
  }
  return lines;
}

std::string line_shape(std::string_view line) {
  std::string shape(line);
  for (char& c : shape)
    if (c >= '0' && c <= '9') c = '0';
  return shape;
}

UnframedText::UnframedText(const Protocol* protocol)
    : protocol_(protocol && !protocol->is_register_map() ? protocol : nullptr) {}

void UnframedText::feed(ByteView octets) {
  if (!protocol_) {
    text_ += as_text(octets);
    return;
  }
  held_.insert(held_.end(), octets.begin(), octets.end());
  sort_out(false);
}

std::string UnframedText::take(bool quiet) {
  if (quiet && protocol_) sort_out(true);
  return std::exchange(text_, {});
}

// Octets of the start mark that stands at the beginning, 0: none.
std::size_t UnframedText::mark_size() const {
  for (const Framing::Variant& variant : protocol_->framing().variants)
    if (!variant.start.empty() && held_.size() >= variant.start.size() &&
        std::equal(variant.start.begin(), variant.start.end(), held_.begin()))
      return variant.start.size();
  return 0;
}

// "$GP…", "[3G*…": the beginning of a sentence that turned out to be none. A prompt may start with
// the same sign, but nothing but a blank follows it there.
bool UnframedText::drop_broken_line() {
  const Framing& framing = protocol_->framing();
  if (framing.kind == Framing::Kind::binary || held_.size() < 3) return false;
  const char first = static_cast<char>(held_[0]);
  const bool starts = framing.kind == Framing::Kind::line
                          ? framing.starts.find(first) != framing.starts.npos
                          : first == '[';
  if (!starts || held_[1] < '0' || held_[2] < '0') return false;
  const std::string_view text = as_text(held_);
  const auto stop = framing.kind == Framing::Kind::line ? text.find_first_of("\r\n")
                                                        : text.find_first_of("]\r\n");
  const std::size_t end = std::min(stop == text.npos ? text.size() : stop + 1, text.size());
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(end));
  return true;
}

void UnframedText::sort_out(bool quiet) {
  const Framing& framing = protocol_->framing();
  std::size_t done = 0;  // octets are erased in one go: a start mark is rare
  const auto forget = [&] {
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(done));
    done = 0;
  };
  while (done < held_.size()) {
    const Scanned scanned = scan_frame(framing, ByteView(held_).subspan(done));
    if (scanned.status == Scanned::Status::more && !quiet) break;
    if (scanned.status == Scanned::Status::frame) {
      ++frames_;
      done += scanned.size;
      continue;
    }
    if (scanned.status == Scanned::Status::nothing) {
      text_ += static_cast<char>(held_[done++]);
      continue;
    }
    forget();
    if (drop_broken_line()) continue;
    // An unreadable octet for each of a mark: "SY" of 53 59 is no word.
    const std::size_t mark = std::max<std::size_t>(mark_size(), 1);
    const bool hide = mark_size() > 0;
    for (std::size_t i = 0; i < mark; ++i) text_ += hide ? '\0' : static_cast<char>(held_[i]);
    done = mark;
  }
  forget();
}

}  // namespace carebench
