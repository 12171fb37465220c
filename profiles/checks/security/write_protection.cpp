// Can identity and calibration be overwritten over the line? On a Modbus device every register that
// its map calls read-only is written with another value; a device that speaks frames is sent the
// messages the profile gives, and its identifiers are compared. Relates to ETSI EN 303 645 5.4-2
// (an identity that resists tampering) and 5.6-4. Overwriting calibration may spoil a sample: a
// real device needs the customer's consent (`consent: [write_protection]` in the job). What has
// changed is put right again.
#include "profiles/measuring/consent.h"
#include "profiles/measuring/identity.h"
#include "profiles/measuring/listening.h"
#include "profiles/measuring/named.h"
#include "profiles/measuring/write_attempts.h"
#include "standards/vocab/text.h"

namespace carebench::checks {
namespace {

constexpr RoleSpec roles[] = {{"test", true, false, "device under test"}};
constexpr OpKind needs[] = {OpKind::write};

constexpr ParamSpec params[] = {
    {"registers", ParamKind::texts, false, "",
     "Modbus: what to write to; else every coil and holding register that the map calls read-only"},
    {"source", ParamKind::texts, false, "",
     "frames: identifiers to compare before and after, as in identifier/present"},
    {"writes", ParamKind::tree, false, "",
     "frames: [{message: ID, fields: {…}, accepted: ID, restore: {…}}]; `accepted` is the message "
     "that acknowledges it, `restore` the fields that put things right"},
    identity_ask,
    identity_ask_fields,
    identity_afterwards,
    identity_timeout,
    identity_tries,
    require_consent_param,
};

constexpr Output outputs[] = {
    {"refused", OutputKind::truth, "",
     "every write was answered with an exception or not at all, and none took effect", true},
    {"changed", OutputKind::number, "1", "items that held something else after a write", {}},
    {"restored", OutputKind::truth, "", "all that had changed was put right, or nothing had", true},
};

constexpr std::size_t most_writes = 50;
constexpr std::size_t most_notes = 12;

bool can_be_written(const RegisterSpec& reg) {
  return reg.table == RegisterTable::coil || reg.table == RegisterTable::holding_register;
}

struct FrameWrite {
  std::string message, accepted;
  FieldInputs fields, restore;
  bool restorable = false;
};

std::vector<FrameWrite> read_writes(const StepView& step, Problems& problems) {
  std::vector<FrameWrite> writes;
  const yaml::Node tree = step.with.tree("writes");
  if (tree.kind() != yaml::Kind::list || tree.items().size() > most_writes) {
    tree.problem(problems, cat("writes: is a list of ", most_writes, " messages at most"));
    return writes;
  }
  const Protocol* protocol = step.protocol("test");
  for (const yaml::Node& node : tree.items()) {
    yaml::MapReader map(node, problems);
    FrameWrite write;
    write.message = map.text("message");
    write.accepted = map.text_or("accepted", "");
    write.fields = field_inputs(map.optional("fields"));
    write.restorable = map.has("restore");
    write.restore = field_inputs(map.optional("restore"));
    const auto complain = [&](const auto& result) {
      if (!result) map.problem(result.error().message);
    };
    const auto message = sent_message(protocol, write.message);
    complain(message);
    if (!write.accepted.empty()) complain(heard_message(protocol, write.accepted));
    if (message) complain(protocol->encode(write.message, write.fields));
    if (message && write.restorable) complain(protocol->encode(write.message, write.restore));
    writes.push_back(std::move(write));
  }
  return writes;
}

void lint(const StepView& step, Problems& problems) {
  const Params& with = step.with;
  const Access access = access_of(step, "test", problems);
  if (access == Access::registers) {
    for (const std::string& name : with.texts("registers")) {
      linted(step, "registers", readable_register(step.protocol("test"), name), problems);
      linted(step, "registers", writable_register(step.protocol("test"), name), problems);
    }
    for (const std::string_view name : {"writes", "source", "ask"})
      if (with.has(name))
        with.problem(name, step.at, "a device with a register map has no messages", problems);
    return;
  }
  if (access == Access::none) return;
  if (with.has("registers"))
    with.problem("registers", step.at, "the device's protocol has messages and no registers",
                 problems);
  if (!with.has("writes") || !with.has("source"))
    return problems.add(step.at, "to try a device that speaks frames takes `writes` and `source`");
  lint_identity(step, with.texts("source"), "source", problems);
  read_writes(step, problems);
}

struct Summary {
  bool refused = true, restored = true;
  std::int64_t tried = 0, changed = 0;
  SeqRange evidence;
  std::vector<std::string> notes;

  void add(std::string_view item, const WriteAttempt& attempt) {
    tried += attempt.tried;
    changed += attempt.changed;
    refused = refused && !attempt.acknowledged && !attempt.changed;
    restored = restored && attempt.restored;
    widen(evidence, attempt.evidence);
    if (!attempt.note.empty()) notes.push_back(cat(item, ": ", attempt.note));
  }
};

Result<Summary> write_registers(Context& context, Port& port) {
  Summary summary;
  bool silent = false;
  const auto& wanted = context.with().texts("registers");
  for (const RegisterSpec& reg : port.protocol()->registers()) {
    const bool named = std::find(wanted.begin(), wanted.end(), reg.name) != wanted.end();
    if (!(wanted.empty() ? reg.readable && !reg.writable && can_be_written(reg) : named)) continue;
    const auto attempt = try_to_write(port, reg, context.with().duration("timeout"));
    if (!attempt) return tl::unexpected(attempt.error());
    summary.add(reg.name, *attempt);
    silent = silent || attempt->silent;
  }
  if (summary.tried > 0) return summary;
  if (silent)
    return fail(Errc::silent, Blame::bench,
                cat(port.name(), " never answered: check wiring, speed and unit number"));
  return fail(Errc::unsupported, Blame::profile,
              cat("nothing could be tried: the map has no register that is read-only, can be read "
                  "and stands where requests can write; name some with `registers`",
                  summary.notes.empty() ? "" : "; ", join(summary.notes, "; ")));
}

class FrameWriter {
 public:
  FrameWriter(Context& context, Port& port) : context_(context), port_(port) {}

