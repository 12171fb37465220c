#include <cstdio>
#include <fstream>

#include "cli/command.h"
#include "profiles/derive.h"
#include "standards/vocab/text.h"

namespace carebench::commands {
namespace {

using Kind = ArgSpec::Kind;
constexpr ArgSpec args[] = {
    {Kind::positional, "directory", "DIR", "run directory", true},
    {Kind::flag, "--json", "", "print the answer as JSON"},
};

struct Answer {
  std::string answer;  // identical, same verdicts, different verdict, cannot be derived, not recorded
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

Answer compare(const std::string& directory) {
  auto derived = derive(directory);
  if (!derived)
    return {"cannot be derived", derived.error().text(),
            derived.error().code == Errc::io ? exit_status::io : exit_status::tampered};
  for (const auto& error : derived->record.errors)
    if (error.code == Errc::diverged)
      return {"cannot be derived", error.message, exit_status::tampered};
  const auto path = cat(directory, "/", record_name);
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return {"not recorded",
            cat("there is no run.json: the run was cut off; the evidence holds up to packet ",
                derived->evidence->last_seq(), " (carebench run --resume goes on with it)"),
            exit_status::undecided};
  const std::string recorded((std::istreambuf_iterator<char>(in)),
                             std::istreambuf_iterator<char>());
  const auto text = to_text(derived->record);
  if (recorded == text)
    return {"identical",
            cat("every verdict was derived again from ", derived->evidence->packets(),
                " packets of evidence, byte for byte"),
            exit_status::passed};
  const auto difference = first_difference(recorded, text);
  auto parsed = run_record_from(recorded, path);
  if (parsed && parsed->given.build == derived->record.given.build &&
      parsed->given.version != std::string(program_version()) &&
      same_verdicts(*parsed, derived->record))
    return {"same verdicts, other text",
            cat("recorded by version ", parsed->given.version, ", derived by ", program_version(),
                ": ", difference),
            exit_status::undecided};
  const bool same = parsed && same_verdicts(*parsed, derived->record);
  return {same ? "same verdicts, other text" : "different verdict",
          cat("run.json was changed: ", difference), exit_status::tampered};
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
const Command verify{"verify", "derive every verdict of a run again from its evidence", args,
                     "Answers: identical (0); same verdicts, other text; different verdict; cannot be\n"
                     "derived (76); not recorded (2). What was changed is named.",
                     verify_command};

}  // namespace carebench::commands
