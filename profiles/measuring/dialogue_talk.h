// Carries out a scripted dialogue (profiles/dialogue.h). What the device does wrong (no answer,
// another value, an exception) ends the dialogue and is told; errors are those of bench, profile
// and tool. Every wait has its time, and what is kept of what came in is bounded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "profiles/context.h"
#include "profiles/measuring/dialogue.h"

namespace carebench {

struct DialogueOutcome {
  std::size_t done = 0;                // acts that came out as they should
  std::string failed_at;               // "" when all did; else the act, and what came instead
  std::vector<double> response_times;  // s, of what was expected right after something was sent;
                                       // infinite: it did not come
  SeqRange evidence;
};

class DialogueTalk {
 public:
  DialogueTalk(Context& context, Port& port);
  Result<DialogueOutcome> run(const std::vector<Act>& acts);

 private:
  // "" when the act came out as it should, else what came instead.
  Result<std::string> carry_out(const SendAct& act);
  Result<std::string> carry_out(const ExpectMessageAct& act);
  Result<std::string> carry_out(const ExpectOctetsAct& act);
  Result<std::string> carry_out(const SilenceAct& act);
  Result<std::string> carry_out(const ReadAct& act);
  Result<std::string> carry_out(const WriteAct& act);
  Result<std::string> carry_out(const WaitAct& act);
  Result<std::string> carry_out(const PromptAct& act);

  Result<bool> hear(Stamp deadline);  // one more packet; false: none came
  void hear_response(Stamp stamp);
  void miss_response();
  FieldInput value_of(const Term& term) const;
  std::string text_of(const std::vector<TextPart>& parts) const;
  bool holds(const Constraint& constraint, const FieldValue& value) const;
  bool fits(const Term& term, const FieldValue& value) const;
  void save(const Constraint& constraint, const FieldValue& value);
  std::string answered(const ModbusAnswer& answer, int exception);

  Context& context_;
  Port& port_;
  std::optional<MessageStream> stream_;
  Bytes packet_;        // the last one; what the stream's messages are views of
  Bytes heard_;         // octets since the last send, the newest of them
  Stamp sent_;          // when the last send began; what came before is no answer to it
  bool timed_ = false;  // a send that nothing was expected after yet
  std::map<std::string, FieldInput, std::less<>> saved_;
  DialogueOutcome outcome_;
};

}  // namespace carebench