  Result<Summary> run() {
    Problems problems;
    const StepView step{context_.with(),
                        {},
                        [&](std::string_view) { return port_.protocol(); },
                        [](std::string_view) { return true; }};
    if (auto read = prepare(); !read) return tl::unexpected(read.error());
    for (const FrameWrite& write : read_writes(step, problems)) {
      auto attempt = one(write);
      if (!attempt) return tl::unexpected(attempt.error());
      summary_.add(write.message, *attempt);
    }
    if (!problems.empty()) return tl::unexpected(problems.as_error());
    return std::move(summary_);
  }

 private:
  using Texts = std::vector<std::string>;

  Result<void> prepare() {
    auto asking = identity_asking(context_.with(), port_.protocol());
    if (!asking) return tl::unexpected(asking.error());
    asking_ = std::move(*asking);
    for (const std::string& text : context_.with().texts("source")) {
      auto source = identity_source(text, port_.protocol());
      if (!source) return tl::unexpected(source.error());
      sources_.push_back(std::move(*source));
    }
    const auto texts = identity();
    if (!texts) return tl::unexpected(texts.error());
    if (std::find(texts->begin(), texts->end(), "") == texts->end()) return {};
    return fail(
        Errc::silent, Blame::bench,
        cat(port_.name(), " does not tell what is to be compared: check `source` and `ask`"));
  }

  // "" for what did not come.
  Result<Texts> identity() {
    Texts texts;
    for (const IdentitySource& source : sources_) {
      const auto reading = read_identity(context_, port_, source, asking_);
      if (!reading) return tl::unexpected(reading.error());
      widen(summary_.evidence, reading->evidence);
      texts.push_back(reading->value.value_or(""));
    }
    return texts;
  }

  // Sends it and hears whether it is acknowledged.
  Result<bool> send(const FrameWrite& write, const FieldInputs& fields, SeqRange& evidence) {
    const auto frame = port_.protocol()->encode(write.message, fields);
    if (!frame) return tl::unexpected(frame.error());
    const auto written = port_.write(*frame);
    if (auto done = done_or_error(port_, written); !done) return tl::unexpected(done.error());
    evidence.extend(written->seq);
    bool accepted = false;
    MessageStream stream(port_);
    const auto ending = listen(stream, port_.now() + asking_.timeout, LastPacket::heard, nullptr,
                               [&](const Message& message) {
                                 accepted |= message.spec && message.id() == write.accepted;
                               });
    if (!ending) return tl::unexpected(ending.error());
    if (ending->kind == Ending::Kind::lost) return link_lost(port_, ending->how);
    if (ending->kind == Ending::Kind::gap) return cut_off();
    return accepted;
  }

  Result<WriteAttempt> one(const FrameWrite& write) {
    WriteAttempt attempt;
    attempt.tried = true;
    const auto before = identity();
    if (!before) return tl::unexpected(before.error());
    const auto accepted = send(write, write.fields, attempt.evidence);
    if (!accepted) return tl::unexpected(accepted.error());
    attempt.acknowledged = *accepted;
    if (*accepted) attempt.note = "acknowledged";
    const auto after = identity();
    if (!after) return tl::unexpected(after.error());
    attempt.changed = *after != *before;
    if (!attempt.changed) return attempt;
    attempt.note = cat("changed ", join(*before, " / "), " to ", join(*after, " / "));
    attempt.restored = false;
    if (write.restorable) {
      if (const auto sent = send(write, write.restore, attempt.evidence); !sent)
        return tl::unexpected(sent.error());
      const auto now = identity();
      if (!now) return tl::unexpected(now.error());
      attempt.restored = *now == *before;
    }
    attempt.note += attempt.restored ? ", put right again" : ", COULD NOT BE PUT RIGHT";
    return attempt;
  }

  Context& context_;
  Port& port_;
  IdentityAsking asking_;
  std::vector<IdentitySource> sources_;
  Summary summary_;
};

Result<void> run(Context& context) {
  Port& port = context.port("test");
  if (!port.protocol())
    return fail(
        Errc::bad_input, Blame::profile,
        cat("what to write to follows from a protocol: give ", port.name(), " a `protocol:`"));
  if (auto agreed = need_consent(context, port, "write_protection"); !agreed) return agreed;
  const auto summary = port.protocol()->is_register_map() ? write_registers(context, port)
                                                          : FrameWriter(context, port).run();
  if (!summary) return tl::unexpected(summary.error());
  const auto& notes = summary->notes;
  const auto told = static_cast<std::ptrdiff_t>(std::min(notes.size(), most_notes));
  const std::string note = join({notes.begin(), notes.begin() + told}, "; ");
  context.truth("refused", summary->refused, summary->evidence, note);
  context.number("changed", static_cast<double>(summary->changed), 0, summary->tried,
                 summary->evidence);
  context.truth("restored", summary->restored, summary->evidence);
  return {};
}

}  // namespace

extern const Check security_write_protection;
const Check security_write_protection{
    .id = "security/write_protection",
    .revision = 1,
    .summary = "identity and calibration cannot be overwritten over the line",
    .roles = roles,
    .needs = needs,
    .params = params,
    .outputs = outputs,
    .hazard = Hazard::destructive,
    .lint = lint,
    .run = run,
};

}  // namespace carebench::checks
