#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/command.h"
#include "profiles/run/derive.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "directory", "DIR", "run directory", true},
    {Kind::flag, "--json", "", "print the answer as JSON"},
};

struct Answer {
  // identical, same verdicts, different verdict, cannot be derived, not recorded
  std::string answer;
  std::string detail;
  int code = exit_status::tampered;
};

// The first place where two texts part, as a line a person can find.
std::string first_difference(const std::string& recorded, const std::string& derived) {
  int line = 1;
  std::size_t start = 0, i = 0;
  for (; i < recorded.size() && i < derived.size() && recorded[i] == derived[i]; ++i)
    if (recorded[i] == '\n') {
      ++line;
      start = i + 1;
    }
  const auto rest = [&](const std::string& text) {
    return start < text.size() ? printable(trim(text.substr(start, text.find('\n', start) - start)))
                               : std::string("the end of the file");
  };
  return cat("run.json:", line, ": recorded ", rest(recorded), ", derived ", rest(derived));
}

bool same_verdicts(const RunRecord& a, const RunRecord& b) {
  if (a.steps.size() != b.steps.size() || a.ledger.size() != b.ledger.size()) return false;
  for (std::size_t i = 0; i < a.steps.size(); ++i)
    if (a.steps[i].id != b.steps[i].id || !(a.steps[i].finding == b.steps[i].finding)) return false;
  return true;
}

// run.json is written last, from evidence that has its end and the seal behind it.
bool whole(const Evidence& evidence) {
  return evidence.torn_bytes() == 0 && evidence.sealed_to_the_end() &&
         !evidence.segments().back().end.is_null();
}

Answer no_record(const Evidence& evidence) {
  return {"not recorded",
          cat("there is no run.json: the run was cut off; the evidence holds up to packet ",
              evidence.last_seq(), " (carebench run --resume goes on with it)"),
          exit_status::undecided};
}

Answer not_derived(const std::string& directory, const Error& error) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const bool there = fs::exists(cat(directory, "/", evidence_name), ignored);
  const bool was_there = fs::exists(cat(directory, "/", record_name), ignored);
  const bool unreadable = error.code == Errc::io && (there || !was_there);
  return {"cannot be derived", error.text(), unreadable ? exit_status::io : exit_status::tampered};
}

Answer differing(const std::string& recorded, const std::string& text, const std::string& path,
                 const Derivation& derived) {
  auto parsed = run_record_from(recorded, path);
  const bool same = parsed && same_verdicts(*parsed, derived.record);
  const std::string_view answer = same ? "same verdicts, other text" : "different verdict";
  const auto difference = first_difference(recorded, text);
  if (!whole(*derived.evidence))
    return {std::string(answer),
            cat(evidence_name, " was cut off or changed: it is sound up to octet ",
                derived.evidence->whole_bytes(), " of ", derived.evidence->file().size(),
                " and holds no end of the run, but there is a ", record_name),
            exit_status::tampered};
  // What the evidence says of the tool that recorded it, not what the record says.
  const Given& given = derived.record.given;
  const bool other_build = given.version != program_version() || given.build != program_build();
  if (same && other_build && parsed->given.version == given.version &&
      parsed->given.build == given.build)
    return {std::string(answer),
            cat("recorded by version ", given.version, " (", given.build, "), derived by ",
                program_version(), " (", program_build(), "): ", difference),
            exit_status::undecided};
  if (parsed && parsed->given.evidence_sha256 != given.evidence_sha256)
    return {
        std::string(answer),
        cat(record_name, " was changed, or belongs to another ", evidence_name, ": ", difference),
        exit_status::tampered};
  return {std::string(answer), cat(record_name, " was changed: ", difference),
          exit_status::tampered};
}

Answer compare(const std::string& directory) {
  auto derived = derive(directory);
  if (!derived) return not_derived(directory, derived.error());
  for (const auto& error : derived->record.errors)
    if (error.code == Errc::diverged)
      return {"cannot be derived", error.message, exit_status::tampered};
  const auto path = cat(directory, "/", record_name);
  std::ifstream in(path, std::ios::binary);
  if (!in) return no_record(*derived->evidence);
  const std::string recorded((std::istreambuf_iterator<char>(in)),
                             std::istreambuf_iterator<char>());
  const auto text = to_text(derived->record);
  if (recorded != text) return differing(recorded, text, path, *derived);
  return {"identical",
          cat("every verdict was derived again from ", derived->evidence->packets(),
              " packets of evidence, byte for byte"),
          exit_status::passed};
}

int verify_command(const Arguments& arguments) {
  const Answer answer = compare(arguments.value("directory"));
  if (arguments.flag("json"))
    std::printf("%s\n", Json::object()
                            .set("answer", answer.answer)
                            .set("detail", answer.detail)
                            .set("exit_code", answer.code)
                            .dump(2)
                            .c_str());
  else
    std::printf("%s: %s\n", answer.answer.c_str(), answer.detail.c_str());
  return answer.code;
}

}  // namespace

extern const Command verify;
const Command verify{
    "verify", "derive every verdict of a run again from its evidence", args,
    "Answers: identical (0); same verdicts, other text; different verdict; cannot be\n"
    "derived (76); not recorded (2). What was changed is named.",
    verify_command};

}  // namespace carebench::commands
