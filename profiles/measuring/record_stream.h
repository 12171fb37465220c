// The numbered records of a device that sends messages, live and stored, as the parameters of a
// check name them: `message` and in it `sequence`; `stored`, where records kept during a cut are
// sent as another message, or with `stored_flag` as the same one; `stored_sequence`, `modulus`.
#pragma once

#include <optional>

#include "probes/protocol_spec.h"
#include "profiles/context.h"
#include "profiles/measuring/backlog.h"

namespace carebench {

struct RecordStream {
  const MessageSpec* live = nullptr;
  const MessageSpec* stored = nullptr;  // null: nothing is sent again
  FieldHandle live_number, stored_number, stored_flag;
  std::optional<Backlog> backlog;  // where records are numbered
  SeqRange evidence;

  void take(const Message& message);
};

void lint_records(const StepView& step, Problems& problems);
Result<RecordStream> record_stream(const Protocol* protocol, const Params& with);

}  // namespace carebench
