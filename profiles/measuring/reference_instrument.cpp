#include "profiles/measuring/reference_instrument.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench {

ReferenceInstrument::ReferenceInstrument(const InstrumentData& data, Unit unit)
    : device_(data.device), certificate_(data.certificate), unit_(unit) {
  if (!data.range || !unit.same_dimension(data.range->unit)) return;
  range_ = data.range;
  times_ = *unit.convert_difference(1, range_->unit);
  plus_ = *unit.convert(0, range_->unit);
}

double ReferenceInstrument::corrected(double indication) const {
  return range_ ? indication - range_->error(own(indication)) / times_ : indication;
}

double ReferenceInstrument::u(double indication) const {
  return range_ ? range_->standard(own(indication)) / times_ : 0;
}

double ReferenceInstrument::expanded(double indication) const {
  return range_ ? range_->expanded(own(indication)) / times_ : 0;
}

double ReferenceInstrument::step() const { return range_ ? range_->resolution / times_ : 0; }

bool ReferenceInstrument::has_errors() const {
  return range_ && std::any_of(range_->points.begin(), range_->points.end(),
                               [](const CalibrationPoint& point) { return point.error != 0; });
}

UncertaintyComponent ReferenceInstrument::calibration(double expanded_u, double standard_u) const {
  UncertaintyComponent out =
      carebench::expanded({"参考仪器校准", "calibration of the reference"}, expanded_u,
                          standard_u > 0 ? expanded_u / standard_u : 1, unit_,
                          certificate_.empty() ? std::string("no certificate given")
                                               : cat("certificate ", certificate_));
  out.instrument = device_;
  return out;
}

double ReferenceInstrument::worst() const {
  const auto& points = range_->points;
  const auto largest = std::max_element(
      points.begin(), points.end(),
      [](const auto& a, const auto& b) { return a.expanded_uncertainty < b.expanded_uncertainty; });
  const double at = points.empty() ? range_->low : largest->at;
  return (at - plus_) / times_;
}

Budget ReferenceInstrument::components() const {
  Budget out = range_ ? range_->components : Budget{};
  for (UncertaintyComponent& one : out) one.sensitivity /= times_;
  return out;
}

Budget reference_budget(Context& context, std::string_view role, Unit unit,
                        std::optional<double> at) {
  const InstrumentData data = context.instrument(role);
  const ReferenceInstrument instrument(data, unit);
  if (instrument.known()) {
    const double where = at.value_or(instrument.worst());
    Budget budget = instrument.components();
    budget.insert(budget.begin(),
                  instrument.calibration(instrument.expanded(where), instrument.u(where)));
    return budget;
  }
  if (context.with().has("reference_u"))
    return {standard({"参考（按配置给定）", "reference, as the profile says"},
                     context.with().number("reference_u"), unit, "profile: reference_u")};
  context.note(data.range ? cat(data.id, ": its uncertainty is not in a unit of this quantity")
                          : "the uncertainty of the reference itself is not known: u is too small "
                            "by it");
  return {};
}

}  // namespace carebench
