#include "profiles/measuring/record_stream.h"

#include <algorithm>

#include "profiles/measuring/named.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

std::string_view stored_number_param(const Params& with) {
  return with.has("stored_sequence") ? "stored_sequence" : "sequence";
}

}  // namespace

void RecordStream::take(const Message& message) {
  const bool flagged = !stored_flag || message.value(stored_flag).number != 0;
  const bool is_stored = stored && message.spec == stored && flagged;
  const bool is_live = message.spec == live && !is_stored;
  if (!is_live && !is_stored) return;
  evidence.extend(message.first_seq);
  evidence.extend(message.last_seq);
  if (!backlog) return;
  const FieldValue value = message.value(is_live ? live_number : stored_number);
  if (value.kind != FieldValue::Kind::number || !(value.number >= 0 && value.number < 1e16)) return;
  const auto number = static_cast<std::uint64_t>(value.number);
  if (is_live)
    backlog->live(number, message.stamp);
  else
    backlog->stored(number);
}

void lint_records(const StepView& step, Problems& problems) {
  const Protocol* protocol = step.protocol("test");
  const Params& with = step.with;
  const auto message =
      linted(step, "message", heard_message(protocol, with.text("message")), problems);
  const auto needs = [&](std::string_view name, std::string_view other) {
    if (with.has(name) && !with.has(other))
      with.problem(name, step.at, cat(name, " needs `", other, ":`"), problems);
  };
  needs("stored", "sequence");
  needs("modulus", "sequence");
  needs("stored_sequence", "stored");
  needs("stored_flag", "stored");
  if (!message || !with.has("sequence")) return;
  const auto field = linted(step, "sequence", field_of(*message, with.text("sequence")), problems);
  if (field && turn_of(*field->field) < 2 && !with.has("modulus"))
    with.problem("sequence", step.at,
                 "the protocol does not say where this counter begins again: give `modulus:`",
                 problems);
  if (!with.has("stored")) return;
  const auto stored =
      linted(step, "stored", heard_message(protocol, with.text("stored")), problems);
  if (!stored) return;
  const std::string_view number = stored_number_param(with);
  linted(step, number, field_of(*stored, with.text(number)), problems);
  if (with.has("stored_flag"))
    linted(step, "stored_flag", field_of(*stored, with.text("stored_flag")), problems);
  else if (*stored == *message)
    with.problem("stored", step.at,
                 "live and stored records come in the same message: name the field that tells them "
                 "apart, `stored_flag:`",
                 problems);
}

Result<RecordStream> record_stream(const Protocol* protocol, const Params& with) {
  RecordStream records;
  const auto live = heard_message(protocol, with.text("message"));
  if (!live) return tl::unexpected(live.error());
  records.live = *live;
  if (!with.has("sequence")) return records;
  const auto number = field_of(*live, with.text("sequence"));
  if (!number) return tl::unexpected(number.error());
  records.live_number = *number;
  const double turn = with.has("modulus") ? static_cast<double>(with.integer("modulus"))
                                          : std::max(2.0, turn_of(*number->field));
  records.backlog.emplace(static_cast<std::uint64_t>(turn));
  if (!with.has("stored")) return records;
  const auto stored = heard_message(protocol, with.text("stored"));
  if (!stored) return tl::unexpected(stored.error());
  records.stored = *stored;
  const auto stored_number = field_of(*stored, with.text(stored_number_param(with)));
  if (!stored_number) return tl::unexpected(stored_number.error());
  records.stored_number = *stored_number;
  if (!with.has("stored_flag")) return records;
  const auto flag = field_of(*stored, with.text("stored_flag"));
  if (!flag) return tl::unexpected(flag.error());
  records.stored_flag = *flag;
  return records;
}

}  // namespace carebench
