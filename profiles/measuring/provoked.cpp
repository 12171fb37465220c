#include "profiles/measuring/provoked.h"

#include "profiles/measuring/identity.h"
#include "profiles/measuring/named.h"

namespace carebench {
namespace {

constexpr double tolerance_s = 1.5;  // a counter of whole seconds, and the way of its answer

}  // namespace

void lint_provoked(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  const Access access = access_of(step, "test", problems);
  if (access == Access::none) return;
  const Protocol* protocol = step.protocol("test");
  if (access == Access::registers) {
    for (const std::string_view name : {"heartbeat", "uptime"})
      if (with.has(name))
        linted(step, name, readable_register(protocol, with.text(name)), problems);
    for (const std::string_view name : {"ask", "boot_message"})
      if (with.has(name))
        with.problem(name, step.at, "a device with a register map has no messages", problems);
    return;
  }
  for (const std::string_view name : {"heartbeat", "boot_message"})
    if (with.has(name)) linted(step, name, heard_message(protocol, with.text(name)), problems);
  if (with.has("uptime"))
    linted(step, "uptime", heard_field(protocol, with.text("uptime")), problems);
  if (!with.has("ask")) return;
  const auto message = linted(step, "ask", sent_message(protocol, with.text("ask")), problems);
  if (!message) return;
  linted(step, "ask", protocol->encode((*message)->id, field_inputs(with.tree("ask_fields"))),
         problems);
  if (!with.has("heartbeat"))
    with.problem("ask", step.at, "say with `heartbeat:` which message answers it", problems);
}

bool UptimeWatch::restarted(double value, Stamp stamp) {
  bool fell = known_ && value < value_;
  if (known_ && seconds_per_unit_ > 0) {
    const double grown = (value - value_) * seconds_per_unit_;
    fell = fell || grown < (stamp - stamp_).seconds() - tolerance_s;
  }
  if (fell || !known_) {
    value_ = value;
    stamp_ = stamp;
  }
  known_ = true;
  return fell;
}

double seconds_per_unit(Unit unit) {
  const auto second = Unit::parse("s");
  return second ? unit.convert(1, *second).value_or(0) : 0;
}

}  // namespace carebench
