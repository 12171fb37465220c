#include "profiles/measuring/identifier_placeholder.h"

#include <algorithm>
#include <array>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t shortest_row = 5;     // "1234" may be the 1234th unit
constexpr std::size_t shortest_groups = 8;  // "2121" may be a number

// Without separators, in small letters.
constexpr std::array words = std::to_array<std::string_view>({
    "serialnumber",
    "serialno",
    "serial",
    "sn",
    "sno",
    "systemserialnumber",
    "deviceserialnumber",
    "deviceid",
    "device",
    "id",
    "imei",
    "mac",
    "uuid",
    "unknown",
    "default",
    "defaultstring",
    "none",
    "null",
    "nil",
    "na",
    "notavailable",
    "notapplicable",
    "notset",
    "notspecified",
    "unspecified",
    "undefined",
    "unset",
    "empty",
    "invalid",
    "error",
    "test",
    "testdevice",
    "sample",
    "example",
    "demo",
    "dummy",
    "prototype",
    "debug",
    "todo",
    "tbd",
    "tobefilledbyoem",
    "changeme",
    "string",
    "text",
    "version",
    "序列号",
    "设备序列号",
    "设备标识码",
    "设备编号",
    "编号",
    "未知",
    "默认",
    "无",
    "测试",
    "示例",
    "样机",
});

constexpr std::array templates = std::to_array<std::string_view>({
    "%s",
    "%d",
    "%u",
    "%x",
    "%0",
    "${",
    "{{",
    "<",
    ">",
    "xxx",
    "###",
    "***",
    "???",
    "yyyymmdd",
    "yymmdd",
    "changeme",
    "replace",
    "insert",
});

// Words in front of the number itself; longer ones first.
constexpr std::array prefixes = std::to_array<std::string_view>({
    "serialnumber",
    "serialno",
    "serial",
    "deviceid",
    "imei",
    "uuid",
    "mac",
    "sn",
    "id",
    "no",
});

std::string compact(std::string_view text) {
  std::string out;
  for (const char c : lower(text))
    if (std::string_view(" \t\r\n-_:./#").find(c) == std::string_view::npos) out += c;
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without_prefix(std::string_view text) {
  for (const std::string_view prefix : prefixes)
    if (text.starts_with(prefix) && text.size() > prefix.size() && is_digit(text[prefix.size()]))
      return text.substr(prefix.size());
  return text;
}

bool repeats_group(std::string_view text, std::size_t group) {
  if (text.size() % group != 0 || text.size() / group < 3) return false;
  for (std::size_t i = group; i < text.size(); ++i)
    if (text[i] != text[i - group]) return false;
  return true;
}

// Each character follows the one before it, up or down; 9 is followed by 0, or by a.
bool in_a_row(std::string_view text) {
  constexpr std::string_view order = "0123456789abcdefghijklmnopqrstuvwxyz";
  const auto follows = [&](char before, char after) {
    const auto at = order.find(before), next = order.find(after);
    if (at == order.npos || next == order.npos) return false;
    return next == at + 1 || (before == '9' && after == '0');
  };
  bool up = true, down = true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    up = up && follows(text[i - 1], text[i]);
    down = down && follows(text[i], text[i - 1]);
  }
  return up || down;
}

}  // namespace

std::string placeholder_reason(std::string_view identifier, std::size_t least) {
  const std::string trimmed = lower(trim(identifier));
  const std::string whole = compact(identifier);
  if (whole.empty()) return "nothing but separators";
  if (std::find(words.begin(), words.end(), whole) != words.end())
    return "a word that stands for a number";
  for (const std::string_view piece : templates)
    if (trimmed.find(piece) != trimmed.npos) return cat("a template that holds \"", piece, "\"");
  const std::string_view core = without_prefix(whole);
  if (core.find_first_not_of(core.front()) == core.npos)
    return core.size() < 2 ? "one character" : "one character repeated";
  if (core.size() < least) return cat("shorter than ", least, " characters");
  for (std::size_t group = 2; core.size() >= shortest_groups && group <= 4; ++group)
    if (repeats_group(core, group)) return cat("a group of ", group, " characters repeated");
  if (core.size() >= shortest_row && in_a_row(core)) return "characters in a row";
  return {};
}

}  // namespace carebench
