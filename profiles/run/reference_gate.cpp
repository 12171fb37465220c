#include "profiles/run/reference_gate.h"

#include <algorithm>
#include <cmath>

#include "standards/vocab/text.h"

namespace carebench {
namespace {

std::string range_text(double low, double high, Unit unit) {
  const std::string symbol(unit.symbol());
  return cat(number(low, 6), " … ", number(high, 6), symbol.empty() ? "" : " ", symbol);
}

}  // namespace

Days days_of(std::int64_t unix_base_ns, Stamp from, Stamp to) {
  constexpr std::int64_t day_ns = 86'400'000'000'000;
  return {(unix_base_ns + from.ns) / day_ns, (unix_base_ns + to.ns) / day_ns};
}

bool compares(const Check& check) {
  return std::any_of(check.roles.begin(), check.roles.end(),
                     [](const RoleSpec& role) { return role.instrument; });
}

std::string_view instrument_role(const StepSpec& step) {
  for (const RoleSpec& role : step.check->roles)
    if (role.instrument && step.on.contains(role.name)) return role.name;
  return {};
}

std::string measured_quantity(const StepSpec& step) {
  for (const ParamSpec& spec : step.check->params)
    if (spec.name == "quantity") return step.with.text("quantity");
  return {};
}

ReferenceGate::ReferenceGate(const StepSpec& step, const Job& job, Days days,
                             std::span<const InstrumentUse> uses) {
  if (!compares(*step.check)) return;
  const std::string_view role = instrument_role(step);
  if (role.empty()) {
    reasons_.push_back({"没有与该步骤绑定的参考仪器，校准状态未知",
                        "no reference instrument is bound to the step: nothing is known of its "
                        "calibration"});
    return;
  }
  for (const std::string& device : step.on.find(role)->second) {
    if (const JobInstrument* instrument = job.instrument(device)) {
      look_at(*instrument, step, days, uses, role);
      continue;
    }
    reasons_.push_back({cat("任务文件未给出 ", device, " 对应的参考仪器及其校准"),
                        cat("the job names no reference instrument for \"", device,
                            "\": nothing is known of its calibration")});
  }
}

Text2 of_instrument(const JobInstrument& instrument, const Text2& why) {
  return {cat("参考仪器 ", instrument.name, "：", why.zh),
          cat("reference instrument ", instrument.name, ": ", why.en)};
}

void ReferenceGate::look_at(const JobInstrument& instrument, const StepSpec& step, Days days,
                            std::span<const InstrumentUse> uses, std::string_view role) {
  const Calibration calibration = instrument.calibration();
  const std::string state = calibration_state(calibration, days.first, days.last);
  if (state != "valid") refuse(instrument, calibration_problem(calibration, state));
  const std::string quantity = measured_quantity(step);
  const CalibratedRange* range = instrument.range(quantity);
  if (!range)
    return refuse(instrument, {cat("校准数据中没有 ", quantity, " 的量程"),
                               cat("its calibration has no range for ", quantity)});
  range_ = range;
  for (const InstrumentUse& use : uses) {
    if (use.role != role) continue;
    const auto low = use.unit.convert(use.low, range->unit),
               high = use.unit.convert(use.high, range->unit);
    if (!low || !high) {
      range_ = nullptr;
      return refuse(instrument, {cat(quantity, " 的校准单位 ", range->unit.code(), " 不能换算"),
                                 cat("its range for ", quantity, " is in ", range->unit.code(),
                                     ", which does not convert to ", use.unit.code())});
    }
    low_ = low_ > high_ ? *low : std::min(low_, *low);
    high_ = std::max(high_, *high);
  }
  if (low_ > high_ || (range->covers(low_) && range->covers(high_))) return;
  const bool points = !range->points.empty();
  const std::string used = range_text(low_, high_, range->unit),
                    known = range_text(
                        points ? std::max(range->low, range->points.front().at) : range->low,
                        points ? std::min(range->high, range->points.back().at) : range->high,
                        range->unit);
  refuse(instrument, {cat("读数 ", used, " 超出已校准的范围 ", known),
                      cat("readings of ", used, " lie outside of what is calibrated, ", known)});
}

std::optional<double> ReferenceGate::largest_expanded(Unit unit) const {
  if (!range_) return std::nullopt;
  return range_->unit.convert_difference(range_->largest_expanded(low_, high_), unit);
}

void ReferenceGate::add(Circumstances& circumstances, const Measurement& measurement,
                        const Output& output) const {
  if (output.without_reference) return;
  for (const Text2& reason : reasons_) {
    Text2& all = circumstances.no_statement;
    all = {cat(all.zh, all.zh.empty() ? "" : "；", reason.zh),
           cat(all.en, all.en.empty() ? "" : "; ", reason.en)};
  }
  const auto* value = std::get_if<Quantity>(&measurement.value);
  if (!value) return;
  // In the quantity's own unit the instrument is compared with the limit as it is; of a derived
  // value (an error in per cent) the part of U that comes into it.
  if (output.unit == "{unit}") {
    circumstances.reference_expanded = largest_expanded(value->unit);
    return;
  }
  for (const UncertaintyComponent& one : measurement.budget)
    if (!one.instrument.empty())
      circumstances.reference_expanded = std::abs(one.sensitivity) * one.given;
}

}  // namespace carebench
