// Whether the reference instrument of a step bears a statement of conformity (ISO/IEC 17025:2017,
// 6.4 and 6.5): named in the job, with a certificate that holds on the days of the attempt, with a
// range for the quantity that covers what was read. Where it does not, values stand with their
// uncertainty and nothing passes or fails; whether U is small enough for a limit is for judge().
#pragma once

#include <span>

#include "profiles/job.h"
#include "profiles/profile.h"
#include "standards/judge.h"

namespace carebench {

struct Days {
  std::int64_t first = 0, last = 0;  // since 1970-01-01, UTC
};

// The days that stamps fall on; `unix_base_ns` is the wall clock at stamp 0.
Days days_of(std::int64_t unix_base_ns, Stamp from, Stamp to);

// "reference instrument NAME: why"
Text2 of_instrument(const JobInstrument& instrument, const Text2& why);

class ReferenceGate {
 public:
  // `uses`: what the check said it used; nothing (as before a run): the range is not looked at.
  ReferenceGate(const StepSpec& step, const Job& job, Days days,
                std::span<const InstrumentUse> uses);

  // Why it bears no statement; empty where it does, or where the check compares with no instrument.
  const std::vector<Text2>& reasons() const { return reasons_; }
  // What judge() must know of the reference for this value.
  void add(Circumstances& circumstances, const Measurement& measurement,
           const Output& output) const;
  // The largest U of the reference where it was used, in the unit of the step's quantity.
  std::optional<double> largest_expanded(Unit unit) const;

 private:
  void look_at(const JobInstrument& instrument, const StepSpec& step, Days days,
               std::span<const InstrumentUse> uses, std::string_view role);
  void refuse(const JobInstrument& instrument, const Text2& why) {
    reasons_.push_back(of_instrument(instrument, why));
  }

  std::vector<Text2> reasons_;
  const CalibratedRange* range_ = nullptr;
  double low_ = 1, high_ = 0;  // of what was used, in the range's unit; low > high: not known
};

// The role whose device the step's values are compared with; "" where there is none.
std::string_view instrument_role(const StepSpec& step);
bool compares(const Check& check);  // it has such a role
// What the step measures: its parameter `quantity`, or "".
std::string measured_quantity(const StepSpec& step);

}  // namespace carebench
