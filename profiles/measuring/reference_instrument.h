// The instrument behind a reference as a check uses it: what its certificate says, in the check's
// unit. Indications are corrected by the certificate's errors (ISO/IEC 17025:2017, 6.4.11).
#pragma once

#include "profiles/context.h"

namespace carebench {

class ReferenceInstrument {
 public:
  ReferenceInstrument() = default;  // not known: no correction, u = 0
  // Not known either where its range is in a unit that does not convert.
  ReferenceInstrument(const InstrumentData& data, Unit unit);

  bool known() const { return range_.has_value(); }
  double corrected(double indication) const;
  double u(double indication) const;         // standard, of the certificate
  double expanded(double indication) const;  // U
  double worst() const;                      // indication with the largest U; known() only
  double step() const;                       // of its display, 0 where the job does not say
  bool has_errors() const;  // the certificate gives errors, so values are corrected
  // The certificate as a component, U and k as means over the readings; and what else there is.
  UncertaintyComponent calibration(double expanded, double standard) const;
  Budget components() const;

 private:
  double own(double value) const { return value * times_ + plus_; }  // in the range's unit
  std::optional<CalibratedRange> range_;
  std::string device_, certificate_;
  Unit unit_;
  double times_ = 1, plus_ = 0;  // from the check's unit to the range's
};

// What the instrument in that role brings into every reading alike: its certificate, at that
// indication (nothing: at its worst), and what else the job gives; of one that the job does not
// know, the step's `reference_u`. A reference of which nothing is known is told in the notes.
Budget reference_budget(Context& context, std::string_view role, Unit unit,
                        std::optional<double> at);

}  // namespace carebench
