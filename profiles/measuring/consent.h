// Tests that may destroy a sample need the customer's written consent, which stands in the job
// (`consent: [robustness]`) and never in a profile. A virtual device needs none.
#pragma once

#include <string_view>

#include "profiles/context.h"

namespace carebench {

// The parameter that asks for the consent of a simulated device, too.
inline constexpr ParamSpec require_consent_param{
    "require_consent", ParamKind::boolean, false, "false",
    "want the job's consent even for a virtual device; a real one always needs it"};

// not_ready (blame: profile) when the device is real, or require_consent says so, and the job does
// not hold `what`.
Result<void> need_consent(const Context& context, const Port& port, std::string_view what);

}  // namespace carebench
