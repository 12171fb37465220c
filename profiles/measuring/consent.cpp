#include "profiles/measuring/consent.h"

#include "standards/vocab/text.h"

namespace carebench {

Result<void> need_consent(const Context& context, const Port& port, std::string_view what) {
  if (port.facts().simulated && !context.with().boolean("require_consent")) return {};
  if (context.consented(what)) return {};
  return fail(Errc::not_ready, Blame::profile,
              cat("this step may harm the sample and needs the customer's written consent in the "
                  "job: consent: [",
                  what, "]"));
}

}  // namespace carebench
