// Has the identifier the form of the kind it is said to be, and does its check digit fit?
#include "profiles/measuring/identifier_codes.h"
#include "profiles/measuring/identifier_formats.h"
#include "profiles/measuring/identifier_pattern.h"
#include "profiles/measuring/identifier_placeholder.h"
#include "profiles/measuring/identity.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};

constexpr ParamSpec params[] = {
    {"source", ParamKind::text, true, "", "where the identifier stands, as in identifier/present"},
    identity_ask,
    identity_ask_fields,
    identity_afterwards,
    identity_timeout,
    identity_tries,
    {"format", ParamKind::text, true, "",
     "gs1 (GTIN, SSCC or element string), udi (GS1, HIBC or MA; not AHM), imei, eui48, eui64, "
     "ma_code, hibc, mod37_36, pnp_id or pattern"},
    {"pattern", ParamKind::text, false, "",
     "for format pattern: characters, classes and counts that the whole identifier fits, as "
     "\"RM[0-9A-F]{8}\""},
    {"check_digit", ParamKind::text, false, "none",
     "for format pattern: none, luhn, gs1_mod10, mod43, mod37_36 or mod11_2 over all characters"},
};

constexpr Output outputs[] = {
    {"identifier", OutputKind::text, "", "as the device gave it", {}},
    {"format_valid", OutputKind::truth, "",
     "length, characters and parts are those of the format; false when no identifier came", true},
    {"check_digit_valid", OutputKind::truth, "",
     "the check digit is the right one; only for formats whose check digit is established, and "
     "where the structure is sound",
     true},
    {"placeholder", OutputKind::truth, "", "the identifier is a text that identifies nothing",
     false},
};

void lint(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  const std::string source[] = {with.text("source")};
  lint_identity(step, source, "source", problems);
  const auto format = identifier_format_from(with.text("format"));
  if (!format)
    return with.problem("format", step.at,
                        cat("there is no format \"", with.text("format"), "\"",
                            suggestion(with.text("format"), identifier_format_names())),
                        problems);
  if (!check_digit_from(with.text("check_digit")))
    with.problem("check_digit", step.at,
                 cat("there is no check digit \"", with.text("check_digit"), "\"",
                     suggestion(with.text("check_digit"), check_digit_names())),
                 problems);
  const bool pattern = *format == IdentifierFormat::pattern;
  if (pattern != with.has("pattern"))
    return with.problem("pattern", step.at,
                        pattern ? "format pattern needs the `pattern` the identifier must fit"
                                : "a `pattern` goes with format: pattern only",
                        problems);
  if (!pattern && with.text("check_digit") != "none")
    with.problem("check_digit", step.at, "this format fixes its own check digit", problems);
  if (!pattern) return;
  if (const auto parsed = IdentifierPattern::parse(with.text("pattern")); !parsed)
    with.problem("pattern", step.at, parsed.error().message, problems);
}

Result<FormatFinding> check_own_pattern(const Params& with, const std::string& identifier) {
  using Structure = FormatFinding::Structure;
  const auto pattern = IdentifierPattern::parse(with.text("pattern"));
  if (!pattern) return tl::unexpected(pattern.error());
  const auto kind = check_digit_from(with.text("check_digit")).value_or(CheckDigit::none);
  if (!pattern->matches(identifier))
    return FormatFinding{Structure::unsound, std::nullopt,
                         cat("does not fit \"", with.text("pattern"), "\"")};
  FormatFinding finding{Structure::sound, std::nullopt, cat("fits \"", with.text("pattern"), "\"")};
  if (kind != CheckDigit::none) finding.check_digit = check_digit_holds(kind, identifier);
  return finding;
}

Result<void> run(Context& context) {
  const Params& with = context.with();
  Port& port = context.port("test");
  const auto source = identity_source(with.text("source"), port.protocol());
  if (!source) return tl::unexpected(source.error());
  const auto asking = identity_asking(with, port.protocol());
  if (!asking) return tl::unexpected(asking.error());
  const auto reading = read_identity(context, port, *source, *asking);
  if (!reading) return tl::unexpected(reading.error());
  if (!reading->value) {
    context.truth("format_valid", false, reading->evidence,
                  cat("no identifier came: ", reading->note));
    return {};
  }
  const std::string& identifier = *reading->value;
  context.text("identifier", identifier, reading->evidence, reading->note);
  const auto format =
      identifier_format_from(with.text("format")).value_or(IdentifierFormat::pattern);
  const auto finding = format == IdentifierFormat::pattern
                           ? check_own_pattern(with, identifier)
                           : Result<FormatFinding>(check_format(format, identifier));
  if (!finding) return tl::unexpected(finding.error());
  if (finding->structure == FormatFinding::Structure::undecided)
    return fail(Errc::unsupported, Blame::tool,
                cat("whether \"", identifier, "\" is a sound ", with.text("format"),
                    " cannot be decided: ", finding->note, "; give a pattern instead"));
  const bool sound = finding->structure == FormatFinding::Structure::sound;
  context.truth("format_valid", sound, reading->evidence, finding->note);
  if (finding->check_digit)
    context.truth("check_digit_valid", *finding->check_digit, reading->evidence);
  const std::string reason = placeholder_reason(identifier);
  context.truth("placeholder", !reason.empty(), reading->evidence, reason);
  return {};
}

}  // namespace

extern const Check identifier_format;
const Check identifier_format{
    .id = "identifier/format",
    .revision = 1,
    .summary = "the identifier has the form of its kind, and its check digit fits",
    .roles = roles,
    .needs = {},
    .params = params,
    .outputs = outputs,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
