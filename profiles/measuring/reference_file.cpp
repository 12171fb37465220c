#include "profiles/measuring/reference_file.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::size_t most_readings = 2'000'000;
constexpr double longest_s = 366.0 * 86400;

tl::unexpected<Error> refuse(std::string_view file, int line, int column, std::string message,
                             std::string_view text) {
  Error error{
      Errc::bad_input, Blame::profile, std::move(message), {std::string(file), line, column}, {}};
  if (!text.empty()) error.excerpt = excerpt(text, static_cast<std::size_t>(column - 1));
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace

Result<std::vector<TimedValue>> parse_reference_file(std::string_view text, std::string_view name) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF", header = "time_s,value";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::vector<TimedValue> readings;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (row.ends_with('\r')) row.remove_suffix(1);
    if (line == 1) {
      if (row != header)
        return refuse(name, 1, 1, cat("the first line must be \"", header, "\""), row);
      continue;
    }
    if (row.empty() && text.empty()) break;
    const std::size_t comma = std::min(row.find(','), row.size());
    const auto time = parse_double(trim(row.substr(0, comma)));
    const auto value = parse_double(trim(row.substr(std::min(row.size(), comma + 1))));
    if (comma == row.size() || !time || !value)
      return refuse(name, line, 1, "a reading is written as two numbers: seconds, value", row);
    if (std::abs(*time) > longest_s)
      return refuse(name, line, 1, "the time lies more than a year from the beginning", row);
    if (!readings.empty() && *time < readings.back().time_s)
      return refuse(name, line, 1, "the time goes back: readings stand in the order of time", row);
    if (readings.size() == most_readings)
      return refuse(name, line, 1, cat("more than ", most_readings, " readings"), {});
    readings.push_back({*time, *value});
  }
  if (readings.empty()) return refuse(name, 1, 1, "the file holds no readings", {});
  return readings;
}

}  // namespace carebench
