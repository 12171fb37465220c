#include "profiles/measuring/reference_file.h"

#include "profiles/measuring/table_file.h"

namespace carebench {

Result<std::vector<TimedValue>> parse_reference_file(std::string_view text, std::string_view name) {
  const auto table = TableFile::parse(std::string(text), std::string(name), {"time_s", "value"});
  if (!table) return tl::unexpected(table.error());
  const auto times = table->rising("time_s", -longest_file_s, longest_file_s);
  if (!times) return tl::unexpected(times.error());
  std::vector<TimedValue> readings;
  readings.reserve(times->size());
  for (std::size_t row = 0; row < times->size(); ++row) {
    const auto value = table->number(row, "value", -1e300, 1e300);
    if (!value) return tl::unexpected(value.error());
    readings.push_back({(*times)[row], *value});
  }
  return readings;
}

}  // namespace carebench
