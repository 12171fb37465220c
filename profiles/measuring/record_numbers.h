// Numbers of stored records that came in one procedure, against each other. They are 16 bits wide
// and may have turned over once: the widest gap is where they begin.
#pragma once

#include <cstdint>
#include <vector>

namespace carebench {

struct RecordNumbers {
  std::int64_t missing = 0;    // between the oldest and the newest
  std::int64_t repeated = 0;   // came before
  std::int64_t backwards = 0;  // older than the one before
};
// `step`: by how much they grow from record to record, >= 1. Numbers outside of 16 bits are taken
// modulo 65536; without any nothing is found.
RecordNumbers record_numbers(const std::vector<std::int64_t>& came, std::int64_t step);

}  // namespace carebench
