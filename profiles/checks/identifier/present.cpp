// Does the device tell an identifier of its own, is it more than a placeholder, and is it the one
// on the sample's label? (Catalogue: 具备独立的设备标识码.)
#include "profiles/measuring/identifier_placeholder.h"
#include "profiles/measuring/identity.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};

constexpr ParamSpec params[] = {
    {"source", ParamKind::texts, true, "",
     "where the identifier stands, one or more: register/NAME, device_id/OBJECT, message/ID/FIELD, "
     "facts/usb_serial, ble/180A/2A25, ble/address, operator/label; the first that holds one "
     "counts"},
    identity_ask,
    identity_ask_fields,
    identity_afterwards,
    identity_timeout,
    identity_tries,
    {"label", ParamKind::text, false, "",
     "another source to compare with, such as operator/label; else the job's serial and label"},
    {"least_length", ParamKind::integer, false, "4", "characters an identifier must have", 1, 64},
};

constexpr Output outputs[] = {
    {"present", OutputKind::truth, "",
     "one of the sources holds a text or number that is not empty, and not the same for all units "
     "of "
     "the model",
     true},
    {"identifier", OutputKind::text, "", "as the device gave it; not there when nothing came", {}},
    {"placeholder", OutputKind::truth, "",
     "the identifier is a text that identifies nothing: a word, a template, a row of digits …",
     false},
    {"matches_label", OutputKind::truth, "",
     "it equals the job's serial or label of the sample (or the source `label`), separators and "
     "letter case aside; only where there is something to compare with",
     true},
};

void lint(const StepView& step, Problems& problems) {
  lint_identity(step, step.with.texts("source"), "source", problems);
  if (!step.with.has("label")) return;
  const std::string label[] = {step.with.text("label")};
  lint_identity(step, label, "label", problems);
}

// What the sample's label says, from a second source or from the job; none: nothing to compare
// with.
Result<std::vector<std::string>> expected_texts(Context& context, Port& port,
                                                const IdentityAsking& asking) {
  std::vector<std::string> texts;
  if (context.with().has("label")) {
    const auto source = identity_source(context.with().text("label"), port.protocol());
    if (!source) return tl::unexpected(source.error());
    const auto reading = read_identity(context, port, *source, asking);
    if (!reading) return tl::unexpected(reading.error());
    texts.push_back(reading->value.value_or(""));
    return texts;
  }
  for (const std::string& text : {port.device().serial, port.device().label})
    if (!text.empty()) texts.push_back(text);
  return texts;
}

Result<void> run(Context& context) {
  Port& port = context.port("test");
  const auto asking = identity_asking(context.with(), port.protocol());
  if (!asking) return tl::unexpected(asking.error());
  IdentityReading first;
  SeqRange tried;
  std::vector<std::string> notes;
  for (const std::string& text : context.with().texts("source")) {
    const auto source = identity_source(text, port.protocol());
    if (!source) return tl::unexpected(source.error());
    auto reading = read_identity(context, port, *source, *asking);
    if (!reading) return tl::unexpected(reading.error());
    widen(tried, reading->evidence);
    if (!reading->note.empty()) notes.push_back(cat(source->text, ": ", reading->note));
    if (reading->of_model) continue;
    if (reading->value && first.value && !same_identifier(*reading->value, *first.value))
      notes.push_back(cat(source->text, " holds another one: ", *reading->value));
    if (reading->value && !first.value) first = std::move(*reading);
  }
  const std::string note = join(notes, "; ");
  context.truth("present", first.value.has_value(), first.value ? first.evidence : tried, note);
  if (!first.value) return {};
  context.text("identifier", *first.value, first.evidence);
  const auto least = static_cast<std::size_t>(context.with().integer("least_length"));
  const std::string reason = placeholder_reason(*first.value, least);
  context.truth("placeholder", !reason.empty(), first.evidence, reason);

  const auto expected = expected_texts(context, port, *asking);
  if (!expected) return tl::unexpected(expected.error());
  if (expected->empty()) return {};
  bool matches = false;
  for (const std::string& text : *expected)
    matches = matches || same_identifier(text, *first.value);
  context.truth("matches_label", matches, first.evidence,
                cat("compared with \"", join(*expected, "\", \""), "\""));
  return {};
}

}  // namespace

extern const Check identifier_present;
const Check identifier_present{
    .id = "identifier/present",
    .revision = 1,
    .summary = "the device tells an identifier that is no placeholder and equals its label",
    .roles = roles,
    .needs = {},
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
