// Tables of arbitrary octets, as series of pairs and as the strict files that profiles name: no
// crash, every refusal has its place, and what was taken is finite and as long everywhere.
#include <cmath>

#include "profiles/measuring/table_file.h"
#include "profiles/series/pairs_table.h"
#include "standards/vocab/text.h"
#include "tests/fuzz/must.h"

using namespace carebench;

namespace {

void must_tell_where(const Error& error) {
  const std::string text = error.text();
  must(text.find("fuzz.csv") != text.npos && valid_utf8(text));
}

void series(std::string_view text) {
  PairsOptions options;
  options.unit = *Unit::parse("mmol/L");
  options.glucose = true;
  (void)unit_of_table(text);
  const auto table = read_pairs(text, "fuzz.csv", options);
  if (!table) return must_tell_where(table.error());
  const std::size_t n = table->device.size();
  must(table->reference.size() == n && table->subject.size() == n);
  must(table->lot.empty() || table->lot.size() == n);
  for (std::size_t i = 0; i < n; ++i) {
    must(std::isfinite(table->device[i]) && std::isfinite(table->reference[i]));
    must(table->subject[i] < table->subjects.size());
  }
  for (const std::string& note : table->notes) must(valid_utf8(note));
}

void strict(std::string_view text) {
  const auto table = TableFile::parse(std::string(text), "fuzz.csv", {"time"}, {"value"});
  if (!table) return must_tell_where(table.error());
  must(table->rows() > 0);
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const auto value = table->number(row, "time", -1e6, 1e6);
    if (!value) return must_tell_where(value.error());
    must(std::abs(*value) <= 1e6);
  }
  must(table->cell(0, "value").size() <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  series(text);
  series("subject,device,reference\n" + std::string(text));
  strict(text);
  strict("time,value\n" + std::string(text));
  return 0;
}
