// A series of paired readings gathered outside a run (a clinical study, a laboratory's bench), as a
// table of comma-separated values. One pair a line; the first line names the columns:
//
//   subject, device, reference                       must be there
//   lot, time, sex, age, cuff, stratum, unit         where the study has them
//   exclude     a reason, in lines that the study left out: counted, never used
//   added       small weights added until the indication changes (weighing instruments)
//
// Chinese names of the columns are known too. The file comes from outside. What is unambiguous is
// taken and said so: a byte order mark, GB 18030, semicolons or tabs, decimal commas, units in the
// header or in a column. All else is refused with line and column. What is no number ("HI", an
// empty cell) never becomes one: such lines are counted as left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/error.h"
#include "standards/vocab/quantity.h"

namespace carebench {

struct PairsTable {
  Unit unit;             // of device, reference and added
  bool glucose = false;  // that is what was measured
  std::vector<double> device, reference;
  std::vector<double> added;                // empty: no such column
  std::vector<std::uint32_t> subject;       // index into `subjects`; parallel to device
  std::vector<std::uint32_t> lot, stratum;  // likewise; empty: no such column

  struct Subject {
    std::string name, sex, cuff;  // "" where not told; sex: "f", "m" or "x"
    double age = -1;              // years; < 0: not told
    std::int64_t pairs = 0;
  };
  std::vector<Subject> subjects;
  std::vector<std::string> lots, strata;
  bool has_sex = false, has_age = false, has_cuff = false;

  std::int64_t left_out = 0;       // lines that carry no pair: excluded, or no number
  std::vector<std::string> notes;  // what was taken for what, what was left out and why

  std::int64_t n() const { return static_cast<std::int64_t>(device.size()); }
  // What a difference of two readings is multiplied by to be in `to`; nothing when it cannot be.
  std::optional<double> factor_to(Unit to) const;
};

struct PairsOptions {
  Unit unit;                  // that everything is converted to
  bool glucose = false;       // mmol/L and mg/dL convert
  bool signed_scale = false;  // values below zero are possible (degrees Celsius)
};

// At most 20 million lines of 4096 octets each; a subject, lot or stratum has at most 200 octets.
Result<PairsTable> read_pairs(std::string_view text, std::string_view file,
                              const PairsOptions& options);

// The unit that the table itself names for the device's readings, in its header or its first line;
// nothing where it names none, or cannot be read.
std::optional<Unit> unit_of_table(std::string_view text);

// "mmHg", "bpm", "°C", "次/分" beside the UCUM codes.
std::optional<Unit> unit_in_a_table(std::string_view text);

}  // namespace carebench
