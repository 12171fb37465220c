// Do all samples tell different identifiers? A few samples cannot prove that a maker's numbers are
// unique; two that are equal prove that they are not.
#include "profiles/measuring/identity.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, true, "all samples of the device under test"}};

constexpr ParamSpec params[] = {
    {"source", ParamKind::text, true, "", "where the identifier stands, as in identifier/present"},
    identity_ask,
    identity_ask_fields,
    identity_afterwards,
    identity_timeout,
    identity_tries,
};

constexpr Output outputs[] = {
    {"distinct", OutputKind::truth, "",
     "every sample gave an identifier, and no two of them are equal, separators and letter case "
     "aside",
     true},
    {"samples", OutputKind::number, "1", "samples that gave an identifier", {}},
    {"identifiers", OutputKind::text, "", "sample = identifier, in the order of the samples", {}},
};

void lint(const StepView& step, Problems& problems) {
  const std::string source[] = {step.with.text("source")};
  lint_identity(step, source, "source", problems);
}

Result<void> run(Context& context) {
  struct Unit {
    std::string name, identifier;
  };
  const auto ports = context.ports("test");
  if (ports.size() < 2)
    return fail(Errc::not_ready, Blame::bench,
                "to compare samples takes two of them at least: name the device twice, "
                "-d dut=… -d dut=…");
  std::vector<Unit> units;
  std::vector<std::string> notes;
  SeqRange evidence;
  for (Port* port : ports) {
    const auto source = identity_source(context.with().text("source"), port->protocol());
    if (!source) return tl::unexpected(source.error());
    const auto asking = identity_asking(context.with(), port->protocol());
    if (!asking) return tl::unexpected(asking.error());
    const auto reading = read_identity(context, *port, *source, *asking);
    if (!reading) return tl::unexpected(reading.error());
    widen(evidence, reading->evidence);
    if (!reading->value) {
      notes.push_back(cat(port->name(), ": none: ", reading->note));
      continue;
    }
    for (const Unit& other : units)
      if (same_identifier(other.identifier, *reading->value))
        notes.push_back(cat(other.name, " and ", port->name(), " share one"));
    units.push_back({port->name(), *reading->value});
  }
  std::string listed;
  for (const Unit& unit : units)
    listed += cat(listed.empty() ? "" : ", ", unit.name, " = ", unit.identifier);
  context.truth("distinct", notes.empty(), evidence, join(notes, "; "));
  context.number("samples", static_cast<double>(units.size()), 0, 0, evidence);
  context.text("identifiers", listed, evidence);
  return {};
}

}  // namespace

extern const Check identifier_distinct;
const Check identifier_distinct{
    .id = "identifier/distinct",
    .revision = 1,
    .summary = "all samples tell different identifiers",
    .roles = roles,
    .needs = {},
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
