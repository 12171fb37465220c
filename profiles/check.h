// A check turns what a device does into measurements. It returns no verdict, knows no limit, and
// has no clock but the stamps it is given. Silence, drop-outs and wrong octets of the device become
// measured values; an Error is what stopped the bench, the profile or the tool.
//
// One check, one file: profiles/checks/identifier/present.cpp defines
//   namespace carebench::checks { extern const Check identifier_present; }
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "probes/link.h"
#include "profiles/params.h"
#include "standards/vocab/error.h"

namespace carebench {

class Context;
struct StepView;

struct RoleSpec {
  std::string_view name;  // "test", "reference", "stimulus"
  bool required = true;
  bool many = false;  // binds all samples (steps with scope: all)
  std::string_view summary;
  // A measuring instrument: its calibration decides whether results may be judged. Of several such
  // roles the first one that is bound is what values are compared with.
  bool instrument = false;
};

enum class OutputKind { number, truth, text };
struct Output {
  std::string_view name;  // "share_lost"; "{quantity}.bias" stands for with.quantity
  OutputKind kind = OutputKind::number;
  std::string_view unit;         // UCUM; "{unit}": the unit of the quantity measured
  std::string_view statistic;    // how it comes about: "share of expected frames that never came"
  std::optional<bool> expected;  // truth outputs: what holds for a sound device; judged when no
                                 // limit is named. Numbers without a limit are report_only.
  // Of a check with an instrument: the value says nothing about the reference (a count, a share of
  // time), and is judged whatever its calibration is.
  bool without_reference = false;
};

// What a step may do to the sample or to people; anything but `none` wants safe actions.
enum class Hazard { none, power, motion, pressure, destructive };
std::string_view to_string(Hazard hazard);

struct Check {
  std::string_view id;  // "identifier/present"
  int revision = 1;     // raised whenever the same evidence would give other measurements
  std::string_view summary;
  std::span<const RoleSpec> roles;  // the first is what `on: NAME` binds
  std::span<const OpKind> needs;    // operations its first role's link must support
  std::span<const ParamSpec> params;
  std::span<const Output> outputs;
  Hazard hazard = Hazard::none;
  bool resumable = false;  // takes a gap of the bench in its stride (soaks)
  // Deeper checks of parameters against the bound devices (unknown fields, messages, registers);
  // may be null. Reports problems; opens nothing.
  void (*lint)(const StepView& step, Problems& problems) = nullptr;
  Result<void> (*run)(Context& context) = nullptr;
};

std::span<const Check* const> checks_table();  // generated, sorted
const Check* find_check(std::string_view id);
std::vector<std::string> check_ids();

}  // namespace carebench
