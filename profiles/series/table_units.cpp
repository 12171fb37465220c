// Units as tables write them.
#include <array>

#include "profiles/series/csv.h"
#include "profiles/series/pairs_table.h"
#include "standards/vocab/text.h"

namespace carebench {

std::optional<Unit> unit_in_a_table(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> spoken = {{
      {"mmHg", "mm[Hg]"},
      {"bpm", "/min"},
      {"1/min", "/min"},
      {"次/分", "/min"},
      {"°C", "Cel"},
      {"℃", "Cel"},
      {"C", "Cel"},
      {"°F", "[degF]"},
      {"℉", "[degF]"},
      {"％", "%"},
  }};
  text = trim(text);
  for (const auto& [word, code] : spoken)
    if (text == word) return Unit::parse(code);
  return Unit::parse(text);
}

std::optional<Unit> unit_of_table(std::string_view text) {
  std::vector<std::string> notes;
  const auto decoded =
      csv::to_utf8(text.substr(0, text.find('\n', text.find('\n') + 1)), "", notes);
  if (!decoded) return std::nullopt;
  csv::Reader reader(*decoded, "");
  std::vector<csv::Cell> header, row;
  if (const auto first = reader.next(header); !first || !*first) return std::nullopt;
  const auto second = reader.next(row);
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = lower(header[i].text);
    const auto open = name.find_first_of("([");
    if (name.starts_with("device") && open != std::string::npos && name.size() > open + 1)
      return unit_in_a_table(header[i].text.substr(open + 1, name.size() - open - 2));
    if ((name == "unit" || name == "单位") && second && *second && i < row.size())
      return unit_in_a_table(row[i].text);
  }
  return std::nullopt;
}

}  // namespace carebench
